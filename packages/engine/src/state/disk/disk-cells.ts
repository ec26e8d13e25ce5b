// State kinds see pages as cells.
import type { Cells } from '../cells.ts';
import type { DiskPage } from './disk-page.ts';
import type { DiskTable } from './disk-table.ts';

/** Cells of a state without namespaces. */
export class PageCells implements Cells {
  readonly #page: DiskPage;

  constructor(page: DiskPage) {
    this.#page = page;
  }

  setCurrentNamespace(_namespace: unknown): void {}

  read(): unknown {
    return this.#page.get();
  }

  write(value: unknown): void {
    this.#page.put(value);
  }

  remove(): void {
    this.#page.remove();
  }
}

/** Cells at a namespace chosen before use. */
export class DiskCells implements Cells {
  readonly #table: DiskTable;
  #namespace: unknown = undefined;
  #page: DiskPage | undefined;

  constructor(table: DiskTable) {
    this.#table = table;
  }

  setCurrentNamespace(namespace: unknown): void {
    if (namespace === this.#namespace && this.#page !== undefined) return;
    this.#namespace = namespace;
    this.#page = undefined;
  }

  read(): unknown {
    return this.#current().get();
  }

  write(value: unknown): void {
    this.#current().put(value);
  }

  remove(): void {
    this.#current().remove();
  }

  #current(): DiskPage {
    const page = this.#page;
    if (page !== undefined && !this.#mayHaveLeft(page)) return page;
    return (this.#page = this.#table.pageOf(this.#namespace));
  }

  /** Pages leave the table when they are dropped, and when their last cell leaves the cache. */
  #mayHaveLeft(page: DiskPage): boolean {
    return page.droppedEpoch !== undefined || (page.known === 0 && !this.#table.isAttached(page));
  }
}
