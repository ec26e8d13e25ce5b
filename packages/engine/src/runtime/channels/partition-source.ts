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
import { TARGET_SHIFT } from './key-router.ts';
import type { StringDictionary } from './string-dictionary.ts';
import { MIN_GUESSED_LENGTH } from './string-guesses.ts';

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

  /** @throws KEY_MISSING; found out when hashing fails, so that keys that are there cost nothing */
  ofKey(key: unknown): number {
    try {
      return this.#targetOfGroup[computeKeyGroupForKeyHash(this.#hash(key), this.#maxParallelism)]!;
    } catch (error) {
      throw isMissing(key) ? appError('KEY_MISSING', [inspectKey(key)], { cause: error }) : error;
    }
  }

  /** The dictionary remembers the target of its string. */
  ofKnown(dictionary: StringDictionary, cell: number, key: unknown): number {
    const target = this.ofKey(key);
    dictionary.setTarget(cell, target);
    return target;
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

/** A key of several fields is missing when one of them is. */
function isMissing(key: unknown): boolean {
  return key === undefined || key === null || (Array.isArray(key) && key.some(isMissing));
}

function inspectKey(key: unknown): string {
  return Array.isArray(key) ? `[${key.map(inspectKey).join(', ')}]` : String(key);
}

/** @param usesCells string keys are looked up in the dictionary (`keyField`): leaves `keyCell` for the codec, or `known` (key-router) */
export function partitionSource(partitioner: Partitioner, targetCount: number, usesCells: boolean): string {
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
      return hashSource(targetCount, usesCells);
  }
}

function hashSource(targetCount: number, usesCells: boolean): string {
  const lines = [];
  if (usesCells) {
    lines.push(
      'let keyCell = -1, known = -1;',
      `if (typeof key === 'string') {
        if (key.length >= ${MIN_GUESSED_LENGTH}) known = guesses.find(key);
        if (known < 0) keyCell = keyField.find(key);
      }`,
    );
  }
  if (targetCount === 1) lines.push('const t = 0;');
  else if (!usesCells) lines.push('const t = routing.ofKey(key);');
  else {
    lines.push(
      'let t;',
      `if (known >= 0) t = known >>> ${TARGET_SHIFT};`,
      'else {',
      't = keyCell < 0 ? routing.ofKey(key) : dictionary.targetOf(keyCell);',
      'if (t < 0) t = routing.ofKnown(dictionary, keyCell, key);',
      `if (keyCell >= 0 && key.length >= ${MIN_GUESSED_LENGTH}) keyRouter.learn(keyCell, t);`,
      '}',
    );
  }
  return lines.join('\n');
}
