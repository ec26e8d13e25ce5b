import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TypeInformation, Types } from '../../src/api/type-information.ts';
import { createSerializer, deserializeFromBytes, serializeToBytes } from '../../src/serialization/index.ts';

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
});
