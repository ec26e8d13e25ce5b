// The records of collect(), under the accumulator type that Flink shows for them.
import type { Accumulator } from '../accumulators.ts';

export class SerializedListAccumulator<T> implements Accumulator<T, T[]> {
  readonly kind = 'SerializedListAccumulator';
  #records: T[] = [];

  add(record: T): void {
    this.#records.push(record);
  }

  /** The list itself, not a copy: it may be large. */
  getLocalValue(): T[] {
    return this.#records;
  }

  resetLocal(): void {
    this.#records = [];
  }

  merge(other: T[]): void {
    for (const record of other) this.#records.push(record);
  }
}
