import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TypeInformation, Types } from '../../src/api/type-information.ts';
import {
  ByteReader,
  ByteWriter,
  createSerializer,
  deserializeFromBytes,
  serializeToBytes,
} from '../../src/serialization/index.ts';

function roundTrip<T>(type: TypeInformation<T> | undefined, value: T): T {
  const serializer = createSerializer(type);
  return deserializeFromBytes(serializer, serializeToBytes(serializer, value));
}

interface TypedArbitrary {
  readonly type: TypeInformation;
  readonly value: fc.Arbitrary<unknown>;
}

const anyString = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 400 }),
  fc.constantFrom('\ud800', 'a\udfffb', '한글', 'é'.repeat(300)),
);

const leaf: fc.Arbitrary<TypedArbitrary> = fc.constantFrom<TypedArbitrary>(
  { type: Types.int, value: fc.integer() },
  { type: Types.long, value: fc.maxSafeInteger() },
  { type: Types.double, value: fc.double() },
  { type: Types.boolean, value: fc.boolean() },
  { type: Types.string, value: anyString },
  { type: Types.bytes, value: fc.uint8Array() },
  { type: Types.bigint, value: fc.bigInt() },
  { type: Types.date, value: fc.date() },
  {
    type: Types.generic(),
    value: fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
  },
);

const { node: anyType } = fc.letrec<{ node: TypedArbitrary }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'id', '__proto__', 'x y', '"'), tie('node')), { maxLength: 5 })
      .map((entries) => {
        const fields = new Map(entries);
        return {
          type: { kind: 'row' as const, fields: [...fields].map(([name, { type }]) => ({ name, type })) },
          value: fc.tuple(...[...fields.values()].map(({ value }) => value)).map((values) => {
            const row = {};
            [...fields.keys()].forEach((name, i) => {
              Object.defineProperty(row, name, {
                value: values[i],
                enumerable: true,
                writable: true,
                configurable: true,
              });
            });
            return row;
          }),
        };
      }),
    fc.array(tie('node'), { maxLength: 4 }).map((elements) => ({
      type: { kind: 'tuple' as const, elements: elements.map(({ type }) => type) },
      value: fc.tuple(...elements.map(({ value }) => value)),
    })),
    tie('node').map(({ type, value }) => ({
      type: { kind: 'list' as const, element: type },
      value: fc.array(value, { maxLength: 5 }),
    })),
    tie('node').map((inner) => ({
      type: { kind: 'map' as const, key: Types.string as TypeInformation, value: inner.type },
      value: fc.array(fc.tuple(anyString, inner.value), { maxLength: 4 }).map((entries) => new Map(entries)),
    })),
    tie('node').map(({ type, value }) => ({
      type: { kind: 'optional' as const, inner: type },
      value: fc.option(value, { nil: undefined }),
    })),
  ),
}));

describe('serializers', () => {
  test('any value of any type survives a round trip', () => {
    fc.assert(
      fc.property(
        anyType.chain(({ type, value }) => fc.tuple(fc.constant(type), value)),
        ([type, value]) => {
          expect(roundTrip(type, value)).toStrictEqual(value);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each<[string, unknown]>([
    ['lone surrogates', 'a\ud800b\udfff'],
    ['Latin-1 of every length around the limits', Array.from({ length: 300 }, (_, i) => 'é'.repeat(i))],
    ['UTF-16 of every length around the limits', Array.from({ length: 300 }, (_, i) => '여'.repeat(i))],
    ['a string of a million characters', 'x'.repeat(1_000_000)],
    ['special numbers', [-0, 0, Number.NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 31), 2 ** 31, 5e-324]],
    ['big integers', [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, -(2n ** 200n)]],
    ['an invalid date', new Date(Number.NaN)],
    ['undefined and null', [undefined, null, { a: undefined, b: null }]],
    ['a field named __proto__', JSON.parse('{"__proto__": {"x": 1}, "a": 2}')],
    ['typed arrays and errors', [new Float64Array([1.5, 2]), new Int16Array([-1]), /a+/gi]],
    ['sparse nesting', new Map<unknown, unknown>([[{ k: 1 }, new Set([[1], 'x'])]])],
  ])('undeclared values survive: %s', (_name, value) => {
    expect(roundTrip(undefined, value)).toStrictEqual(value);
  });

  test('cyclic values survive', () => {
    const value: { name: string; self?: unknown } = { name: 'loop' };
    value.self = value;
    const copy = roundTrip<{ name: string; self?: unknown }>(undefined, value);
    let deep: unknown = copy;
    for (let i = 0; i < 200; i++) deep = (deep as { self: unknown }).self;
    expect((deep as { name: string }).name).toBe('loop');
  });

  test('instances of classes come back as plain objects', () => {
    class Point {
      readonly x = 1;
      #hidden = 2;
      sum(): number {
        return this.x + this.#hidden;
      }
    }
    expect(roundTrip<unknown>(undefined, new Point())).toStrictEqual({ x: 1 });
  });

  test('declared numbers keep -0, NaN and infinities; ints are exact at their limits', () => {
    expect([-0, Number.NaN, Infinity].map((value) => roundTrip(Types.double, value))).toStrictEqual([
      -0,
      Number.NaN,
      Infinity,
    ]);
    expect([-(2 ** 31), 2 ** 31 - 1].map((value) => roundTrip(Types.int, value))).toStrictEqual([
      -(2 ** 31),
      2 ** 31 - 1,
    ]);
  });

  test('extra fields are left out and null stays null where a value is optional', () => {
    const type = Types.row({ a: Types.optional(Types.int), b: Types.optional(Types.int) });
    expect(roundTrip(type, { a: null, extra: 1 } as never)).toStrictEqual({ a: null, b: undefined });
  });

  test('bytes are a copy in memory of their own', () => {
    const serializer = createSerializer(Types.bytes);
    const bytes = serializeToBytes(serializer, new Uint8Array([1, 2, 3]));
    const copy = deserializeFromBytes(serializer, bytes);
    bytes.fill(9);
    expect(copy).toStrictEqual(new Uint8Array([1, 2, 3]));
  });

  test.each<[string, TypeInformation, unknown, string]>([
    ['a number beyond int32', Types.int, 2 ** 31, 'declare Types.long or Types.double'],
    ['a fraction as int', Types.int, 1.5, 'Value 1.5 at the value does not fit the declared type int'],
    ['a bigint as int', Types.int, 1n, 'declared type int'],
    [
      'a missing field',
      Types.row({ id: Types.string }),
      {},
      "Value undefined at field 'id' does not fit the declared type string: it is missing",
    ],
    ['a missing nested field', Types.row({ a: Types.row({ b: Types.int }) }), { a: {} }, "at field 'a'.b"],
    [
      'null where nothing is optional',
      Types.row({ a: Types.row({}) }),
      { a: null },
      'declare Types.optional(…) if it may be null',
    ],
    ['a tuple of another length', Types.tuple(Types.int), [1, 2], 'tuple of 1'],
    ['an array as map', Types.map(Types.string, Types.int), [], 'declared type map'],
    ['a function', Types.generic(), { f: () => 1 }, 'a function, which cannot be serialized'],
    ['a symbol', Types.generic(), Symbol('s'), 'a symbol, which cannot be serialized'],
  ])('a value that does not fit is refused with its place: %s', (_name, type, value, message) => {
    expect(() => serializeToBytes(createSerializer(type), value)).toThrow(message);
  });

  test('truncated bytes are an error, never a wrong value', () => {
    const type = Types.row({ id: Types.string, list: Types.list(Types.double), any: Types.generic() });
    const serializer = createSerializer(type);
    const bytes = serializeToBytes(serializer, { id: 'sensor-1', list: [1, 2], any: { x: ['y', 1n] } });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => deserializeFromBytes(serializer, bytes.slice(0, length)), `${length} bytes`).toThrow();
    }
  });

  test('descriptions are canonical and values follow one another in one buffer', () => {
    const serializer = createSerializer(Types.row({ a: Types.int, s: Types.string }));
    const out = new ByteWriter(1);
    const values = Array.from({ length: 100 }, (_, i) => ({ a: i, s: 'x'.repeat(i) }));
    for (const value of values) serializer.write(out, value);
    const input = new ByteReader(out.toBytes());
    const read = [];
    while (input.hasMore()) read.push(serializer.read(input));
    expect({ read, description: serializer.description, isImmutable: serializer.isImmutable }).toStrictEqual({
      read: values,
      description: '{"kind":"row","fields":[{"name":"a","type":{"kind":"int"}},{"name":"s","type":{"kind":"string"}}]}',
      isImmutable: false,
    });
  });
});
