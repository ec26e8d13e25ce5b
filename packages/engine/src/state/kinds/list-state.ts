import type { ListState } from '../../api/state.ts';
import type { Cells } from '../cells.ts';
import type { MergingState } from '../keyed-state-backend.ts';
import { mergeCells } from './merge-cells.ts';
import type { TtlPolicy, TtlValue } from './ttl.ts';

function concatenate(a: unknown, b: unknown): unknown {
  const target = a as unknown[];
  for (const item of b as unknown[]) target.push(item);
  return target;
}

export class CellListState<T> implements ListState<T>, MergingState {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  /** A copy of the list; the elements are the stored ones. */
  get(): T[] {
    return [...((this.#cells.read() as T[] | undefined) ?? [])];
  }

  add(value: T): void {
    const items = this.#cells.read() as T[] | undefined;
    if (items === undefined) return this.#cells.write([value]);
    items.push(value);
    this.#cells.write(items);
  }

  addAll(values: Iterable<T>): void {
    const items = (this.#cells.read() as T[] | undefined) ?? [];
    for (const value of values) items.push(value);
    if (items.length > 0) this.#cells.write(items);
  }

  update(values: Iterable<T>): void {
    const items = [...values];
    if (items.length === 0) this.#cells.remove();
    else this.#cells.write(items);
  }

  clear(): void {
    this.#cells.remove();
  }

  mergeNamespaces(target: unknown, sources: readonly unknown[]): void {
    mergeCells(this.#cells, target, sources, concatenate);
  }
}

/** Elements live and die one by one. */
export class TtlListState<T> implements ListState<T>, MergingState {
  readonly #cells: Cells;
  readonly #policy: TtlPolicy;
  readonly #cleanUp: () => void;

  constructor(cells: Cells, policy: TtlPolicy, cleanUp: () => void) {
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
    const stored = this.#cells.read() as TtlValue[] | undefined;
    if (stored === undefined) return [];
    const alive = stored.filter((entry) => !this.#policy.isExpired(entry));
    this.#store(stored, this.#policy.renewsOnRead ? alive.map((entry) => this.#policy.wrap(entry.v)) : alive);
    return (this.#policy.returnsExpired ? stored : alive).map((entry) => entry.v as T);
  }

  add(value: T): void {
    this.addAll([value]);
  }

  addAll(values: Iterable<T>): void {
    this.#cleanUp();
    const items = (this.#cells.read() as TtlValue[] | undefined) ?? [];
    for (const value of values) items.push(this.#policy.wrap(value));
    if (items.length > 0) this.#cells.write(items);
  }

  update(values: Iterable<T>): void {
    const items = [...values].map((value) => this.#policy.wrap(value));
    if (items.length === 0) this.#cells.remove();
    else this.#cells.write(items);
  }

  clear(): void {
    this.#cells.remove();
  }

  mergeNamespaces(target: unknown, sources: readonly unknown[]): void {
    mergeCells(this.#cells, target, sources, concatenate);
  }

  #store(stored: TtlValue[], items: TtlValue[]): void {
    if (items.length === 0) this.#cells.remove();
    else if (this.#policy.renewsOnRead || items.length < stored.length) this.#cells.write(items);
  }
}
