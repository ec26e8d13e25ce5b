import type { ListState } from '../../api/state.ts';
import type { MergingState } from '../keyed-state-backend.ts';
import type { ListCells } from './list-cells.ts';
import type { TtlPolicy, TtlValue } from './ttl.ts';

export class CellListState<T> implements ListState<T>, MergingState {
  readonly #cells: ListCells;

  constructor(cells: ListCells) {
    this.#cells = cells;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  /** A copy of the list; the elements are the stored ones. */
  get(): T[] {
    return [...((this.#cells.read() as readonly T[] | undefined) ?? [])];
  }

  add(value: T): void {
    this.#cells.add(value);
  }

  addAll(values: Iterable<T>): void {
    for (const value of values) this.#cells.add(value);
  }

  update(values: Iterable<T>): void {
    this.#cells.replace([...values]);
  }

  clear(): void {
    this.#cells.clear();
  }

  mergeNamespaces(target: unknown, sources: readonly unknown[]): void {
    this.#cells.merge(target, sources);
  }
}

/** Elements live and die one by one. */
export class TtlListState<T> implements ListState<T>, MergingState {
  readonly #cells: ListCells;
  readonly #policy: TtlPolicy;
  readonly #cleanUp: () => void;

  constructor(cells: ListCells, policy: TtlPolicy, cleanUp: () => void) {
    this.#cells = cells;
    this.#policy = policy;
    this.#cleanUp = cleanUp;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  get(): T[] {
    const items = this.#readAlive();
    this.#cleanUp();
    return items;
  }

  #readAlive(): T[] {
    const stored = this.#cells.read() as readonly TtlValue[] | undefined;
    if (stored === undefined) return [];
    const alive = stored.filter((entry) => !this.#policy.isExpired(entry));
    const { renewsOnRead } = this.#policy;
    if (renewsOnRead || alive.length < stored.length)
      this.#cells.replace(renewsOnRead ? alive.map((entry) => this.#policy.wrap(entry.v)) : alive);
    return (this.#policy.returnsExpired ? stored : alive).map((entry) => entry.v as T);
  }

  add(value: T): void {
    this.addAll([value]);
  }

  addAll(values: Iterable<T>): void {
    this.#cleanUp();
    for (const value of values) this.#cells.add(this.#policy.wrap(value));
  }

  update(values: Iterable<T>): void {
    this.#cells.replace([...values].map((value) => this.#policy.wrap(value)));
  }

  clear(): void {
    this.#cells.clear();
  }

  mergeNamespaces(target: unknown, sources: readonly unknown[]): void {
    this.#cells.merge(target, sources);
  }
}
