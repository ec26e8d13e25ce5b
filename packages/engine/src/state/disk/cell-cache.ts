// Bounds the decoded cells of a disk backend. Clean ones leave by CLOCK; dirty ones are put into the store first, many
// neighbours at once: a store page that is changed is copied, so cells scattered over the key groups cost several times as
// much as those of one group.
//   E1. At most `maxCells` cells are cached, besides the one that is being used.
//   E2. Not more than half of them are dirty when a batch leaves, so that the clock finds enough clean ones.
import type { KeyContext } from '../key-context.ts';
import type { CellStore } from './cell-store.ts';
import type { DirtyCells, DiskTable } from './disk-table.ts';

/** Decoded cells kept in memory. */
export const DEFAULT_DISK_CACHE_BYTES = 64 * 1024 * 1024;
/** Of a cell beyond its value: slot, index, key, status. */
const CELL_OVERHEAD_BYTES = 64;
/** A decoded value takes about this many times its encoded bytes. */
const DECODED_FACTOR = 2;
/** Cells that leave at once: takes about 0.1 ms. */
const EVICTION_BATCH = 1024;
/** Dirty cells written at once: about 5 ms. A quarter as many cost half as much again each, twice as many hardly less. */
const WRITE_BATCH = 4096;

export interface CellCacheOptions {
  readonly store: CellStore;
  readonly context: KeyContext;
  /** Of the encoded values. */
  readonly averageValueBytes: () => number;
  readonly cacheBytes: number | undefined;
  /** Number of cells instead. */
  readonly cacheEntries: number | undefined;
}

export class CellCache {
  readonly #options: CellCacheOptions;
  readonly #tables: DiskTable[] = [];
  #cells = 0;
  #dirty = 0;
  #maxCells = 0;
  #evictingTable = 0;
  #dirtyCells: Iterator<DirtyCells> | undefined;

  constructor(options: CellCacheOptions) {
    this.#options = options;
    this.#resize();
  }

  get cells(): number {
    return this.#cells;
  }

  /** Estimate for one decoded cell. */
  get cellBytes(): number {
    return CELL_OVERHEAD_BYTES + this.#options.averageValueBytes() * DECODED_FACTOR;
  }

  addTable(table: DiskTable): void {
    this.#tables.push(table);
  }

  onCached(): void {
    if (++this.#cells > this.#maxCells) this.#makeRoom();
  }

  onUncached(): void {
    this.#cells--;
  }

  onDirty(change: number): void {
    this.#dirty += change;
  }

  #makeRoom(): void {
    this.#resize();
    const target = this.#maxCells - Math.min(EVICTION_BATCH, this.#maxCells >> 3);
    if (this.#dirty > this.#maxCells >> 1) this.#writeBatch();
    while (!this.#evictTo(target) && this.#dirty > 0) this.#writeBatch();
  }

  /** Goes round all tables; after two rounds everything clean has left. @returns whether there is room now */
  #evictTo(target: number): boolean {
    for (let idleTables = 0; this.#cells > target && idleTables < this.#tables.length * 3; ) {
      const before = this.#cells;
      const looked = this.#tables[this.#evictingTable % this.#tables.length]!.evict(EVICTION_BATCH);
      if (looked < EVICTION_BATCH) this.#evictingTable++;
      idleTables = this.#cells < before ? 0 : idleTables + (looked < EVICTION_BATCH ? 1 : 0);
    }
    return this.#cells <= target;
  }

  /** Dirty cells stay dirty when the transaction fails. */
  #writeBatch(): void {
    const batch = this.#takeDirty();
    const written: [DirtyCells, number][] = [];
    this.#options.store.write((writer) => {
      for (const cells of batch) {
        for (const position of cells.positions)
          if (cells.table.store(cells.page, position, writer)) written.push([cells, position]);
      }
    });
    for (const [{ page }, position] of written) page.markClean(position);
  }

  /** The next dirty cells, table after table. */
  #takeDirty(): DirtyCells[] {
    const batch: DirtyCells[] = [];
    let count = 0;
    while (count < WRITE_BATCH) {
      this.#dirtyCells ??= this.#allDirty();
      const next = this.#dirtyCells.next();
      if (next.done !== true) {
        batch.push(next.value);
        count += next.value.positions.length;
        continue;
      }
      this.#dirtyCells = undefined;
      if (count > 0) break;
    }
    return batch;
  }

  *#allDirty(): Generator<DirtyCells> {
    for (const table of this.#tables) yield* table.dirtyCells(WRITE_BATCH);
  }

  #resize(): void {
    const { cacheBytes = DEFAULT_DISK_CACHE_BYTES, cacheEntries } = this.#options;
    this.#maxCells = cacheEntries ?? Math.max(EVICTION_BATCH, Math.floor(cacheBytes / this.cellBytes));
  }
}
