// Which splits a subtask reads. Pure: of what is new in the agreed list every subtask computes the same deal and takes its own hand.

export interface ClaimFacts {
  readonly splitId: (split: unknown) => string;
  /** What all subtasks agreed on (SplitAgreements). */
  readonly found: readonly unknown[];
  /** Unfinished splits that this subtask restored; each stands in one subtask's state. */
  readonly restored: readonly unknown[];
  /** Ids of all splits ever dealt to any subtask, finished ones included. */
  readonly knownIds: readonly string[];
  readonly subtask: number;
  /** Subtasks that new splits are dealt to; one that is none of them takes none. */
  readonly readers: readonly number[];
}

export interface Claim {
  readonly splits: readonly unknown[];
  /** Of all subtasks, to keep in state. */
  readonly knownIds: readonly string[];
}

export function claimSplits(facts: ClaimFacts): Claim {
  const known = new Set(facts.knownIds);
  const fresh = facts.found.filter((split) => !known.has(facts.splitId(split)));
  const restored = [...facts.restored].sort((a, b) => compareText(facts.splitId(a), facts.splitId(b)));
  const dealt = fresh.filter((_, index) => facts.readers[index % facts.readers.length] === facts.subtask);
  return { splits: [...restored, ...dealt], knownIds: [...known, ...fresh.map(facts.splitId)].sort(compareText) };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
