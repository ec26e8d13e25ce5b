// Accumulators: values that every subtask adds to and the coordinator merges. `kind` is the name that REST shows.

export interface Accumulator<V, R> {
  /** Flink's display type, e.g. "LongCounter", "IntCounter", "DoubleCounter", "Histogram", "ListAccumulator". */
  readonly kind: string;
  add(value: V): void;
  getLocalValue(): R;
  resetLocal(): void;
  /**
   * Folds another instance's local value (as plain data: it crossed a thread) into this one. Results of a job that ended are made by it; while
   * the job runs, views of accumulators of one's own list the value of every subtask.
   */
  merge(otherLocalValue: R): void;
}

abstract class SumAccumulator implements Accumulator<number, number> {
  abstract readonly kind: string;
  #sum = 0;

  add(value: number): void {
    this.#sum += value;
  }

  getLocalValue(): number {
    return this.#sum;
  }

  resetLocal(): void {
    this.#sum = 0;
  }

  merge(other: number): void {
    this.#sum += other;
  }
}

export class IntCounter extends SumAccumulator {
  override readonly kind = 'IntCounter';
}

export class LongCounter extends SumAccumulator {
  override readonly kind = 'LongCounter';
}

export class DoubleCounter extends SumAccumulator {
  override readonly kind = 'DoubleCounter';
}

/** Keeps the smallest or largest value; the local value of an empty one is the largest or smallest there is. */
abstract class ExtremeAccumulator implements Accumulator<number, number> {
  abstract readonly kind: string;
  readonly #empty: number;
  readonly #choose: (a: number, b: number) => number;
  #value: number;

  protected constructor(empty: number, choose: (a: number, b: number) => number) {
    this.#empty = empty;
    this.#choose = choose;
    this.#value = empty;
  }

  add(value: number): void {
    this.#value = this.#choose(this.#value, value);
  }

  getLocalValue(): number {
    return this.#value;
  }

  resetLocal(): void {
    this.#value = this.#empty;
  }

  merge(other: number): void {
    this.add(other);
  }
}

const MAX_INT = 2 ** 31 - 1;

export class IntMinimum extends ExtremeAccumulator {
  override readonly kind = 'IntMinimum';
  constructor() {
    super(MAX_INT, Math.min);
  }
}

export class IntMaximum extends ExtremeAccumulator {
  override readonly kind = 'IntMaximum';
  constructor() {
    super(-MAX_INT - 1, Math.max);
  }
}

export class LongMinimum extends ExtremeAccumulator {
  override readonly kind = 'LongMinimum';
  constructor() {
    super(Number.MAX_SAFE_INTEGER, Math.min);
  }
}

export class LongMaximum extends ExtremeAccumulator {
  override readonly kind = 'LongMaximum';
  constructor() {
    super(Number.MIN_SAFE_INTEGER, Math.max);
  }
}

export class DoubleMinimum extends ExtremeAccumulator {
  override readonly kind = 'DoubleMinimum';
  constructor() {
    super(Number.POSITIVE_INFINITY, Math.min);
  }
}

export class DoubleMaximum extends ExtremeAccumulator {
  override readonly kind = 'DoubleMaximum';
  constructor() {
    super(Number.NEGATIVE_INFINITY, Math.max);
  }
}

export interface Average {
  readonly count: number;
  readonly sum: number;
}

/** Its value is count and sum, so that values of subtasks can be merged; `average` divides. */
export class AverageAccumulator implements Accumulator<number, Average> {
  readonly kind = 'AverageAccumulator';
  #count = 0;
  #sum = 0;

  /** Average of a job's result; 0 when nothing was added. */
  static average(result: Average): number {
    return result.count === 0 ? 0 : result.sum / result.count;
  }

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
  }

  getLocalValue(): Average {
    return { count: this.#count, sum: this.#sum };
  }

  resetLocal(): void {
    this.#count = 0;
    this.#sum = 0;
  }

  merge(other: Average): void {
    this.#count += other.count;
    this.#sum += other.sum;
  }
}

/** How often each whole number was added; its value is a map in ascending order. */
export class HistogramAccumulator implements Accumulator<number, Map<number, number>> {
  readonly kind = 'Histogram';
  readonly #counts = new Map<number, number>();

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  getLocalValue(): Map<number, number> {
    return new Map([...this.#counts].sort(([a], [b]) => a - b));
  }

  resetLocal(): void {
    this.#counts.clear();
  }

  merge(other: Map<number, number>): void {
    for (const [value, count] of other) this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
  }
}

/** Everything that was added; held in memory and reported whole, so for small results only. */
export class ListAccumulator<T> implements Accumulator<T, T[]> {
  readonly kind = 'ListAccumulator';
  #values: T[] = [];

  add(value: T): void {
    this.#values.push(value);
  }

  getLocalValue(): T[] {
    return [...this.#values];
  }

  resetLocal(): void {
    this.#values = [];
  }

  merge(other: T[]): void {
    for (const value of other) this.#values.push(value);
  }
}
