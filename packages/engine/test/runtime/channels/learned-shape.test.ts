import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFixture, type Received } from './channel-fixture.ts';

function carry(values: readonly unknown[], targets = 'r'): unknown[] {
  const fixture = createFixture({
    targets,
    segments: 8,
    segmentBytes: 4_096,
    partitioner: targets === 'r' ? { kind: 'forward' } : { kind: 'rescale' },
  });
  for (const value of values) fixture.emit(value);
  fixture.drain();
  const streams = fixture.ends.map((end) => end.received.map((item) => (item as Received).value));
  return values.map((_, i) => streams[i % streams.length]![Math.floor(i / streams.length)]);
}

describe('undeclared records', () => {
  test('of any kind arrive as they were', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 20 }), (values) => {
        expect(carry(values)).toStrictEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  test('of few shapes with changing field kinds arrive as they were, on every channel', () => {
    const field = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.string({ maxLength: 3 }),
      fc.boolean(),
      fc.constant(undefined),
      fc.constant(null),
      fc.record({ x: fc.integer(), y: fc.string({ maxLength: 2 }) }, { noNullPrototype: true }),
    );
    const record = fc.record(
      { a: field, b: field, list: fc.array(field, { maxLength: 2 }) },
      { requiredKeys: ['a'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), fc.constantFrom('r', 'rr', 'rrr'), (values, targets) => {
        expect(carry(values, targets)).toStrictEqual(values);
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, unknown[]]>([
    [
      'the same names in another order',
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
        { a: 1, b: 2 },
      ],
    ],
    ['one field more or less', [{ a: 1 }, { a: 1, b: 1 }, { a: 1 }, {}]],
    [
      'maps, sets, dates and arrays after an empty object',
      [{}, new Map([[1, 2]]), new Set([1]), new Date(3), [], [1], {}],
    ],
    ['a field named __proto__', [JSON.parse('{"__proto__": 1, "b": 2}'), { b: 2 }]],
    [
      'numeric names',
      [
        { 2: 'b', 1: 'a' },
        { 1: 'x', 2: 'y' },
      ],
    ],
    ['names that need quoting', [{ 'a"b': 1, 'c\\d': 'x', '\u2028': true }]],
  ])('that nearly share a shape are told apart: %s', (_name, values) => {
    const received = carry(values);
    expect(received).toStrictEqual(values);
    expect(received.map((value) => Object.keys(value as object))).toStrictEqual(
      values.map((value) => Object.keys(value as object)),
    );
  });

  test('instances of classes arrive as plain objects, also when they inherit fields', () => {
    class Base {
      readonly kind: string = 'base';
    }
    class Derived extends Base {
      readonly n = 1;
    }
    const inheriting = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } });
    expect(carry([new Derived(), { kind: 'base', n: 1 }, inheriting, new Derived()])).toStrictEqual([
      { kind: 'base', n: 1 },
      { kind: 'base', n: 1 },
      { own: 2 },
      { kind: 'base', n: 1 },
    ]);
  });

  test('more shapes than are learned still arrive', () => {
    const values = Array.from({ length: 3_000 }, (_, i) => ({ [`field-${i % 500}`]: i, text: `t${i % 3}` }));
    expect(carry(values)).toStrictEqual(values);
  });

  test('cyclic and deep values arrive', () => {
    const cyclic: { self?: unknown; n: number } = { n: 1 };
    cyclic.self = cyclic;
    let deep: unknown = 'bottom';
    for (let i = 0; i < 500; i++) deep = { deep };
    const [first, second] = carry([cyclic, deep]) as [{ self: { self: { n: number } } }, unknown];
    expect(first.self.self.n).toBe(1);
    expect(second).toStrictEqual(deep);
  });
});
