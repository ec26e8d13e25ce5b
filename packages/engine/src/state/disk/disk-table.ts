// One state of the disk backend: cached pages over the store.
import type { Cells, CellTable, SnapshotCursor } from '../cells.ts';
import type { BackendTable } from '../core-keyed-backend.ts';
import { namespaceId } from '../heap/heap-panes.ts';
import type { CellSink, KeyContext } from '../key-context.ts';
import type { PaneState } from '../pane.ts';
import { FIRST_PART_BYTES, PartNamespace } from '../parts.ts';
import { makePrefix, parseStoreKey, type StoreWriter } from './cell-store.ts';
import { DiskCells, PageCells } from './disk-cells.ts';
import { CellStatus, DiskPage, type DiskRun, type PageOwner } from './disk-page.ts';
import type { DiskTableHost } from './disk-table-host.ts';
import { DroppedPages } from './dropped-pages.ts';
import { EvictionHand } from './eviction-hand.ts';
import type { DroppedRows } from './live-ranges.ts';
import { createPageCursor } from './page-cursor.ts';
import { pageIdOf } from './page-id.ts';
import { StoredExpiry } from './stored-expiry.ts';
import { StoredRows } from './stored-rows.ts';

const NO_NAMESPACE = new Uint8Array(0);

/** Dirty cells of a page: by now some may be clean, or not cached any more. */
export interface DirtyCells {
  readonly table: DiskTable;
  readonly page: DiskPage;
  readonly positions: Int32Array;
}

export class DiskTable implements CellTable, PaneState, PageOwner, BackendTable {
  readonly id: number;
  readonly context: KeyContext;
  readonly #host: DiskTableHost;
  readonly #hasParts: boolean;
  /** Values are not split into parts. */
  isWhole = false;
  /** Undefined for namespaced states. */
  readonly #page: DiskPage | undefined;
  readonly #pages = new Map<unknown, DiskPage>();
  readonly #rows: StoredRows;
  readonly #dropped: DroppedPages;
  readonly #hand: EvictionHand;
  /** Of states with a time to live. */
  #expiry: StoredExpiry | undefined;

  /** @param hasParts cells are parts of values: their namespaces may be PartNamespaces (see parts.ts) */
  constructor(id: number, host: DiskTableHost, isNamespaced: boolean, hasParts: boolean) {
    this.id = id;
    this.context = host.context;
    this.#host = host;
    this.#hasParts = hasParts;
    this.#rows = new StoredRows(id, host, () => this.#dropped.rows().map(({ prefix }) => prefix));
    this.#dropped = this.#createDropped();
    this.#hand = this.#createHand();
    const prefix = makePrefix(id, hasParts ? FIRST_PART_BYTES : NO_NAMESPACE);
    this.#page = isNamespaced ? undefined : new DiskPage(this, undefined, prefix, false);
    if (this.#page !== undefined) this.#pages.set(undefined, this.#page);
  }

  openCells(): Cells {
    return this.#page === undefined || this.#hasParts ? new DiskCells(this) : new PageCells(this.#page);
  }

  // ---- panes

  pageOf(namespace: unknown): DiskPage {
    const id = pageIdOf(namespace);
    let page = this.#pages.get(id);
    if (page === undefined) {
      page = new DiskPage(this, namespace, this.#prefixOf(namespace), true);
      this.#pages.set(id, page);
    }
    return page;
  }

  isAttached(page: DiskPage): boolean {
    return this.#pages.get(pageIdOf(page.namespace)) === page;
  }

  find(namespace: unknown): DiskPage | undefined {
    return this.#isUsed(namespace) ? this.open(namespace) : undefined;
  }

  open(namespace: unknown): DiskPage {
    const page = this.pageOf(namespace);
    page.isPinned = true;
    return page;
  }

  drop(namespace: unknown): void {
    const page = this.pageOf(namespace);
    const mayHaveRows = page.hasRows ?? this.#rows.isAnyUnder(page.prefix);
    this.#pages.delete(pageIdOf(namespace));
    this.#hand.leave(page);
    page.drop();
    this.#dropped.add(page, mayHaveRows);
  }

  *all(): IterableIterator<DiskPage> {
    for (const namespace of [...this.#namespaces()]) {
      const page = this.open(namespace);
      if (this.#hasValues(page)) yield page;
      else page.isPinned = false;
    }
  }

  #isUsed(namespace: unknown): boolean {
    return this.#pages.has(pageIdOf(namespace)) || this.#rows.isAnyUnder(this.#prefixOf(namespace));
  }

  // ---- what is left of dropped panes

  get hasDropped(): boolean {
    return !this.#dropped.isEmpty;
  }

  /** Removes about `count` cells of dropped panes. */
  cleanUp(count: number): void {
    this.#dropped.step(count);
  }

  droppedRows(): readonly DroppedRows[] {
    return this.#dropped.rows();
  }

  // ---- pages' needs

  load(page: DiskPage, slot: number): unknown {
    const host = this.#host;
    if (!host.mayHaveRows() || !this.#mayBeStored(page)) return undefined;
    const bytes = host.get(this.storeKeyOf(page, slot));
    return bytes === undefined ? undefined : host.codec.decodeValue(this.id, bytes);
  }

  /** Of a pane that is open it is known: cells come into the store through it alone. */
  #mayBeStored(page: DiskPage): boolean {
    if (!page.isPinned) return true;
    page.hasRows ??= this.#rows.isAnyUnder(page.prefix);
    return page.hasRows;
  }

  onCached(): void {
    this.#host.onCached();
  }

  onUncached(): void {
    this.#host.onUncached();
  }

  onDirty(change: number): void {
    this.#host.onDirty(change);
  }

  /** First what is cached, then what is only stored, in key order: that is not taken into the cache. */
  visitPage(page: DiskPage, callback: (value: unknown, key: unknown) => void): void {
    const { context } = this;
    const previousKey = context.key;
    const cached = cachedKeys(page);
    for (const key of cached.values()) {
      if (!this.isAttached(page)) break;
      context.setCurrentKey(key);
      const value = page.get();
      if (value !== undefined) callback(value, key);
    }
    const { changes } = page;
    for (const { key, value } of this.#rows.under(page.prefix)) {
      if (page.changes !== changes && !this.isAttached(page)) break;
      if (cached.has(namespaceId(key))) continue;
      context.setCurrentKey(key);
      // The row may be outdated once the callback has changed something.
      const present = page.changes === changes ? value : page.get();
      if (present !== undefined) callback(present, key);
    }
    context.setCurrentKey(previousKey);
  }

  /** Valid until the next call. */
  storeKeyOf(page: DiskPage, slot: number): Uint8Array {
    const { context } = this;
    return this.#host.codec.storeKey(page.prefix, context.groups[slot]!, context.keys[slot]);
  }

  // ---- whole tables

  size(): number {
    let known = 0;
    for (const page of this.#pages.values()) known += page.known;
    return known;
  }

  forEachKey(callback: (key: unknown) => void): void {
    if (this.#page !== undefined) return this.visitPage(this.#page, (_value, key) => callback(key));
    const seen = new Set<unknown>();
    for (const namespace of [...this.#namespaces()]) {
      const page = this.pageOf(namespace);
      this.visitPage(page, (_value, key) => {
        const id = namespaceId(key);
        if (seen.has(id)) return;
        seen.add(id);
        callback(key);
      });
    }
  }

  /** Also writes the store anew: with the present serializers, whatever wrote it (see DiskCellCodec.rememberFormer). */
  mapValues(change: (value: unknown) => unknown): void {
    this.#dropped.finish();
    for (const page of this.#pages.values()) {
      if (page !== this.#page) page.prefix = this.#prefixOf(page.namespace);
      for (let position = 0; position < page.positionLimit; position++) {
        const value = page.valueAt(position);
        if (page.statusAt(position) !== CellStatus.Unknown && value !== undefined)
          page.replaceAt(position, change(value));
      }
    }
    this.#rows.rewrite(change);
  }

  /** Namespaces that may have values: those cached, then those only stored. */
  *#namespaces(): IterableIterator<unknown> {
    const seen = new Set<unknown>();
    for (const [id, page] of this.#pages) {
      seen.add(id);
      if (!(page.namespace instanceof PartNamespace)) yield page.namespace;
    }
    for (const bytes of this.#rows.namespaces()) {
      const namespace = this.#host.codec.decodeNamespace(this.id, bytes);
      if (!(namespace instanceof PartNamespace) && !seen.has(pageIdOf(namespace))) yield namespace;
    }
  }

  #hasValues(page: DiskPage): boolean {
    for (let position = 0; position < page.positionLimit; position++)
      if (page.valueAt(position) !== undefined) return true;
    const cached = cachedKeys(page);
    for (const { key } of this.#rows.under(page.prefix)) if (!cached.has(namespaceId(key))) return true;
    return false;
  }

  #prefixOf(namespace: unknown): Uint8Array {
    const bytes = this.#host.codec.encodeNamespace(this.id, namespace);
    return makePrefix(this.id, bytes, this.#dropped.generationOf(namespace));
  }

  // ---- snapshots

  createCursor(run: CellSink): SnapshotCursor {
    return createPageCursor(this.#allPages(), run as DiskRun);
  }

  /** A page that is dropped meanwhile comes among the dropped ones. */
  *#allPages(): IterableIterator<DiskPage> {
    yield* this.#pages.values();
    yield* this.#dropped.pages();
  }

  // ---- leaving the cache

  /** All dirty cells, a page and a key group after the other: that is how they lie in the store. */
  *dirtyCells(maxCells: number): IterableIterator<DirtyCells> {
    for (const page of this.#pages.values()) {
      const positions = page.dirtyPositions();
      for (let from = 0; from < positions.length; from += maxCells)
        yield { table: this, page, positions: positions.subarray(from, from + maxCells) };
    }
  }

  /** Puts a cell into the store if it is dirty. @returns whether it was */
  store(page: DiskPage, position: number, writer: StoreWriter): boolean {
    if (page.droppedEpoch !== undefined || page.statusAt(position) !== CellStatus.Dirty) return false;
    const storeKey = this.storeKeyOf(page, page.slotAt(position));
    const value = page.valueAt(position);
    if (value === undefined) writer.remove(storeKey);
    else writer.put(storeKey, this.#host.codec.encodeValue(this.id, value));
    page.hasRows = true;
    this.#expiry?.onWritten();
    return true;
  }

  /**
   * Looks at `count` cells and forgets those that are dropped, or clean and not used since the last time.
   * @returns cells looked at; fewer: all were, and the next call begins anew
   */
  evict(count: number): number {
    const forgotten = this.#dropped.forgetCells(count);
    return forgotten + this.#hand.move(count - forgotten);
  }

  #createHand(): EvictionHand {
    return new EvictionHand({
      pages: () => this.#pages.values(),
      onEvict: (page, position) => {
        const changed = page.changedAt(position);
        if (this.#host.isLogged(changed))
          this.#host.recordChange(this.storeKeyOf(page, page.slotAt(position)), changed);
      },
      onPassed: (page) => {
        if (page === this.#page || page.isPinned || page.known > 0) return;
        this.#pages.delete(pageIdOf(page.namespace));
      },
    });
  }

  #createDropped(): DroppedPages {
    return new DroppedPages(this.#host, {
      rows: this.#rows,
      storeKeyOf: (page, slot) => this.storeKeyOf(page, slot),
      isUsed: (namespace) => this.#isUsed(namespace),
    });
  }

  // ---- expiry

  /** Looks at cached cells; at stored ones now and then (see stored-expiry.ts). */
  sweep(from: number, count: number, isExpired: (value: unknown) => boolean): number {
    this.#expiry ??= new StoredExpiry((key, rows) => this.#removeExpired(key, rows, isExpired));
    this.#expiry.onAccess();
    return this.#page === undefined ? 0 : sweepPage(this.#page, from, count, isExpired);
  }

  /** @returns where to go on; undefined: all rows were looked at */
  #removeExpired(
    from: Uint8Array | undefined,
    count: number,
    isExpired: (value: unknown) => boolean,
  ): Uint8Array | undefined {
    const { keys, next } = this.#rows.findExpired(from, count, isExpired);
    const removable = keys.filter((key) => !this.#isCached(key));
    this.#rows.remove(removable, this.context.epoch);
    return next;
  }

  #isCached(storeKey: Uint8Array): boolean {
    const { context } = this;
    const page =
      this.#page !== undefined && !this.#hasParts ? this.#page : this.#cachedPage(parseStoreKey(storeKey).namespace);
    if (page === undefined) return false;
    const previousKey = context.key;
    context.setCurrentKey(this.#host.codec.decodeKeyOf(storeKey));
    const slot = context.find();
    context.setCurrentKey(previousKey);
    return slot >= 0 && page.isKnown(slot);
  }

  #cachedPage(namespaceBytes: Uint8Array): DiskPage | undefined {
    return this.#pages.get(pageIdOf(this.#host.codec.decodeNamespace(this.id, namespaceBytes)));
  }
}

/** Keys of the cached cells by id, also of those known to be absent. */
function cachedKeys(page: DiskPage): ReadonlyMap<unknown, unknown> {
  const { keys } = page.context;
  const cached = new Map<unknown, unknown>();
  for (let position = 0; position < page.positionLimit; position++) {
    if (page.statusAt(position) === CellStatus.Unknown) continue;
    const key = keys[page.slotAt(position)];
    cached.set(namespaceId(key), key);
  }
  return cached;
}

/** Removes expired ones of `count` cells. @returns where to go on */
function sweepPage(page: DiskPage, from: number, count: number, isExpired: (value: unknown) => boolean): number {
  const limit = page.positionLimit;
  if (limit === 0) return 0;
  const { context } = page;
  const previousKey = context.key;
  let position = from % limit;
  for (let i = 0; i < count && i < limit; i++) {
    const value = page.valueAt(position);
    if (page.statusAt(position) !== CellStatus.Unknown && value !== undefined && isExpired(value)) {
      context.setCurrentSlot(page.slotAt(position));
      page.remove();
    }
    position = position + 1 === limit ? 0 : position + 1;
  }
  context.setCurrentKey(previousKey);
  return position;
}
