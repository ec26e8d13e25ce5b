// Which subtask owns a key: key → hash (Java's, by declared type) → key group → subtask, exactly as Flink's
// KeyGroupRangeAssignment. Senders and backends must use the same hasher for one keyed stream: it depends on the key's type.
import type { TypeInformation } from '../api/type-information.ts';
import { appError } from '../errors.ts';
import { canonicalKey } from './canonical-key.ts';
import type { KeyGroupRange } from './keyed-state-backend.ts';

/** Flink's UPPER_BOUND_MAX_PARALLELISM: key groups are stored as int16. */
export const MAX_PARALLELISM_LIMIT = 32_768;
/** Flink's DEFAULT_LOWER_BOUND_MAX_PARALLELISM. */
export const DEFAULT_LOWER_MAX_PARALLELISM = 128;

const TWO_POW_32 = 4_294_967_296;
const doubleView = new Float64Array(1);
const wordView = new Int32Array(doubleView.buffer);

export type KeyHasher = (key: unknown) => number;

/** Java's String.hashCode: over UTF-16 code units, int32. */
export function hashString(value: string): number {
  let hash = 0;
  for (let i = 0; i < value.length; i++) hash = (Math.imul(hash, 31) + value.charCodeAt(i)) | 0;
  return hash;
}

/** Java's Long.hashCode for an integer within ±2^53. */
export function hashLong(value: number): number {
  return Math.floor(value / TWO_POW_32) ^ (value | 0);
}

/** Java's Double.hashCode: high word xor low word; all NaN alike. Words are xored, so their order does not matter. */
export function hashDouble(value: number): number {
  if (value === 0) return 0; // -0 and 0 are one key here
  if (Number.isNaN(value)) return 0x7ff80000;
  doubleView[0] = value;
  return wordView[0]! ^ wordView[1]!;
}

/** Java's Boolean.hashCode. */
export function hashBoolean(value: boolean): number {
  return value ? 1231 : 1237;
}

/** Java's BigInteger.hashCode: magnitude in 32-bit words, most significant first, times the sign. */
export function hashBigint(value: bigint): number {
  let magnitude = value < 0n ? -value : value;
  const words: number[] = [];
  while (magnitude > 0n) {
    words.push(Number(magnitude & 0xffffffffn) | 0);
    magnitude >>= 32n;
  }
  let hash = 0;
  for (let i = words.length - 1; i >= 0; i--) hash = (Math.imul(hash, 31) + words[i]!) | 0;
  return value < 0n ? -hash | 0 : hash;
}

/**
 * Hash of an undeclared number: as Java's Integer when it fits int32, as Long when it is a safe integer, else as Double.
 * Declare the key's type where keys of both kinds mix with a Java job's.
 */
export function hashNumber(value: number): number {
  if ((value | 0) === value) return value | 0;
  return Number.isSafeInteger(value) ? hashLong(value) : hashDouble(value);
}

/**
 * Java's hashCode of a value by its JavaScript type. Arrays hash as java.util.List; bytes as Arrays.hashCode; dates as
 * java.util.Date; everything else by its canonical string (ours, stable: see canonical-key).
 * @returns int32
 */
export function javaHashCode(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return hashNumber(value);
    case 'string':
      return hashString(value);
    case 'boolean':
      return hashBoolean(value);
    case 'bigint':
      return hashBigint(value);
    case 'object':
      return value === null ? 0 : hashObject(value);
    default:
      return value === undefined ? 0 : hashString(canonicalKey(value));
  }
}

function hashObject(value: object): number {
  if (Array.isArray(value)) return hashSequence(1, value, javaHashCode);
  if (value instanceof Date) return hashLong(value.getTime());
  if (value instanceof Uint8Array) return hashBytes(value);
  return hashString(canonicalKey(value));
}

function hashSequence(start: number, values: readonly unknown[], hash: KeyHasher): number {
  let result = start;
  for (const value of values) result = (Math.imul(result, 31) + hash(value)) | 0;
  return result;
}

/** Java bytes are signed. */
function hashBytes(bytes: Uint8Array): number {
  let hash = 1;
  for (const byte of bytes) hash = (Math.imul(hash, 31) + ((byte << 24) >> 24)) | 0;
  return hash;
}

/** The hash of keys of a declared type; undeclared keys go by their JavaScript type. */
export function createKeyHasher(type: TypeInformation | undefined): KeyHasher {
  switch (type?.kind) {
    case 'int':
      return (key) => (key as number) | 0;
    case 'long':
      return (key) => hashLong(key as number);
    case 'double':
      return (key) => hashDouble(key as number);
    case 'boolean':
      return (key) => hashBoolean(key as boolean);
    case 'string':
      return (key) => hashString(key as string);
    case 'tuple':
      return createTupleHasher(type.elements.map(createKeyHasher));
    default:
      return javaHashCode;
  }
}

/** Flink's Tuple2…TupleN.hashCode: first field's hash, then times 31 plus the next. */
function createTupleHasher(hashers: readonly KeyHasher[]): KeyHasher {
  return (key) => {
    const values = key as readonly unknown[];
    let result = 0;
    for (let i = 0; i < hashers.length; i++) result = (Math.imul(result, 31) + hashers[i]!(values[i])) | 0;
    return result;
  };
}

/** Flink's MathUtils.murmurHash of one int: never negative. */
export function murmurHash(code: number): number {
  let hash = Math.imul(code, 0xcc9e2d51);
  hash = (hash << 15) | (hash >>> 17);
  hash = Math.imul(hash, 0x1b873593);
  hash = (hash << 13) | (hash >>> 19);
  hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  hash ^= 4;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  if (hash >= 0) return hash;
  return hash === -2_147_483_648 ? 0 : -hash;
}

/**
 * @param keyHash hash of the key before mixing, int32
 * @returns murmur(keyHash) mod maxParallelism, in [0, maxParallelism)
 * @see Apache Flink, KeyGroupRangeAssignment.computeKeyGroupForKeyHash
 */
export function computeKeyGroupForKeyHash(keyHash: number, maxParallelism: number): number {
  return murmurHash(keyHash) % maxParallelism;
}

/** Key group of a key that has no declared type. */
export function assignToKeyGroup(key: unknown, maxParallelism: number): number {
  return computeKeyGroupForKeyHash(javaHashCode(key), maxParallelism);
}

/** @returns index of the subtask that owns the key group, in [0, parallelism) */
export function computeOperatorIndexForKeyGroup(maxParallelism: number, parallelism: number, keyGroup: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** Subtask of a key: the sender's side of keyBy. */
export function assignKeyToParallelOperator(key: unknown, maxParallelism: number, parallelism: number): number {
  return computeOperatorIndexForKeyGroup(maxParallelism, parallelism, assignToKeyGroup(key, maxParallelism));
}

/**
 * Key groups of one subtask, inclusive on both ends. Empty (start > end) never happens: parallelism ≤ maxParallelism.
 * @throws INVALID_PARALLELISM when parallelism is over maxParallelism
 */
export function computeKeyGroupRange(maxParallelism: number, parallelism: number, subtaskIndex: number): KeyGroupRange {
  checkMaxParallelism(maxParallelism);
  if (parallelism < 1 || parallelism > maxParallelism) {
    throw appError('INVALID_PARALLELISM', [parallelism, maxParallelism, 'maximum parallelism of the operator']);
  }
  return {
    start: Math.ceil((subtaskIndex * maxParallelism) / parallelism),
    end: Math.floor(((subtaskIndex + 1) * maxParallelism - 1) / parallelism),
  };
}

/** Flink's default when none is set: 1.5 times the parallelism, rounded up to a power of two, within [128, 32768]. */
export function computeDefaultMaxParallelism(parallelism: number): number {
  const wanted = parallelism + Math.floor(parallelism / 2);
  let power = 1;
  while (power < wanted) power *= 2;
  return Math.min(Math.max(power, DEFAULT_LOWER_MAX_PARALLELISM), MAX_PARALLELISM_LIMIT);
}

export function checkMaxParallelism(maxParallelism: number): void {
  if (!Number.isInteger(maxParallelism) || maxParallelism < 1 || maxParallelism > MAX_PARALLELISM_LIMIT) {
    throw appError('INVALID_PARALLELISM', [maxParallelism, MAX_PARALLELISM_LIMIT, 'maximum parallelism']);
  }
}
