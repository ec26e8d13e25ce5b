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
import type { DictionaryEntry } from './string-dictionary.ts';

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

  /** The entry remembers the target of its string. */
  ofEntry(entry: DictionaryEntry): number {
    entry.target = this.ofKey(entry.text);
    return entry.target;
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

/** @param usesEntries string keys are looked up in the dictionary (`keyField`), which leaves `keyEntry` for the codec */
export function partitionSource(partitioner: Partitioner, targetCount: number, usesEntries: boolean): string {
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
      return hashSource(targetCount, usesEntries);
  }
}

function hashSource(targetCount: number, usesEntries: boolean): string {
  const lines = [];
  if (usesEntries) {
    lines.push(
      'let keyEntry = undefined;',
      "if (typeof key === 'string') keyEntry = key === keyField.last ? keyField.lastEntry : keyField.find(key);",
    );
  }
  if (targetCount === 1) lines.push('const t = 0;');
  else if (!usesEntries) lines.push('const t = routing.ofKey(key);');
  else {
    lines.push(
      'const t = keyEntry === undefined ? routing.ofKey(key) : keyEntry.target >= 0 ? keyEntry.target : routing.ofEntry(keyEntry);',
    );
  }
  return lines.join('\n');
}
