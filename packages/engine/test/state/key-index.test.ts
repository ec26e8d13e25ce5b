import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalKey } from '../../src/state/canonical-key.ts';
import { KeyIndex, NO_SLOT } from '../../src/state/key-index.ts';
import { PrimitiveIndex, StringIndex } from '../../src/state/segmented-index.ts';

const key = fc.oneof(
  // Few integers that meet in the tables, and any at all.
  fc.integer({ min: -20, max: 20 }),
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 3 }),
  fc.boolean(),
  fc.bigInt({ min: -5n, max: 5n }),
  fc.constantFrom(undefined, null),
  fc.record({ a: fc.integer({ min: 0, max: 3 }) }),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
);

test('finds exactly what was inserted and not removed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.boolean()), { maxLength: 300, size: 'max' }), (steps) => {
      const index = new KeyIndex();
      const oracle = new Map<string, number>();
      let next = 0;
      for (const [each, isInsert] of steps) {
        const id = canonicalKey(each);
        expect(index.find(each)).toBe(oracle.get(id) ?? NO_SLOT);
        if (isInsert && !oracle.has(id)) {
          index.insert(each, next);
          oracle.set(id, next++);
        } else if (!isInsert) {
          index.remove(each);
          oracle.delete(id);
        }
        expect(index.find(each)).toBe(oracle.get(id) ?? NO_SLOT);
      }
      for (const [each] of steps) expect(index.find(each)).toBe(oracle.get(canonicalKey(each)) ?? NO_SLOT);
    }),
  );
});

test.each([
  ['strings', (limit: number) => new StringIndex(limit), fc.string({ maxLength: 4 })],
  [
    'other primitives',
    (limit: number) => new PrimitiveIndex(limit),
    fc.oneof(fc.double(), fc.bigInt({ min: -40n, max: 40n }), fc.boolean(), fc.constantFrom(undefined, null)),
  ],
] as const)('%s are found while they move into segments, and not once they are removed', (_name, open, anyKey) => {
  const steps = fc.array(fc.tuple(anyKey as fc.Arbitrary<unknown>, fc.nat(9)), { maxLength: 200, size: 'max' });
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 5, 40), steps, (limit, changes) => {
      const index = open(limit) as PrimitiveIndex;
      const oracle = new Map<unknown, number>();
      for (const [each, chance] of changes) {
        if (chance > 2 && !oracle.has(each)) {
          index.insert(each, oracle.size);
          oracle.set(each, oracle.size);
        } else if (chance <= 2) {
          index.remove(each);
          oracle.delete(each);
        }
        expect(index.find(each)).toBe(oracle.get(each) ?? NO_SLOT);
      }
      for (const [each] of changes) expect(index.find(each)).toBe(oracle.get(each) ?? NO_SLOT);
    }),
  );
});

test('many integers survive growth, removal of every other and a reserved bulk load in table order', () => {
  const index = new KeyIndex();
  for (let i = 0; i < 100_000; i++) index.insert(i * 7, i);
  for (let i = 0; i < 100_000; i += 2) index.remove(i * 7);
  const found: number[] = [];
  for (let i = 0; i < 100_000; i++) found.push(index.find(i * 7));
  expect(found).toEqual(Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? NO_SLOT : i)));
  const copy = new KeyIndex();
  copy.reserveIntegers(50_000);
  for (const slot of found) if (slot >= 0) copy.insert(slot * 7, slot);
  expect(copy.find(99_999 * 7)).toBe(99_999);
});

test('canonical strings keep different values apart', () => {
  const values = [
    '1',
    1,
    1n,
    true,
    't',
    null,
    undefined,
    [1],
    ['1'],
    [[1]],
    { a: 1 },
    { a: '1' },
    new Date(1),
    new Set([1]),
    new Map([[1, 1]]),
    Uint8Array.of(1),
    ['a', 'b'],
    ['ab'],
    { ab: 1 },
    { a: { b: 1 } },
  ];
  expect(new Set(values.map(canonicalKey)).size).toBe(values.length);
  expect([canonicalKey(-0), canonicalKey({ b: 1, a: 2 })]).toEqual([canonicalKey(0), canonicalKey({ a: 2, b: 1 })]);
});

test('integers move from the tables into the array when they turn out to be dense, whatever the order', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(
        Array.from({ length: 6000 }, (_, i) => i - 500),
        { minLength: 3000 },
      ),
      (keys) => {
        const index = new KeyIndex();
        keys.forEach((each, slot) => {
          index.insert(each, slot);
        });
        expect(keys.map((each) => index.find(each))).toEqual(keys.map((_, slot) => slot));
        for (const each of keys.slice(0, 1000)) index.remove(each);
        expect(keys.map((each) => index.find(each))).toEqual(keys.map((_, slot) => (slot < 1000 ? NO_SLOT : slot)));
      },
    ),
    { numRuns: 20 },
  );
});
