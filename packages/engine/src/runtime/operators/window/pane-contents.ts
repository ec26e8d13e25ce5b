// What a window holds, over the panes it is made of.
import type { Pane } from '../../../state/pane.ts';
import type { PaneAccumulation } from './pane-accumulation.ts';

/** A pane and how many keys it has: when earlier panes had them all, it need not be searched for others. */
export interface CountedPane {
  readonly pane: Pane;
  keyCount: number;
}

/** Accumulators of one window, by key. */
export interface WindowContent {
  readonly keys: readonly unknown[];
  readonly accumulators: readonly unknown[];
}

export function collectContent(panes: readonly CountedPane[], accumulation: PaneAccumulation): WindowContent {
  const hits = panes.map(() => 0);
  const keys: unknown[] = [];
  const accumulators: unknown[] = [];
  panes.forEach(({ pane, keyCount }, index) => {
    // Dense keys: the first pane's keys are all there are.
    if (hits[index] === keyCount) return;
    pane.forEachReadOnly((value, key) => {
      if (isInEarlierPane(panes, index)) return;
      keys.push(key);
      accumulators.push(panes.length === 1 ? value : mergeFrom(panes, accumulation, index, hits));
    });
  });
  return { keys, accumulators };
}

/** The current key's accumulator; undefined: it is in no pane. */
export function mergeCurrentKey(panes: readonly CountedPane[], accumulation: PaneAccumulation): unknown {
  if (panes.length === 1) return panes[0]!.pane.get();
  return mergeFrom(
    panes,
    accumulation,
    0,
    panes.map(() => 0),
  );
}

export function countKeys(pane: Pane): number {
  let count = 0;
  pane.forEachReadOnly(() => {
    count += 1;
  });
  return count;
}

/** Over panes from `first` on. @param hits counted up for each pane that has the key */
function mergeFrom(
  panes: readonly CountedPane[],
  { copy, merge }: PaneAccumulation,
  first: number,
  hits: number[],
): unknown {
  let merged: unknown;
  for (let i = first; i < panes.length; i += 1) {
    const accumulator = panes[i]!.pane.get();
    if (accumulator === undefined) continue;
    hits[i]! += 1;
    merged = merged === undefined ? copy(accumulator) : merge!(merged, copy(accumulator));
  }
  return merged;
}

function isInEarlierPane(panes: readonly CountedPane[], index: number): boolean {
  for (let earlier = 0; earlier < index; earlier += 1) {
    if (panes[earlier]!.pane.get() !== undefined) return true;
  }
  return false;
}
