// Namespaces that were dropped: gone at once for who looks. What was cached and stored of them goes in small steps.
//   G1. A dropped page is not its table's any more. Until its last row is removed its prefix is dead: the namespace, used
//       again, has a prefix of another generation, and scans of the whole state leave the rows out. Nothing is put there.
//   G2. For snapshots the drop happened at its epoch, whenever the rows go, and the change log is told so: a delta that builds
//       on a later checkpoint would else remove what was put into the namespace since.
//   G3. At most MAX_DROPPED namespaces wait; for one more the oldest goes in one go.
import { GENERATIONS } from './cell-store.ts';
import { CellStatus, type DiskPage } from './disk-page.ts';
import type { DiskTableHost } from './disk-table-host.ts';
import type { DroppedRows } from './live-ranges.ts';
import { pageIdOf } from './page-id.ts';
import type { StoredRows } from './stored-rows.ts';

/** So that a namespace always has a generation left. */
const MAX_DROPPED = GENERATIONS / 2;

interface DroppedPage {
  readonly id: unknown;
  readonly page: DiskPage;
  readonly epoch: number;
  readonly generation: number;
  /** Cells before it are forgotten. */
  position: number;
  mayHaveRows: boolean;
  /** Last row that was removed. */
  lastKey: Uint8Array | undefined;
}

export interface DroppedPagesOwner {
  readonly rows: StoredRows;
  storeKeyOf(page: DiskPage, slot: number): Uint8Array;
  /** True when the namespace has cached or stored cells (again). */
  isUsed(namespace: unknown): boolean;
}

export class DroppedPages {
  readonly #host: DiskTableHost;
  readonly #owner: DroppedPagesOwner;
  readonly #waiting = new Set<DroppedPage>();
  /** Of namespaces that were used again; others are at 0. */
  readonly #generations = new Map<unknown, number>();

  constructor(host: DiskTableHost, owner: DroppedPagesOwner) {
    this.#host = host;
    this.#owner = owner;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Which of a namespace's prefixes is in use. */
  generationOf(namespace: unknown): number {
    return this.#generations.size === 0 ? 0 : (this.#generations.get(pageIdOf(namespace)) ?? 0);
  }

  /** Takes a page that its table has dropped. */
  add(page: DiskPage, mayHaveRows: boolean): void {
    const dropped: DroppedPage = {
      id: pageIdOf(page.namespace),
      page,
      epoch: page.droppedEpoch!,
      generation: this.generationOf(page.namespace),
      position: 0,
      mayHaveRows,
      lastKey: undefined,
    };
    if (this.#remove(dropped, this.#host.dropCells)) return;
    this.#waiting.add(dropped);
    this.#generations.set(dropped.id, this.#freeGeneration(dropped.id));
    if (this.#waiting.size > MAX_DROPPED) this.#finishOldest();
  }

  /** Removes about `count` cells. */
  step(count: number): void {
    const [oldest] = this.#waiting;
    if (oldest !== undefined && this.#remove(oldest, count)) this.#end(oldest);
  }

  finish(): void {
    while (!this.isEmpty) this.#finishOldest();
  }

  /** Makes room in the cache. @returns about how many cells were forgotten, `count` at most */
  forgetCells(count: number): number {
    let forgotten = 0;
    for (const dropped of this.#waiting) {
      if (forgotten === count) break;
      forgotten += this.#forget(dropped, count - forgotten);
    }
    return forgotten;
  }

  *pages(): IterableIterator<DiskPage> {
    for (const { page } of this.#waiting) yield page;
  }

  rows(): readonly DroppedRows[] {
    return Array.from(this.#waiting, ({ page, epoch }) => ({ prefix: page.prefix, epoch }));
  }

  #finishOldest(): void {
    const [oldest] = this.#waiting;
    while (!this.#remove(oldest!, this.#host.dropCells));
    this.#end(oldest!);
  }

  /** @returns true: nothing is left */
  #remove(dropped: DroppedPage, count: number): boolean {
    const forgotten = this.#forget(dropped, count);
    return forgotten < count && this.#removeRows(dropped, count - forgotten);
  }

  #forget(dropped: DroppedPage, count: number): number {
    const { page } = dropped;
    let forgotten = 0;
    for (; page.known > 0 && dropped.position < page.positionLimit && forgotten < count; dropped.position++) {
      if (page.statusAt(dropped.position) === CellStatus.Unknown) continue;
      this.#log(dropped, dropped.position);
      page.forget(dropped.position);
      forgotten++;
    }
    return forgotten;
  }

  /** Deltas must tell of every cell that a checkpoint may have. */
  #log({ page, epoch }: DroppedPage, position: number): void {
    if (page.isNewbornAt(position) || !this.#host.isLogged(epoch)) return;
    this.#host.recordChange(this.#owner.storeKeyOf(page, page.slotAt(position)), epoch);
  }

  #removeRows(dropped: DroppedPage, count: number): boolean {
    if (!dropped.mayHaveRows) return true;
    const { rows } = this.#owner;
    const keys = rows.keysUnder(dropped.page.prefix, dropped.lastKey, count);
    rows.remove(keys, dropped.epoch);
    dropped.lastKey = keys[keys.length - 1] ?? dropped.lastKey;
    dropped.mayHaveRows = keys.length === count;
    return !dropped.mayHaveRows;
  }

  #end(dropped: DroppedPage): void {
    this.#waiting.delete(dropped);
    for (const { id } of this.#waiting) if (id === dropped.id) return;
    if (!this.#owner.isUsed(dropped.page.namespace)) this.#generations.delete(dropped.id);
  }

  #freeGeneration(id: unknown): number {
    const taken = new Set<number>();
    for (const dropped of this.#waiting) if (dropped.id === id) taken.add(dropped.generation);
    let generation = 0;
    while (taken.has(generation)) generation++;
    return generation;
  }
}
