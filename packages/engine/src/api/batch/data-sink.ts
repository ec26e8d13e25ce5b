import type { BatchSink } from '../../graph/batch/batch-operator.ts';
import { checkParallelism } from '../../graph/max-parallelism.ts';

/** Where a data set ends. */
export class DataSink<T> {
  /** Only for types: what the sink takes. */
  declare readonly __type?: T;
  readonly #operator: BatchSink;

  constructor(operator: BatchSink) {
    this.#operator = operator;
  }

  name(name: string): this {
    this.#operator.name = name;
    return this;
  }

  setParallelism(parallelism: number): this {
    this.#operator.parallelism = checkParallelism(parallelism, `parallelism of "${this.#operator.name}"`);
    return this;
  }

  getParallelism(): number | undefined {
    return this.#operator.parallelism;
  }
}
