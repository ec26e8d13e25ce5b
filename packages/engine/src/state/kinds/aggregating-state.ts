import type { AggregateFunction, AggregatingState } from '../../api/state.ts';
import { appError } from '../../errors.ts';
import type { Cells } from '../cells.ts';
import type { MergingState } from '../keyed-state-backend.ts';
import { mergeCells } from './merge-cells.ts';

export class CellAggregatingState<I, A, O> implements AggregatingState<I, O>, MergingState {
  readonly #name: string;
  readonly #cells: Cells;
  readonly #aggregate: AggregateFunction<I, A, O>;

  constructor(name: string, cells: Cells, aggregate: AggregateFunction<I, A, O>) {
    this.#name = name;
    this.#cells = cells;
    this.#aggregate = aggregate;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  get(): O | undefined {
    const accumulator = this.#cells.read() as A | undefined;
    return accumulator === undefined ? undefined : this.#aggregate.getResult(accumulator);
  }

  add(value: I): void {
    const present = this.#cells.read() as A | undefined;
    const accumulator = present === undefined ? this.#aggregate.createAccumulator() : present;
    this.#cells.write(this.#aggregate.add(value, accumulator));
  }

  clear(): void {
    this.#cells.remove();
  }

  mergeNamespaces(target: unknown, sources: readonly unknown[]): void {
    const aggregate = this.#aggregate;
    if (aggregate.merge === undefined) throw appError('STATE_NOT_MERGEABLE', [this.#name]);
    mergeCells(this.#cells, target, sources, (a, b) => aggregate.merge!(a as A, b as A));
  }
}
