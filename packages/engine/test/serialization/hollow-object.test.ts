import { describe, expect, it, test } from 'vitest';
import { isPlainRecord } from '../../src/serialization/generic-codec.ts';
import { describeHollow } from '../../src/serialization/hollow-object.ts';
import { createSerializer, serializeToBytes } from '../../src/serialization/index.ts';
import { canonicalKey } from '../../src/state/canonical-key.ts';

class Event {
  readonly id = 1;
}
class Marker {}

const hollow: readonly [object, string][] = [
  [Promise.resolve(1), 'a Promise'],
  [new WeakMap(), 'a WeakMap'],
  [new URL('http://localhost/'), 'a URL'],
  [Object(4), 'a Number'],
  [[1].values(), 'an Array Iterator'],
];

describe('objects whose content is in no field', () => {
  it.each(hollow)('%s is %s', (value, described) => {
    expect(describeHollow(value)).toBe(described);
    expect(isPlainRecord(value)).toBe(false);
  });

  it.each([[{}], [Object.create(null)], [new Event()], [new Marker()], [{ a: 1 }]])('%o is not one', (value) => {
    expect(describeHollow(value)).toBeUndefined();
  });

  it.each(hollow)('%s is refused in records and state, and as a key, instead of becoming {}', (value, described) => {
    const serializer = createSerializer(undefined);
    const refusal = (code: string) => expect.objectContaining({ code, args: [described] });
    expect(() => serializeToBytes(serializer, { at: 1, deep: [value] })).toThrow(refusal('VALUE_NOT_SERIALIZABLE'));
    expect(() => canonicalKey([1, value])).toThrow(refusal('KEY_NOT_DATA'));
  });
});

test.each([[Symbol('a')], [() => 1], [{ id: Symbol('a') }]])('%o is no key', (key) => {
  expect(() => canonicalKey(key)).toThrow(expect.objectContaining({ code: 'KEY_NOT_DATA' }));
});
