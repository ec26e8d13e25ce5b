// Identity of keys, namespaces and map-state keys that are not primitives: two values are the same key when their canonical
// strings are equal. Objects compare by content, with properties in any order; -0 is 0 and every NaN is one value.

import { appError } from '../errors.ts';
import { describeHollow } from '../serialization/hollow-object.ts';

/** True when `===` (and Map) already tells this value's identity. */
export function isPrimitiveKey(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

/**
 * Prefix-free text of a value: each part carries its kind, and strings their length, so that different values never meet.
 * @returns equal strings exactly for equal keys
 * @throws KEY_NOT_DATA
 */
export function canonicalKey(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `s${value.length}:${value}`;
    case 'number':
      return value === 0 ? 'n0;' : `n${value};`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'bigint':
      return `i${value};`;
    case 'undefined':
      return 'u';
    case 'object':
      return value === null ? 'z' : canonicalObject(value);
    default:
      throw appError('KEY_NOT_DATA', [`a ${typeof value}`]);
  }
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return canonicalSequence('a', value);
  if (value instanceof Date) return `d${value.getTime()};`;
  if (value instanceof Uint8Array) return `b${value.length}:${latin1(value)}`;
  if (value instanceof Map)
    return canonicalEntries(
      'm',
      [...value].map(([key, item]) => canonicalKey(key) + canonicalKey(item)),
    );
  if (value instanceof Set) return canonicalEntries('e', [...value].map(canonicalKey));
  const record = value as Record<string, unknown>;
  const names = Object.keys(record).sort();
  if (names.length === 0) refuseHollow(value);
  let text = `o${names.length}:`;
  for (const name of names) text += `${name.length}:${name}${canonicalKey(record[name])}`;
  return text;
}

/** All promises would be one key, and all symbols. */
function refuseHollow(value: object): void {
  const hollow = describeHollow(value);
  if (hollow !== undefined) throw appError('KEY_NOT_DATA', [hollow]);
}

function canonicalSequence(kind: string, items: readonly unknown[]): string {
  let text = `${kind}${items.length}:`;
  for (const item of items) text += canonicalKey(item);
  return text;
}

function canonicalEntries(kind: string, entries: string[]): string {
  return `${kind}${entries.length}:${entries.sort().join('')}`;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
