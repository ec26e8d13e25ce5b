import { expect, test } from 'vitest';
import { type TypeInformation, Types } from '../../src/api/type-information.ts';
import {
  computeDefaultMaxParallelism,
  computeKeyGroupForKeyHash,
  computeKeyGroupRange,
  computeOperatorIndexForKeyGroup,
  createKeyHasher,
  javaHashCode,
  murmurHash,
} from '../../src/state/key-groups.ts';
import vectors from './flink-key-groups.json' with { type: 'json' };

const types: Readonly<Record<string, TypeInformation | undefined>> = {
  int: Types.int,
  long: Types.long,
  double: Types.double,
  boolean: Types.boolean,
  string: Types.string,
  tuple: Types.tuple(Types.string, Types.int) as TypeInformation,
};

function toKey(type: string, key: unknown): unknown {
  if (type === 'bigint') return BigInt(key as string);
  return type === 'date' ? new Date(key as number) : key;
}

test.each(vectors.keys)(
  '$type key $key belongs where Flink puts it',
  ({ type, key, hash, groups, subtaskOf128By3 }) => {
    const keyHash = createKeyHasher(types[type])(toKey(type, key));
    const group128 = computeKeyGroupForKeyHash(keyHash, 128);
    expect({
      hash: keyHash,
      groups: vectors.maxParallelisms.map((max) => computeKeyGroupForKeyHash(keyHash, max)),
      subtaskOf128By3: computeOperatorIndexForKeyGroup(128, 3, group128),
    }).toEqual({ hash, groups, subtaskOf128By3 });
  },
);

test('murmurHash is the one of MathUtils', () => {
  expect(vectors.murmurHash.map(([code]) => [code, murmurHash(code as number)])).toEqual(vectors.murmurHash);
});

test('key group ranges are those of KeyGroupRangeAssignment', () => {
  const ranges = vectors.ranges.map(([max, parallelism, index]) => {
    const { start, end } = computeKeyGroupRange(max as number, parallelism as number, index as number);
    return [max, parallelism, index, start, end];
  });
  expect(ranges).toEqual(vectors.ranges);
});

test('the default maximum parallelism is Flinks', () => {
  const defaults = vectors.defaultMaxParallelism.map(([parallelism]) => [
    parallelism,
    computeDefaultMaxParallelism(parallelism as number),
  ]);
  expect(defaults).toEqual(vectors.defaultMaxParallelism);
});

test('undeclared numbers hash by the smallest Java type that holds them', () => {
  expect([javaHashCode(-1), javaHashCode(2 ** 40), javaHashCode(0.5)]).toEqual([-1, 256, 1071644672]);
});

test('objects with the same content hash alike, whatever the order of their properties', () => {
  expect(javaHashCode({ a: 1, b: 'x' })).toBe(javaHashCode({ b: 'x', a: 1 }));
  expect(javaHashCode({ a: 1, b: 'x' })).not.toBe(javaHashCode({ a: 1, b: 'y' }));
});

test('zero and minus zero are one key', () => {
  expect(createKeyHasher(Types.double)(-0)).toBe(createKeyHasher(Types.double)(0));
});

test('every key group has exactly one owner, the one whose range holds it', () => {
  for (const [max, parallelism] of [
    [128, 3],
    [7, 7],
    [200, 9],
  ] as const) {
    for (let group = 0; group < max; group++) {
      const owner = computeOperatorIndexForKeyGroup(max, parallelism, group);
      const range = computeKeyGroupRange(max, parallelism, owner);
      expect(group >= range.start && group <= range.end).toBe(true);
    }
  }
});

test('parallelism above maxParallelism is refused', () => {
  expect(() => computeKeyGroupRange(4, 5, 0)).toThrow(/Parallelism 5 is outside \[1, 4\]/);
  expect(() => computeKeyGroupRange(40_000, 5, 0)).toThrow(/40000/);
});
