// The result of count(), under the accumulator type that Flink shows for it.
import type { Accumulator } from '../accumulators.ts';

export class RecordCountAccumulator implements Accumulator<number, number> {
  readonly kind = 'LongCounter';
  #count = 0;

  add(records: number): void {
    this.#count += records;
  }

  getLocalValue(): number {
    return this.#count;
  }

  resetLocal(): void {
    this.#count = 0;
  }

  merge(other: number): void {
    this.#count += other;
  }
}
