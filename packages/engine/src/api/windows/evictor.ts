// The contract of evictors; the built-in ones are in evictors.ts.
import type { Window } from './window.ts';

export interface TimestampedValue<T> {
  readonly value: T;
  /** NaN when the record had no timestamp. */
  readonly timestampMs: number;
}

export interface EvictorContext {
  currentProcessingTime(): number;
  currentWatermark(): number;
}

/** Removes elements of a window around its function. Both methods return the elements to keep, in order. */
export interface Evictor<T, W extends Window> {
  evictBefore(
    elements: readonly TimestampedValue<T>[],
    window: W,
    context: EvictorContext,
  ): readonly TimestampedValue<T>[];
  evictAfter(
    elements: readonly TimestampedValue<T>[],
    window: W,
    context: EvictorContext,
  ): readonly TimestampedValue<T>[];
}
