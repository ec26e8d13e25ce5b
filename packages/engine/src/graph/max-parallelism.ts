// Limits and defaults of parallelism (source: Apache Flink, KeyGroupRangeAssignment).
import { appError } from '../errors.ts';

/** Key groups a vertex has unless told otherwise, at least. */
export const DEFAULT_LOWER_BOUND_MAX_PARALLELISM = 128;
/** Key groups at most: group ids are stored as 16 bits. */
export const UPPER_BOUND_MAX_PARALLELISM = 32768;

/** 1.5 × parallelism rounded up to a power of two, within [128, 32768]. */
export function computeDefaultMaxParallelism(parallelism: number): number {
  const wanted = roundUpToPowerOfTwo(parallelism + Math.floor(parallelism / 2));
  return Math.min(Math.max(wanted, DEFAULT_LOWER_BOUND_MAX_PARALLELISM), UPPER_BOUND_MAX_PARALLELISM);
}

/** @throws INVALID_PARALLELISM unless a whole number in [1, limit] */
export function checkParallelism(parallelism: number, where: string, limit = UPPER_BOUND_MAX_PARALLELISM): number {
  if (!Number.isInteger(parallelism) || parallelism < 1 || parallelism > limit) {
    throw appError('INVALID_PARALLELISM', [parallelism, limit, where]);
  }
  return parallelism;
}

function roundUpToPowerOfTwo(value: number): number {
  return value <= 1 ? 1 : 2 ** (32 - Math.clz32(value - 1));
}
