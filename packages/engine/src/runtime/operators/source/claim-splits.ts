// Which splits a subtask reads. Pure: every subtask computes the same deal and takes its own hand.

export interface ClaimFacts {
  readonly splitId: (split: unknown) => string;
  /** What enumeration found now. */
  readonly found: readonly unknown[];
  /** Unfinished splits of all subtasks, from state; undefined at a fresh start. */
  readonly restored: readonly unknown[] | undefined;
  /** Ids of all splits ever dealt, finished ones included, of all subtasks. */
  readonly knownIds: readonly string[];
  readonly subtask: number;
  readonly parallelism: number;
}

export interface Claim {
  readonly splits: readonly unknown[];
  /** This subtask's share of all known ids, to keep in state. */
  readonly ownedIds: readonly string[];
}

export function claimSplits(facts: ClaimFacts): Claim {
  const known = new Set(facts.knownIds);
  const fresh = facts.found.filter((split) => !known.has(facts.splitId(split)));
  const restored = [...(facts.restored ?? [])].sort((a, b) => compareText(facts.splitId(a), facts.splitId(b)));
  const ids = [...known].sort(compareText).concat(fresh.map(facts.splitId));
  const isMine = (_: unknown, index: number): boolean => index % facts.parallelism === facts.subtask;
  return { splits: [...restored, ...fresh].filter(isMine), ownedIds: ids.filter(isMine) };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
