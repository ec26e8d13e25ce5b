// Where the elements of a list state are: in one array per key and namespace, or in several (disk/split-list).
import type { Cells } from '../cells.ts';
import { mergeCells } from './merge-cells.ts';

/** The elements of the current key and the namespace chosen. */
export interface ListCells {
  setCurrentNamespace(namespace: unknown): void;
  /** All elements; undefined: none. Not to be changed. */
  read(): readonly unknown[] | undefined;
  add(item: unknown): void;
  /** Takes ownership of the array. */
  replace(items: unknown[]): void;
  clear(): void;
  /** Adds the elements of `sources` to those of `target`, and clears the sources. */
  merge(target: unknown, sources: readonly unknown[]): void;
}

export class WholeList implements ListCells {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  read(): readonly unknown[] | undefined {
    return this.#cells.read() as readonly unknown[] | undefined;
  }

  add(item: unknown): void {
    const items = this.#cells.read() as unknown[] | undefined;
    if (items === undefined) return this.#cells.write([item]);
    items.push(item);
    this.#cells.write(items);
  }

  replace(items: unknown[]): void {
    if (items.length === 0) this.#cells.remove();
    else this.#cells.write(items);
  }

  clear(): void {
    this.#cells.remove();
  }

  merge(target: unknown, sources: readonly unknown[]): void {
    mergeCells(this.#cells, target, sources, concatenate);
  }
}

function concatenate(a: unknown, b: unknown): unknown {
  const target = a as unknown[];
  for (const item of b as unknown[]) target.push(item);
  return target;
}
