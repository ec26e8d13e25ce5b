import type { ReduceFn, ReducingState } from '../../api/state.ts';
import type { Cells } from '../cells.ts';
import type { MergingState } from '../keyed-state-backend.ts';
import { mergeCells } from './merge-cells.ts';

export class CellReducingState<T> implements ReducingState<T>, MergingState {
  readonly #cells: Cells;
  readonly #reduce: ReduceFn<T>;

  constructor(cells: Cells, reduce: ReduceFn<T>) {
    this.#cells = cells;
    this.#reduce = reduce;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  get(): T | undefined {
    return this.#cells.read() as T | undefined;
  }

  add(value: T): void {
    const present = this.#cells.read() as T | undefined;
    this.#cells.write(present === undefined ? value : this.#reduce(present, value));
  }

  clear(): void {
    this.#cells.remove();
  }

  mergeNamespaces(target: unknown, sources: readonly unknown[]): void {
    mergeCells(this.#cells, target, sources, this.#reduce as (a: unknown, b: unknown) => unknown);
  }
}
