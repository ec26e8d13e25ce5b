import type { ValueState } from '../../api/state.ts';
import type { Cells } from '../cells.ts';
import type { Namespaced } from '../keyed-state-backend.ts';

export class CellValueState<T> implements ValueState<T>, Namespaced {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  value(): T | undefined {
    return this.#cells.read() as T | undefined;
  }

  /** Undefined clears, as Flink's null does. */
  update(value: T): void {
    if (value === undefined) this.#cells.remove();
    else this.#cells.write(value);
  }

  clear(): void {
    this.#cells.remove();
  }
}
