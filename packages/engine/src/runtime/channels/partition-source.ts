// Source of the statements that choose the target of a record: `t`, an index into the writer's targets. In scope: `value`
// and, where the partitioner has one, `key`.

import { appError } from '../../errors.ts';
import type { Partitioner } from '../../graph/transformation.ts';
import {
  computeKeyGroupForKeyHash,
  computeOperatorIndexForKeyGroup,
  createKeyHasher,
  type KeyHasher,
} from '../../state/key-groups.ts';
import { KEY_ID_MASK, TARGET_SHIFT } from './key-router.ts';

/** State and functions that routing statements use, as `routing`. */
export class Routing {
  /** Last target of round-robin partitioners. */
  last: number;
  readonly #hash: KeyHasher;
  readonly #targetOfGroup: Uint16Array;
  readonly #maxParallelism: number;
  readonly #targetCount: number;
  readonly #random: () => number;

  constructor(partitioner: Partitioner, targetCount: number, maxParallelism: number, random: () => number) {
    this.#targetCount = targetCount;
    this.#random = random;
    this.#maxParallelism = maxParallelism;
    this.#hash = createKeyHasher(partitioner.kind === 'hash' ? partitioner.keyType : undefined);
    this.#targetOfGroup = Uint16Array.from({ length: maxParallelism }, (_, group) =>
      computeOperatorIndexForKeyGroup(maxParallelism, targetCount, group),
    );
    // Flink starts rebalance at a random channel, rescale at the first.
    this.last = partitioner.kind === 'rebalance' ? Math.floor(random() * targetCount) : targetCount - 1;
  }

  ofKey(key: unknown): number {
    return this.#targetOfGroup[computeKeyGroupForKeyHash(this.#hash(key), this.#maxParallelism)]!;
  }

  shuffled(): number {
    return Math.floor(this.#random() * this.#targetCount);
  }

  /** Holds the target a custom partitioner chose. */
  checked(target: number): number {
    if (Number.isInteger(target) && target >= 0 && target < this.#targetCount) return target;
    throw appError('PARTITION_OUT_OF_RANGE', [target, this.#targetCount]);
  }
}

/**
 * @param usesIds string keys have ids of the dictionary: leaves `keyId`, or -1, and `known`, which is negative when the target
 *   may not know the id
 */
export function partitionSource(partitioner: Partitioner, targetCount: number, usesIds: boolean): string {
  switch (partitioner.kind) {
    case 'forward':
    case 'global':
    case 'broadcast':
      return 'const t = 0;';
    case 'rebalance':
    case 'rescale':
      return `const t = routing.last + 1 === ${targetCount} ? 0 : routing.last + 1; routing.last = t;`;
    case 'shuffle':
      return 'const t = routing.shuffled();';
    case 'custom':
      return `const t = routing.checked(partition(key, ${targetCount}));`;
    case 'hash':
      return hashSource(targetCount, usesIds);
  }
}

function hashSource(targetCount: number, usesIds: boolean): string {
  if (!usesIds) return targetCount === 1 ? 'const t = 0;' : 'const t = routing.ofKey(key);';
  return `let keyId = -1, t = 0;
const known = typeof key === 'string' ? guesses.find(key) : -1;
if (known >= 0) {
  keyId = known & ${KEY_ID_MASK};
  t = known >>> ${TARGET_SHIFT};
} else if (typeof key === 'string') {
  keyId = keyRouter.find(key);
  t = keyRouter.target;
} else t = routing.ofKey(key);`;
}
