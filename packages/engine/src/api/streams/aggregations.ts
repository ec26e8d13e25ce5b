// The rolling aggregations by field: sum, min, max, minBy, maxBy (source of the semantics: Apache Flink, SumAggregator and
// ComparableAggregator). Inputs are not changed: state and channels may still hold them.

import { appError } from '../../errors.ts';

export type Reduction = (a: unknown, b: unknown) => unknown;
export type FieldName = string | number | undefined;

/** The other fields are the first record's. Undefined field: the records are numbers themselves. @throws INVALID_AGGREGATE from the reduction */
export function sumBy(field: FieldName): Reduction {
  if (field === undefined) return (a, b) => add(a, b, field);
  return (a, b) => withField(a, field, add(read(a, field), read(b, field), field));
}

function add(left: unknown, right: unknown, field: FieldName): number | bigint {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return left + right;
  const odd = typeof left === 'number' || typeof left === 'bigint' ? right : left;
  throw appError('INVALID_AGGREGATE', ['sum', field ?? 'the record', describe(odd)]);
}

/** Only the field takes part; the other fields are the first record's. */
export function extreme(field: FieldName, direction: 'min' | 'max'): Reduction {
  const sign = direction === 'min' ? 1 : -1;
  return (a, b) => {
    if (sign * compare(read(a, field), read(b, field), field) <= 0) return a;
    return field === undefined ? b : withField(a, field, read(b, field));
  };
}

/** The whole record with the extreme value. @param first of equal ones, the first (else the last) */
export function extremeBy(field: FieldName, direction: 'min' | 'max', first: boolean): Reduction {
  const sign = direction === 'min' ? 1 : -1;
  return (a, b) => {
    const order = sign * compare(read(a, field), read(b, field), field);
    if (order === 0) return first ? a : b;
    return order < 0 ? a : b;
  };
}

function read(value: unknown, field: FieldName): unknown {
  return field === undefined ? value : (value as Record<string | number, unknown>)[field];
}

function compare(a: unknown, b: unknown, field: FieldName): number {
  const [left, right] = [a as number, b as number];
  if (left < right) return -1;
  if (left > right) return 1;
  if (a === undefined || b === undefined) {
    throw appError('INVALID_AGGREGATE', ['min or max', field ?? 'the record', 'undefined']);
  }
  return 0;
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function withField(value: unknown, field: string | number, content: unknown): unknown {
  if (Array.isArray(value)) {
    // Pairs, such as a word and its count, without the detour through a copy.
    if (value.length === 2) return field === 0 ? [content, value[1]] : [value[0], content];
    const copy = value.slice();
    copy[field as number] = content;
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return { ...(value as object), [field]: content };
  return Object.assign(Object.create(prototype as object) as object, value, { [field]: content });
}
