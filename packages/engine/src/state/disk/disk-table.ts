// One state of the disk backend: cached pages over the store.
import type { Cells, CellTable, SnapshotCursor } from '../cells.ts';
import type { BackendTable } from '../core-keyed-backend.ts';
import { namespaceId } from '../heap/heap-panes.ts';
import type { CellSink, KeyContext } from '../key-context.ts';
import type { PaneState } from '../pane.ts';
import { FIRST_PART_BYTES, PartNamespace } from '../parts.ts';
import { endOfPrefix, makePrefix, parseStoreKey, type StoreView, type StoreWriter } from './cell-store.ts';
import type { DiskCellCodec } from './disk-cell-codec.ts';
import { CellStatus, DiskPage, type DiskRun, type PageOwner } from './disk-page.ts';
import { StoredExpiry } from './stored-expiry.ts';

const NO_NAMESPACE = new Uint8Array(0);
/** Rows copied out of a scan before callbacks run, which may change the store. */
const SCAN_BATCH = 1024;

/** What tables share: the store, the cache's limits, the serializers. */
export interface DiskTableHost {
  readonly context: KeyContext;
  readonly codec: DiskCellCodec;
  openView(): StoreView;
  mayHaveRows(): boolean;
  get(storeKey: Uint8Array): Uint8Array | undefined;
  write(change: (writer: StoreWriter) => void): void;
  /** False for changes that no delta will need. */
  isLogged(epoch: number): boolean;
  recordChange(storeKey: Uint8Array, epoch: number): void;
  onCached(): void;
  onUncached(): void;
  onDirty(change: 1 | -1): void;
}

/** Dirty cells of a page: by now some may be clean, or not cached any more. */
export interface DirtyCells {
  readonly table: DiskTable;
  readonly page: DiskPage;
  readonly positions: Int32Array;
}

interface StoredRow {
  readonly key: unknown;
  readonly value: unknown;
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
  #evictingPages: Iterator<DiskPage> | undefined;
  #evicting: DiskPage | undefined;
  #evictPosition = 0;
  /** Of states with a time to live. */
  #expiry: StoredExpiry | undefined;

  /** @param hasParts cells are parts of values: their namespaces may be PartNamespaces (see parts.ts) */
  constructor(id: number, host: DiskTableHost, isNamespaced: boolean, hasParts: boolean) {
    this.id = id;
    this.context = host.context;
    this.#host = host;
    this.#hasParts = hasParts;
    const prefix = makePrefix(id, hasParts ? FIRST_PART_BYTES : NO_NAMESPACE);
    this.#page = isNamespaced ? undefined : new DiskPage(this, undefined, prefix, false);
    if (this.#page !== undefined) this.#pages.set(undefined, this.#page);
  }

  openCells(): Cells {
    return this.#page === undefined || this.#hasParts ? new DiskCells(this) : new PageCells(this.#page);
  }

  // ---- panes

  pageOf(namespace: unknown): DiskPage {
    const id = pageId(namespace);
    let page = this.#pages.get(id);
    if (page === undefined) {
      page = new DiskPage(this, namespace, this.#prefixOf(namespace), true);
      this.#pages.set(id, page);
    }
    return page;
  }

  isAttached(page: DiskPage): boolean {
    return this.#pages.get(pageId(page.namespace)) === page;
  }

  find(namespace: unknown): DiskPage | undefined {
    const page = this.#pages.get(pageId(namespace));
    if (page === undefined && !this.#hasStored(namespace)) return undefined;
    return this.open(namespace);
  }

  open(namespace: unknown): DiskPage {
    const page = this.pageOf(namespace);
    page.isPinned = true;
    return page;
  }

  drop(namespace: unknown): void {
    const page = this.pageOf(namespace);
    this.#dropCached(page);
    this.#dropStored(page);
    this.#pages.delete(pageId(namespace));
  }

  *all(): IterableIterator<DiskPage> {
    for (const namespace of [...this.#namespaces()]) {
      const page = this.open(namespace);
      if (this.#hasValues(page)) yield page;
      else page.isPinned = false;
    }
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
    page.hasRows ??= this.#hasStored(page.namespace);
    return page.hasRows;
  }

  onCached(): void {
    this.#host.onCached();
  }

  onUncached(): void {
    this.#host.onUncached();
  }

  onDirty(change: 1 | -1): void {
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
    for (const { key, value } of this.#storedRows(page)) {
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
    for (const page of this.#pages.values()) {
      if (page !== this.#page) page.prefix = this.#prefixOf(page.namespace);
      for (let position = 0; position < page.positionLimit; position++) {
        const value = page.valueAt(position);
        if (page.statusAt(position) !== CellStatus.Unknown && value !== undefined)
          page.replaceAt(position, change(value));
      }
    }
    this.#mapStored(change);
  }

  /** Looks at cached cells; at stored ones now and then (see stored-expiry.ts). */
  sweep(from: number, count: number, isExpired: (value: unknown) => boolean): number {
    this.#expiry ??= new StoredExpiry((key, rows) => this.#removeExpired(key, rows, isExpired));
    this.#expiry.onAccess();
    return this.#sweepCached(from, count, isExpired);
  }

  #sweepCached(from: number, count: number, isExpired: (value: unknown) => boolean): number {
    const page = this.#page;
    if (page === undefined) return 0;
    const limit = page.positionLimit;
    if (limit === 0) return 0;
    const { context } = this;
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

  createCursor(run: CellSink): SnapshotCursor {
    const pages = this.#pages.values();
    let page: DiskPage | undefined;
    let position = 0;
    return {
      advance: (maxCells) => {
        for (let left = maxCells; left > 0; ) {
          if (page === undefined) {
            const next = pages.next();
            if (next.done === true) return true;
            page = next.value;
            position = 0;
          }
          const from = position;
          position = page.writePending(run as DiskRun, from, left);
          left -= Math.max(1, position - from);
          if (position === page.positionLimit) page = undefined;
        }
        return false;
      },
    };
  }

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
    if (page.statusAt(position) !== CellStatus.Dirty) return false;
    const storeKey = this.storeKeyOf(page, page.slotAt(position));
    const value = page.valueAt(position);
    if (value === undefined) writer.remove(storeKey);
    else writer.put(storeKey, this.#host.codec.encodeValue(this.id, value));
    page.hasRows = true;
    this.#expiry?.onWritten();
    return true;
  }

  /**
   * Looks at `count` cells and forgets those that are clean and were not used since the last time.
   * @returns cells looked at; fewer: all were, and the next call begins anew
   */
  evict(count: number): number {
    let looked = 0;
    while (looked < count) {
      if (this.#evicting === undefined && !this.#nextPageToEvict()) break;
      const page = this.#evicting!;
      const end = Math.min(page.positionLimit, this.#evictPosition + count - looked);
      for (; this.#evictPosition < end; this.#evictPosition++, looked++) this.#evictCell(page, this.#evictPosition);
      if (this.#evictPosition === page.positionLimit) {
        this.#discardUnused(page);
        this.#evicting = undefined;
        looked++;
      }
    }
    return looked;
  }

  #nextPageToEvict(): boolean {
    this.#evictingPages ??= this.#pages.values();
    const next = this.#evictingPages.next();
    if (next.done === true) {
      this.#evictingPages = undefined;
      return false;
    }
    this.#evicting = next.value;
    this.#evictPosition = 0;
    return true;
  }

  #evictCell(page: DiskPage, position: number): void {
    if (page.statusAt(position) !== CellStatus.Clean || page.takeUsed(position)) return;
    const changed = page.changedAt(position);
    if (this.#host.isLogged(changed)) this.#host.recordChange(this.storeKeyOf(page, page.slotAt(position)), changed);
    page.forget(position);
  }

  #discardUnused(page: DiskPage): void {
    if (page === this.#page || page.isPinned || page.known > 0) return;
    this.#pages.delete(pageId(page.namespace));
  }

  // ---- dropping

  /** Deltas must tell of every cell that a checkpoint may have. */
  #dropCached(page: DiskPage): void {
    const { context } = this;
    for (let position = 0; position < page.positionLimit; position++) {
      if (page.statusAt(position) === CellStatus.Unknown) continue;
      if (this.#host.isLogged(context.epoch) && !page.isNewbornAt(position))
        this.#host.recordChange(this.storeKeyOf(page, page.slotAt(position)), context.epoch);
      page.forget(position);
    }
    page.noteChange();
  }

  #dropStored(page: DiskPage): void {
    const host = this.#host;
    const { epoch } = this.context;
    for (const keys of this.#storedKeys(page.prefix)) {
      host.write((writer) => {
        for (const key of keys) writer.remove(key);
      });
      for (const key of keys) host.recordChange(key, epoch);
    }
  }

  // ---- expiry

  /** @returns where to go on; undefined: all rows were looked at */
  #removeExpired(
    from: Uint8Array | undefined,
    count: number,
    isExpired: (value: unknown) => boolean,
  ): Uint8Array | undefined {
    const host = this.#host;
    if (!host.mayHaveRows()) return undefined;
    const prefix = makePrefix(this.id);
    const { expired, next } = this.#findExpired(from ?? prefix, endOfPrefix(prefix), count, isExpired);
    const removable = expired.filter((key) => !this.#isCached(key));
    if (removable.length === 0) return next;
    host.write((writer) => {
      for (const key of removable) writer.remove(key);
    });
    for (const key of removable) host.recordChange(key, this.context.epoch);
    return next;
  }

  #findExpired(
    from: Uint8Array,
    end: Uint8Array,
    count: number,
    isExpired: (value: unknown) => boolean,
  ): { readonly expired: readonly Uint8Array[]; readonly next: Uint8Array | undefined } {
    const view = this.#host.openView();
    const expired: Uint8Array[] = [];
    try {
      let left = count;
      for (const { key, value } of view.scanRange(from, end)) {
        if (left-- === 0) return { expired, next: key.slice() };
        if (isExpired(this.#host.codec.decodeValue(this.id, value))) expired.push(key.slice());
      }
      return { expired, next: undefined };
    } finally {
      view.close();
    }
  }

  #isCached(storeKey: Uint8Array): boolean {
    const { codec } = this.#host;
    const page =
      this.#page !== undefined && !this.#hasParts ? this.#page : this.#cachedPage(parseStoreKey(storeKey).namespace);
    if (page === undefined) return false;
    const { context } = this;
    const previousKey = context.key;
    context.setCurrentKey(codec.decodeKeyOf(storeKey));
    const slot = context.find();
    context.setCurrentKey(previousKey);
    return slot >= 0 && page.isKnown(slot);
  }

  #cachedPage(namespaceBytes: Uint8Array): DiskPage | undefined {
    return this.#pages.get(pageId(this.#host.codec.decodeNamespace(this.id, namespaceBytes)));
  }

  // ---- scans

  /** Rows of the page as the store has them, copied out in batches: callbacks may change the store. */
  *#storedRows(page: DiskPage): IterableIterator<StoredRow> {
    const { codec } = this.#host;
    yield* this.#scan(
      (view) => view.scan(page.prefix),
      ({ key, value }) => ({
        key: codec.decodeKeyOf(key),
        value: codec.decodeValue(this.id, value),
      }),
    );
  }

  /** Batches of store keys. */
  *#storedKeys(prefix: Uint8Array): IterableIterator<readonly Uint8Array[]> {
    yield* this.#scanBatches(
      (view) => view.scanKeys(prefix),
      (key) => key.slice(),
    );
  }

  *#scan<R, T>(open: (view: StoreView) => Iterable<R>, copy: (row: R) => T): IterableIterator<T> {
    for (const batch of this.#scanBatches(open, copy)) yield* batch;
  }

  *#scanBatches<R, T>(open: (view: StoreView) => Iterable<R>, copy: (row: R) => T): IterableIterator<readonly T[]> {
    if (!this.#host.mayHaveRows()) return;
    const view = this.#host.openView();
    try {
      let batch: T[] = [];
      for (const row of open(view)) {
        batch.push(copy(row));
        if (batch.length < SCAN_BATCH) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    } finally {
      view.close();
    }
  }

  #prefixOf(namespace: unknown): Uint8Array {
    return makePrefix(this.id, this.#host.codec.encodeNamespace(this.id, namespace));
  }

  #mapStored(change: (value: unknown) => unknown): void {
    const { codec } = this.#host;
    const rows = this.#scanBatches(
      (view) => view.scan(makePrefix(this.id)),
      ({ key, value }) => ({ storeKey: key.slice(), value: change(codec.decodeStored(this.id, value)) }),
    );
    for (const batch of rows) {
      this.#host.write((writer) => {
        for (const { storeKey, value } of batch) {
          const { namespace, keyGroup, key } = parseStoreKey(storeKey);
          writer.remove(storeKey);
          const prefix = makePrefix(this.id, codec.renewNamespace(this.id, namespace));
          writer.put(codec.storeKeyOfEncoded(prefix, keyGroup, key), codec.encodeValue(this.id, value));
        }
      });
    }
  }

  /** Namespaces that may have values: those cached, then those only stored. */
  *#namespaces(): IterableIterator<unknown> {
    const seen = new Set<unknown>();
    for (const [id, page] of this.#pages) {
      seen.add(id);
      if (!(page.namespace instanceof PartNamespace)) yield page.namespace;
    }
    if (!this.#host.mayHaveRows()) return;
    const view = this.#host.openView();
    try {
      for (const bytes of storedNamespaces(view, this.id)) {
        const namespace = this.#host.codec.decodeNamespace(this.id, bytes);
        if (!(namespace instanceof PartNamespace) && !seen.has(pageId(namespace))) yield namespace;
      }
    } finally {
      view.close();
    }
  }

  #hasStored(namespace: unknown): boolean {
    if (!this.#host.mayHaveRows()) return false;
    const view = this.#host.openView();
    try {
      for (const _key of view.scanKeys(this.#prefixOf(namespace))) return true;
      return false;
    } finally {
      view.close();
    }
  }

  #hasValues(page: DiskPage): boolean {
    for (let position = 0; position < page.positionLimit; position++)
      if (page.valueAt(position) !== undefined) return true;
    const cached = cachedKeys(page);
    for (const { key } of this.#storedRows(page)) if (!cached.has(namespaceId(key))) return true;
    return false;
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

/** One of a kind for each namespace and part. */
function pageId(namespace: unknown): unknown {
  if (!(namespace instanceof PartNamespace)) return namespaceId(namespace);
  return `\u0000\u0000${namespace.part};${String(namespaceId(namespace.namespace))}`;
}

/** Jumps from namespace to namespace. */
function* storedNamespaces(view: StoreView, stateId: number): IterableIterator<Uint8Array> {
  const end = endOfPrefix(makePrefix(stateId));
  for (let from = makePrefix(stateId); ; ) {
    let found: Uint8Array | undefined;
    for (const row of view.scanRange(from, end)) {
      found = parseStoreKey(row.key.slice()).namespace;
      break;
    }
    if (found === undefined) return;
    yield found;
    from = endOfPrefix(makePrefix(stateId, found));
  }
}

class PageCells implements Cells {
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
class DiskCells implements Cells {
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

  /** Empty pages leave the table when their last cell leaves the cache. */
  #current(): DiskPage {
    let page = this.#page;
    if (page === undefined || (page.known === 0 && !this.#table.isAttached(page)))
      page = this.#table.pageOf(this.#namespace);
    this.#page = page;
    return page;
  }
}
