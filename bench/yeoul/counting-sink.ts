import { LongCounter, RichSinkFunction, type RuntimeContext } from 'yeoul';

/** The sink of every benchmark: counts the results and adds up a checksum, so that engines can be held to one answer. */
export abstract class CountingSink<T> extends RichSinkFunction<T> {
  readonly #results = new LongCounter();
  readonly #checksum = new LongCounter();

  /** What one result adds to the checksum. */
  abstract summand(value: T): number;

  override open(context: RuntimeContext): void {
    context.addAccumulator('results', this.#results);
    context.addAccumulator('checksum', this.#checksum);
  }

  invoke(value: T): void {
    this.#results.add(1);
    this.#checksum.add(this.summand(value));
  }
}
