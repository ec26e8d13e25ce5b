// Total order of field values, for sorting and grouping: what Java's comparators give where both have the type (numbers,
// strings by UTF-16 code unit, booleans, dates, bytes), elements from the left for arrays. Undefined and null come first;
// values of different types are ordered by type, so that a mixed field still sorts the same everywhere.
import { canonicalKey } from '../../../state/canonical-key.ts';

export type Comparator = (a: unknown, b: unknown) => number;

export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  const rank = typeRank(a) - typeRank(b);
  return rank === 0 ? compareSameType(a, b) : rank;
}

/** NaN after everything, as Double.compare; 0 and -0 are equal here because they are one key. */
function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

const TYPE_RANKS = ['undefined', 'null', 'boolean', 'number', 'bigint', 'date', 'string', 'bytes', 'array', 'object'];

function typeRank(value: unknown): number {
  return TYPE_RANKS.indexOf(typeName(value));
}

function typeName(value: unknown): string {
  if (typeof value !== 'object') return TYPE_RANKS.includes(typeof value) ? typeof value : 'object';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  return value instanceof Uint8Array ? 'bytes' : 'object';
}

function compareSameType(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b)) return compareSequences(a, b, compareValues);
  if (a instanceof Date && b instanceof Date) return compareNumbers(a.getTime(), b.getTime());
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareSequences(a, b, (x, y) => x - y);
  if (typeof a === 'object' && a !== null) return compareValues(canonicalKey(a), canonicalKey(b));
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

function compareSequences<T>(a: ArrayLike<T>, b: ArrayLike<T>, compare: (x: T, y: T) => number): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compare(a[i] as T, b[i] as T);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Order of records by several fields, each in its own direction. */
export function compareRecordsBy(
  order: readonly { readonly direction: 'ASC' | 'DESC'; readonly read: (record: unknown) => unknown }[],
): Comparator {
  return (a, b) => {
    for (const { direction, read } of order) {
      const result = compareValues(read(a), read(b));
      if (result !== 0) return direction === 'ASC' ? result : -result;
    }
    return 0;
  };
}
