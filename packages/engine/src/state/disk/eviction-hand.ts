// The hand of the cache's clock in one table: goes round the cells, and forgets those that are clean and were not used since
// it came by the last time.
import { CellStatus, type DiskPage } from './disk-page.ts';

export interface EvictionOwner {
  pages(): Iterator<DiskPage>;
  /** The cell is about to be forgotten. */
  onEvict(page: DiskPage, position: number): void;
  /** All cells of the page were looked at. */
  onPassed(page: DiskPage): void;
}

export class EvictionHand {
  readonly #owner: EvictionOwner;
  #pages: Iterator<DiskPage> | undefined;
  #page: DiskPage | undefined;
  #position = 0;

  constructor(owner: EvictionOwner) {
    this.#owner = owner;
  }

  /** @returns cells looked at; less than `count`: all were, and the next call begins anew */
  move(count: number): number {
    let looked = 0;
    while (looked < count) {
      const page = this.#page ?? this.#nextPage();
      if (page === undefined) break;
      const end = Math.min(page.positionLimit, this.#position + count - looked);
      for (; this.#position < end; this.#position++, looked++) this.#evict(page, this.#position);
      if (this.#position === page.positionLimit) {
        this.#page = undefined;
        this.#owner.onPassed(page);
        looked++;
      }
    }
    return looked;
  }

  /** The page is not the table's any more. */
  leave(page: DiskPage): void {
    if (this.#page === page) this.#page = undefined;
  }

  #nextPage(): DiskPage | undefined {
    this.#pages ??= this.#owner.pages();
    const next = this.#pages.next();
    this.#page = next.done === true ? undefined : next.value;
    if (next.done === true) this.#pages = undefined;
    this.#position = 0;
    return this.#page;
  }

  #evict(page: DiskPage, position: number): void {
    if (page.statusAt(position) !== CellStatus.Clean || page.takeUsed(position)) return;
    this.#owner.onEvict(page, position);
    page.forget(position);
  }
}
