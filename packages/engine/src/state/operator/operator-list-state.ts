import type { ListState } from '../../api/state.ts';

/** A split or union list of one subtask. */
export class OperatorListState<T> implements ListState<T> {
  #items: T[] = [];

  get(): T[] {
    return [...this.#items];
  }

  add(value: T): void {
    this.#items.push(value);
  }

  addAll(values: Iterable<T>): void {
    for (const value of values) this.#items.push(value);
  }

  update(values: Iterable<T>): void {
    this.#items = [...values];
  }

  clear(): void {
    this.#items = [];
  }
}
