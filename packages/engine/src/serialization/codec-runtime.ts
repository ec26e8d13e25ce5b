// What generated codecs call: `rt` in their scope.
import { appError } from '../errors.ts';
import { readBigInt, readBytes, readGeneric, writeBigInt, writeBytes, writeGeneric } from './generic-codec.ts';
import { readString, writeString } from './string-codec.ts';

const SHOWN_VALUE_LENGTH = 80;

export const codecRuntime = {
  writeString,
  readString,
  writeGeneric,
  readGeneric,
  writeBytes,
  readBytes,
  writeBigInt,
  readBigInt,
  rejectInt,
  reject,
} as const;

function rejectInt(value: unknown, path: string): never {
  const isNumber = typeof value === 'number';
  const advice = isNumber
    ? 'an int is a whole number in [-2147483648, 2147483647]: declare Types.long or Types.double'
    : adviceFor(value);
  throw appError('VALUE_TYPE_MISMATCH', [showValue(value), path, 'int', advice]);
}

function reject(value: unknown, path: string, expected: string): never {
  throw appError('VALUE_TYPE_MISMATCH', [showValue(value), path, expected, adviceFor(value)]);
}

function adviceFor(value: unknown): string {
  if (value === undefined) return 'it is missing: set it, or declare Types.optional(…)';
  if (value === null) return 'declare Types.optional(…) if it may be null';
  return 'correct the value or the declared type';
}

function showValue(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : describe(value);
  return text.length > SHOWN_VALUE_LENGTH ? `${text.slice(0, SHOWN_VALUE_LENGTH)}…` : text;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.prototype.toString.call(value);
}
