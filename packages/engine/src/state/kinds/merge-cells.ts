import type { Cells } from '../cells.ts';

/** Merges the values of `sources` into the cell of `target`, for the current key, and clears the sources. */
export function mergeCells(
  cells: Cells,
  target: unknown,
  sources: readonly unknown[],
  merge: (a: unknown, b: unknown) => unknown,
): void {
  let merged: unknown;
  for (const source of sources) {
    cells.setCurrentNamespace(source);
    const value = cells.read();
    if (value === undefined) continue;
    cells.remove();
    merged = merged === undefined ? value : merge(merged, value);
  }
  cells.setCurrentNamespace(target);
  if (merged === undefined) return;
  const present = cells.read();
  cells.write(present === undefined ? merged : merge(present, merged));
}
