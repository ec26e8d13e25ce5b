// Evictors keep some elements of a window: before its function by default, after it when doEvictAfter is true.
import { appError } from '../../errors.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import type { DeltaFunction } from './delta-trigger.ts';
import type { Evictor, TimestampedValue } from './evictor.ts';
import type { Window } from './window.ts';

abstract class BuiltInEvictor<T> implements Evictor<T, Window> {
  readonly #doEvictAfter: boolean;

  protected constructor(doEvictAfter: boolean) {
    this.#doEvictAfter = doEvictAfter;
  }

  protected abstract keep<E extends T>(elements: readonly TimestampedValue<E>[]): readonly TimestampedValue<E>[];

  evictBefore<E extends T>(elements: readonly TimestampedValue<E>[]): readonly TimestampedValue<E>[] {
    return this.#doEvictAfter ? elements : this.keep(elements);
  }

  evictAfter<E extends T>(elements: readonly TimestampedValue<E>[]): readonly TimestampedValue<E>[] {
    return this.#doEvictAfter ? this.keep(elements) : elements;
  }
}

/** Keeps the last maxCount elements. */
export class CountEvictor extends BuiltInEvictor<unknown> {
  readonly #maxCount: number;

  private constructor(maxCount: number, doEvictAfter: boolean) {
    super(doEvictAfter);
    this.#maxCount = maxCount;
  }

  static of(maxCount: number, doEvictAfter = false): CountEvictor {
    if (!Number.isSafeInteger(maxCount) || maxCount < 0) {
      throw appError('INVALID_WINDOW', [`evictor count ${maxCount}`, 'a whole number of at least 0']);
    }
    return new CountEvictor(maxCount, doEvictAfter);
  }

  protected override keep<E>(elements: readonly TimestampedValue<E>[]): readonly TimestampedValue<E>[] {
    return elements.length <= this.#maxCount ? elements : elements.slice(elements.length - this.#maxCount);
  }
}

/** Keeps elements younger than the newest one minus the window size; keeps all when the first has no timestamp. */
export class TimeEvictor extends BuiltInEvictor<unknown> {
  readonly #windowSizeMs: number;

  private constructor(windowSizeMs: number, doEvictAfter: boolean) {
    super(doEvictAfter);
    this.#windowSizeMs = windowSizeMs;
  }

  static of(windowSize: TimeLike, doEvictAfter = false): TimeEvictor {
    return new TimeEvictor(toMilliseconds(windowSize, 'evictor window size', 0), doEvictAfter);
  }

  protected override keep<E>(elements: readonly TimestampedValue<E>[]): readonly TimestampedValue<E>[] {
    const first = elements[0];
    if (first === undefined || Number.isNaN(first.timestampMs)) return elements;
    let newestMs = Number.NEGATIVE_INFINITY;
    for (const element of elements) newestMs = Math.max(newestMs, element.timestampMs);
    const cutMs = newestMs - this.#windowSizeMs;
    return elements.filter((element) => element.timestampMs > cutMs);
  }
}

/** Keeps elements whose distance to the last one is below the threshold. */
export class DeltaEvictor<T> extends BuiltInEvictor<T> {
  readonly #threshold: number;
  readonly #delta: (oldPoint: T, newPoint: T) => number;

  private constructor(threshold: number, delta: DeltaFunction<T>, doEvictAfter: boolean) {
    super(doEvictAfter);
    this.#threshold = threshold;
    this.#delta = typeof delta === 'function' ? delta : delta.getDelta.bind(delta);
  }

  static of<T>(threshold: number, delta: DeltaFunction<T>, doEvictAfter = false): DeltaEvictor<T> {
    return new DeltaEvictor(threshold, delta, doEvictAfter);
  }

  protected override keep<E extends T>(elements: readonly TimestampedValue<E>[]): readonly TimestampedValue<E>[] {
    const last = elements[elements.length - 1];
    if (last === undefined) return elements;
    return elements.filter((element) => this.#delta(element.value, last.value) < this.#threshold);
  }
}
