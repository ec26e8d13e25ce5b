// Values without a declared type, self-contained: one tag byte, then the content. JSON-like values, Map, Set, Date, bigint,
// undefined and Uint8Array are written here; everything else that structured clone knows (other typed arrays, errors,
// regular expressions, cycles) goes through msgpackr.
// Instances of a program's own classes come back as plain objects with the same own enumerable fields.
import type { Packr } from 'msgpackr';
import { appError } from '../errors.ts';
import { lazyRequire } from '../lazy-require.ts';
import type { ByteSource } from './byte-reader.ts';
import type { ByteSink } from './byte-writer.ts';
import { describeHollow } from './hollow-object.ts';
import { readString, writeString } from './string-codec.ts';

export const Tag = {
  Undefined: 0,
  Null: 1,
  False: 2,
  True: 3,
  Int: 4,
  Double: 5,
  String: 6,
  BigInt: 7,
  Date: 8,
  Array: 9,
  Object: 10,
  Map: 11,
  Set: 12,
  Bytes: 13,
  Msgpack: 14,
} as const;

/** Deeper values may be cyclic: msgpackr detects that. */
const MAX_DEPTH = 64;

let packr: Packr | undefined;

/** Few values need it. */
function getPackr(): Packr {
  packr ??= new (lazyRequire('msgpackr') as typeof import('msgpackr')).Packr({
    structuredClone: true,
    moreTypes: true,
  });
  return packr;
}

export function writeGeneric(out: ByteSink, value: unknown): void {
  writeValue(out, value, 0);
}

function writeValue(out: ByteSink, value: unknown, depth: number): void {
  switch (typeof value) {
    case 'number':
      return writeNumber(out, value);
    case 'string':
      writeTag(out, Tag.String);
      return writeString(out, value);
    case 'boolean':
      return writeTag(out, value ? Tag.True : Tag.False);
    case 'undefined':
      return writeTag(out, Tag.Undefined);
    case 'bigint':
      writeTag(out, Tag.BigInt);
      return writeBigInt(out, value);
    case 'object':
      return value === null ? writeTag(out, Tag.Null) : writeObject(out, value, depth + 1);
    default:
      throw appError('VALUE_NOT_SERIALIZABLE', [`a ${typeof value}`]);
  }
}

function writeTag(out: ByteSink, tag: number): void {
  if (out.pos + 1 > out.limit) out.reserve(1);
  out.bytes[out.pos++] = tag;
}

function writeNumber(out: ByteSink, value: number): void {
  if (out.pos + 9 > out.limit) out.reserve(9);
  const pos = out.pos;
  if (value === (value | 0) && !Object.is(value, -0)) {
    out.bytes[pos] = Tag.Int;
    out.view.setInt32(pos + 1, value, true);
    out.pos = pos + 5;
  } else {
    out.bytes[pos] = Tag.Double;
    out.view.setFloat64(pos + 1, value, true);
    out.pos = pos + 9;
  }
}

function writeObject(out: ByteSink, value: object, depth: number): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (depth > MAX_DEPTH) return writeMsgpack(out, value);
  if (prototype === Object.prototype || prototype === null) return writeFields(out, value, depth);
  if (Array.isArray(value)) return writeItems(out, Tag.Array, value, value.length, depth);
  if (value instanceof Map) return writeMap(out, value, depth);
  if (value instanceof Set) return writeItems(out, Tag.Set, value, value.size, depth);
  if (value instanceof Date) return writeDate(out, value);
  if (value instanceof Uint8Array) {
    writeTag(out, Tag.Bytes);
    return writeBytes(out, value);
  }
  if (isStructured(value)) return writeMsgpack(out, value);
  const hollow = describeHollow(value);
  if (hollow !== undefined) throw appError('VALUE_NOT_SERIALIZABLE', [hollow]);
  writeFields(out, value, depth);
}

/** True for objects that are carried as their own enumerable fields: plain objects and instances of a program's classes. */
export function isPlainRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  if (Array.isArray(value) || value instanceof Map || value instanceof Set || value instanceof Date) return false;
  return !isStructured(value) && describeHollow(value) === undefined;
}

function isStructured(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Error || value instanceof RegExp;
}

export function writeItemCount(out: ByteSink, tag: number, count: number): void {
  out.reserve(5);
  out.bytes[out.pos] = tag;
  out.view.setUint32(out.pos + 1, count, true);
  out.pos += 5;
}

function writeFields(out: ByteSink, value: object, depth: number): void {
  const names = Object.keys(value);
  writeItemCount(out, Tag.Object, names.length);
  for (const name of names) {
    writeString(out, name);
    writeValue(out, (value as Record<string, unknown>)[name], depth);
  }
}

function writeItems(out: ByteSink, tag: number, items: Iterable<unknown>, count: number, depth: number): void {
  writeItemCount(out, tag, count);
  for (const item of items) writeValue(out, item, depth);
}

function writeMap(out: ByteSink, map: Map<unknown, unknown>, depth: number): void {
  writeItemCount(out, Tag.Map, map.size);
  for (const [key, value] of map) {
    writeValue(out, key, depth);
    writeValue(out, value, depth);
  }
}

function writeDate(out: ByteSink, date: Date): void {
  out.reserve(9);
  out.bytes[out.pos] = Tag.Date;
  out.view.setFloat64(out.pos + 1, date.getTime(), true);
  out.pos += 9;
}

function writeMsgpack(out: ByteSink, value: object): void {
  writeTag(out, Tag.Msgpack);
  writeBytes(out, getPackr().pack(value));
}

export function writeBytes(out: ByteSink, bytes: Uint8Array): void {
  out.reserve(bytes.length + 4);
  out.view.setUint32(out.pos, bytes.length, true);
  out.bytes.set(bytes, out.pos + 4);
  out.pos += bytes.length + 4;
}

/** Sign and size in one byte (0: int64 follows, 1: negative, 2: positive), then the magnitude as hexadecimal text. */
export function writeBigInt(out: ByteSink, value: bigint): void {
  out.reserve(9);
  if (BigInt.asIntN(64, value) === value) {
    out.bytes[out.pos] = 0;
    out.view.setBigInt64(out.pos + 1, value, true);
    out.pos += 9;
    return;
  }
  out.bytes[out.pos++] = value < 0n ? 1 : 2;
  writeString(out, (value < 0n ? -value : value).toString(16));
}

export function readGeneric(input: ByteSource): unknown {
  const tag = input.bytes[input.pos++];
  switch (tag) {
    case Tag.Undefined:
      return undefined;
    case Tag.Null:
      return null;
    case Tag.False:
      return false;
    case Tag.True:
      return true;
    case Tag.Int:
      input.pos += 4;
      return input.view.getInt32(input.pos - 4, true);
    case Tag.Double:
      return readDouble(input);
    case Tag.String:
      return readString(input);
    case Tag.BigInt:
      return readBigInt(input);
    case Tag.Date:
      return new Date(readDouble(input));
    case Tag.Array:
      return readArray(input);
    case Tag.Object:
      return readFields(input);
    case Tag.Map:
      return readMap(input);
    case Tag.Set:
      return new Set(readArray(input));
    case Tag.Bytes:
      return readBytes(input);
    case Tag.Msgpack:
      return getPackr().unpack(readBytes(input));
    default:
      throw appError('SERIALIZED_DATA_INVALID', [`unknown tag ${tag} at byte ${input.pos - 1}`]);
  }
}

function readDouble(input: ByteSource): number {
  input.pos += 8;
  return input.view.getFloat64(input.pos - 8, true);
}

function readCount(input: ByteSource): number {
  input.pos += 4;
  return input.view.getUint32(input.pos - 4, true);
}

function readArray(input: ByteSource): unknown[] {
  const items: unknown[] = [];
  for (let left = readCount(input); left > 0; left--) items.push(readGeneric(input));
  return items;
}

function readFields(input: ByteSource): object {
  const value: Record<string, unknown> = {};
  for (let left = readCount(input); left > 0; left--) {
    const name = readFieldName(input);
    if (name === '__proto__') defineField(value, name, readGeneric(input));
    else value[name] = readGeneric(input);
  }
  return value;
}

/** Field names met before, by hash of their bytes: finding one again costs a fraction of making the string. */
const knownNames: (string | undefined)[] = new Array(1_024).fill(undefined);
const MAX_KNOWN_NAME_LENGTH = 32;

function readFieldName(input: ByteSource): string {
  const { bytes, pos } = input;
  const length = bytes[pos]!;
  if (length > MAX_KNOWN_NAME_LENGTH) return readString(input);
  let hash = length;
  for (let i = pos + 1; i <= pos + length; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
  const slot = hash & (knownNames.length - 1);
  const known = knownNames[slot];
  if (known !== undefined && isTextAt(bytes, pos + 1, length, known)) {
    input.pos = pos + 1 + length;
    return known;
  }
  const name = readString(input);
  knownNames[slot] = name;
  return name;
}

function isTextAt(bytes: Uint8Array, start: number, length: number, text: string): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Assigning would change the prototype. */
function defineField(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

function readMap(input: ByteSource): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (let left = readCount(input); left > 0; left--) {
    const key = readGeneric(input);
    map.set(key, readGeneric(input));
  }
  return map;
}

export function readBytes(input: ByteSource): Uint8Array {
  const length = readCount(input);
  const end = input.pos + length;
  if (end > input.bytes.length)
    throw appError('SERIALIZED_DATA_INVALID', [`bytes end at ${end} of ${input.bytes.length}`]);
  // A copy in memory of its own: the source may be a shared segment that is used again.
  const bytes = new Uint8Array(length);
  bytes.set(input.bytes.subarray(input.pos, end));
  input.pos = end;
  return bytes;
}

export function readBigInt(input: ByteSource): bigint {
  const form = input.bytes[input.pos++];
  if (form === 0) {
    input.pos += 8;
    return input.view.getBigInt64(input.pos - 8, true);
  }
  const magnitude = BigInt(`0x${readString(input)}`);
  return form === 1 ? -magnitude : magnitude;
}
