import { describe, expect, test } from 'vitest';
import { type TypeInformation, Types } from '../../src/api/type-information.ts';
import { checkCompatibility, createSerializer, describeType } from '../../src/serialization/index.ts';

const check = (written: TypeInformation, declared: TypeInformation) =>
  checkCompatibility(describeType(written), describeType(declared));

function migrated(written: TypeInformation, declared: TypeInformation, value: unknown): unknown {
  const result = check(written, declared);
  return result.kind === 'migratable' ? result.migrate(value) : result;
}

describe('compatibility of state types', () => {
  test('equal types are the same, however they were built', () => {
    const spelled: TypeInformation = { fields: [{ type: { kind: 'int' }, name: 'a' }], kind: 'row' };
    expect(check(Types.row({ a: Types.int }), spelled)).toStrictEqual({ kind: 'same' });
    expect(checkCompatibility(createSerializer(undefined).description, describeType(Types.generic()))).toStrictEqual({
      kind: 'same',
    });
  });

  test('rows may gain optional fields, lose fields, change their order and widen numbers', () => {
    const written = Types.row({ id: Types.string, n: Types.int, old: Types.boolean });
    const declared = Types.row({ n: Types.long, id: Types.string, note: Types.optional(Types.string) });
    expect(check(written, declared)).toMatchObject({
      kind: 'migratable',
      changes: [
        "field 'n': int becomes long",
        "field 'note' is added",
        "field 'old' is dropped",
        'the fields of the value change their order',
      ],
    });
    expect(migrated(written, declared, { id: 'a', n: 1, old: true })).toStrictEqual({ n: 1, id: 'a', note: undefined });
  });

  test('changes inside lists, maps, tuples and optionals are found', () => {
    const wrap = (inner: TypeInformation) =>
      Types.list(Types.map(Types.string, Types.tuple(Types.optional(inner), Types.int)));
    const value = [
      new Map([
        ['k', [5, 1]],
        ['none', [undefined, 2]],
      ]),
    ];
    expect(migrated(wrap(Types.int), wrap(Types.bigint), value)).toStrictEqual([
      new Map([
        ['k', [5n, 1]],
        ['none', [undefined, 2]],
      ]),
    ]);
  });

  test.each<[string, TypeInformation, TypeInformation, string]>([
    ['narrowing', Types.long, Types.int, 'the value was written as long and is declared as int'],
    [
      'a new field that is not optional',
      Types.row({}),
      Types.row({ a: Types.int }),
      "field 'a' is new and not optional: declare Types.optional(…)",
    ],
    [
      'another kind deep inside',
      Types.row({ a: Types.row({ b: Types.string }) }),
      Types.row({ a: Types.row({ b: Types.int }) }),
      "field 'a'.b was written as string and is declared as int",
    ],
    [
      'a tuple of another length',
      Types.tuple(Types.int),
      Types.tuple(Types.int, Types.int),
      'the value was written as a tuple of 1 and is declared as one of 2',
    ],
  ])('%s is incompatible, with the place', (_name, written, declared, reason) => {
    expect(check(written, declared)).toStrictEqual({ kind: 'incompatible', reason });
  });

  test('a text that describes no type is refused', () => {
    expect(() => checkCompatibility('{"kind":"magic"}', '{"kind":"int"}')).toThrow('describes no type');
  });
});
