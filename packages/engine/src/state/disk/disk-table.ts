// One state of the disk backend: cached pages over the store.
import type { Cells, CellTable, SnapshotCursor } from '../cells.ts';
import type { BackendTable } from '../core-keyed-backend.ts';
import { namespaceId } from '../heap/heap-panes.ts';
import type { CellSink, KeyContext } from '../key-context.ts';
import type { PaneState } from '../pane.ts';
import { endOfPrefix, makePrefix, makeStoreKey, parseStoreKey, type StoreView } from './cell-store.ts';
import type { DiskCellCodec } from './disk-cell-codec.ts';
import { CellStatus, DiskPage, type DiskRun, type PageOwner } from './disk-page.ts';

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
  /** Applies removals and values to the store at once. */
  write(changes: Iterable<readonly [Uint8Array, Uint8Array | undefined]>): void;
  recordChange(storeKey: Uint8Array, epoch: number): void;
  onCached(): void;
  onUncached(): void;
}

export class DiskTable implements CellTable, PaneState, PageOwner, BackendTable {
  readonly id: number;
  readonly context: KeyContext;
  readonly #host: DiskTableHost;
  /** Undefined for namespaced states. */
  readonly #page: DiskPage | undefined;
  readonly #pages = new Map<unknown, DiskPage>();
  #evictingPages: Iterator<DiskPage> | undefined;
  #evicting: DiskPage | undefined;
  #evictPosition = 0;

  constructor(id: number, host: DiskTableHost, isNamespaced: boolean) {
    this.id = id;
    this.context = host.context;
    this.#host = host;
    this.#page = isNamespaced ? undefined : new DiskPage(this, undefined, NO_NAMESPACE, false);
    if (this.#page !== undefined) this.#pages.set(undefined, this.#page);
  }

  openCells(): Cells {
    return this.#page === undefined ? new DiskCells(this) : new PageCells(this.#page);
  }

  // ---- panes

  pageOf(namespace: unknown): DiskPage {
    const id = namespaceId(namespace);
    let page = this.#pages.get(id);
    if (page === undefined) {
      page = new DiskPage(this, namespace, this.#host.codec.encodeNamespace(this.id, namespace), true);
      this.#pages.set(id, page);
    }
    return page;
  }

  isAttached(page: DiskPage): boolean {
    return this.#pages.get(namespaceId(page.namespace)) === page;
  }

  find(namespace: unknown): DiskPage | undefined {
    const page = this.#pages.get(namespaceId(namespace));
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
    this.visitPage(page, () => page.remove());
    page.isPinned = false;
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
    if (!host.mayHaveRows()) return undefined;
    const bytes = host.get(this.storeKeyOf(page, slot));
    return bytes === undefined ? undefined : host.codec.decodeValue(this.id, bytes);
  }

  onCached(): void {
    this.#host.onCached();
  }

  onUncached(): void {
    this.#host.onUncached();
  }

  /** First what is cached, then what is only stored, in key order. */
  visitPage(page: DiskPage, callback: (value: unknown, key: unknown) => void): void {
    const { context } = this;
    const previousKey = context.key;
    for (const key of this.#keysOf(page)) {
      context.setCurrentKey(key);
      const value = page.get();
      if (value !== undefined) callback(value, key);
    }
    context.setCurrentKey(previousKey);
  }

  storeKeyOf(page: DiskPage, slot: number): Uint8Array {
    const { context } = this;
    const key = this.#host.codec.encodeKey(context.keys[slot]);
    return makeStoreKey(this.id, page.namespaceBytes, context.groups[slot]!, key);
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
      if (page !== this.#page) page.namespaceBytes = this.#host.codec.encodeNamespace(this.id, page.namespace);
      for (let position = 0; position < page.positionLimit; position++) {
        const value = page.valueAt(position);
        if (page.statusAt(position) !== CellStatus.Unknown && value !== undefined)
          page.replaceAt(position, change(value));
      }
    }
    this.#mapStored(change);
  }

  sweep(from: number, count: number, isExpired: (value: unknown) => boolean): number {
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

  /**
   * Moves up to `count` cells out of the cache that were not used since the last time, adding what the store must take over.
   * @returns cells looked at
   */
  evict(count: number, changes: [Uint8Array, Uint8Array | undefined][]): number {
    let looked = 0;
    while (looked < count) {
      if (this.#evicting === undefined && !this.#nextPageToEvict()) break;
      const page = this.#evicting!;
      const end = Math.min(page.positionLimit, this.#evictPosition + count - looked);
      for (; this.#evictPosition < end; this.#evictPosition++, looked++)
        this.#evictCell(page, this.#evictPosition, changes);
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

  #evictCell(page: DiskPage, position: number, changes: [Uint8Array, Uint8Array | undefined][]): void {
    const status = page.statusAt(position);
    if (status === CellStatus.Unknown || page.takeUsed(position)) return;
    const slot = page.slotAt(position);
    if (slot === this.context.slot) return;
    const changed = page.changedAt(position);
    if (status === CellStatus.Dirty || changed >= 0) {
      const storeKey = this.storeKeyOf(page, slot);
      if (status === CellStatus.Dirty)
        changes.push([storeKey, this.#host.codec.encodeValue(this.id, page.valueAt(position))]);
      if (changed >= 0) this.#host.recordChange(storeKey, changed);
    }
    page.forget(position);
  }

  #discardUnused(page: DiskPage): void {
    if (page === this.#page || page.isPinned || page.known > 0) return;
    this.#pages.delete(namespaceId(page.namespace));
  }

  // ---- scans

  /** Keys that may have a value in the page, each once; collected in batches, so that callbacks may change everything. */
  *#keysOf(page: DiskPage): IterableIterator<unknown> {
    const { context } = this;
    const cached: unknown[] = [];
    const cachedIds = new Set<unknown>();
    for (let position = 0; position < page.positionLimit; position++) {
      if (page.statusAt(position) === CellStatus.Unknown) continue;
      const key = context.keys[page.slotAt(position)];
      cachedIds.add(namespaceId(key));
      if (page.valueAt(position) !== undefined) cached.push(key);
    }
    yield* cached;
    for (const { key } of this.#scanStored(makePrefix(this.id, page.namespaceBytes))) {
      const decoded = this.#host.codec.decodeKey(key);
      if (!cachedIds.has(namespaceId(decoded))) yield decoded;
    }
  }

  *#scanStored(prefix: Uint8Array): IterableIterator<{ key: Uint8Array }> {
    if (!this.#host.mayHaveRows()) return;
    const view = this.#host.openView();
    try {
      let batch: { key: Uint8Array }[] = [];
      for (const row of view.scan(prefix)) {
        batch.push({ key: parseStoreKey(row.key.slice()).key });
        if (batch.length < SCAN_BATCH) continue;
        yield* batch;
        batch = [];
      }
      yield* batch;
    } finally {
      view.close();
    }
  }

  #mapStored(change: (value: unknown) => unknown): void {
    if (!this.#host.mayHaveRows()) return;
    const view = this.#host.openView();
    const { codec } = this.#host;
    try {
      let changes: [Uint8Array, Uint8Array | undefined][] = [];
      for (const row of view.scan(makePrefix(this.id))) {
        const former = row.key.slice();
        const value = change(codec.decodeStored(this.id, row.value));
        const { namespace, keyGroup, key } = parseStoreKey(former);
        changes.push([former, undefined]);
        changes.push([
          makeStoreKey(this.id, codec.renewNamespace(this.id, namespace), keyGroup, key),
          codec.encodeValue(this.id, value),
        ]);
        if (changes.length < SCAN_BATCH * 2) continue;
        this.#host.write(changes);
        changes = [];
      }
      this.#host.write(changes);
    } finally {
      view.close();
    }
  }

  /** Namespaces that may have values: those cached, then those only stored. */
  *#namespaces(): IterableIterator<unknown> {
    const seen = new Set<unknown>();
    for (const [id, page] of this.#pages) {
      seen.add(id);
      yield page.namespace;
    }
    if (!this.#host.mayHaveRows()) return;
    const view = this.#host.openView();
    try {
      for (const bytes of storedNamespaces(view, this.id)) {
        const namespace = this.#host.codec.decodeNamespace(this.id, bytes);
        if (!seen.has(namespaceId(namespace))) yield namespace;
      }
    } finally {
      view.close();
    }
  }

  #hasStored(namespace: unknown): boolean {
    if (!this.#host.mayHaveRows()) return false;
    const view = this.#host.openView();
    try {
      for (const _row of view.scan(makePrefix(this.id, this.#host.codec.encodeNamespace(this.id, namespace))))
        return true;
      return false;
    } finally {
      view.close();
    }
  }

  #hasValues(page: DiskPage): boolean {
    for (let position = 0; position < page.positionLimit; position++)
      if (page.valueAt(position) !== undefined) return true;
    const { context } = this;
    const previousKey = context.key;
    let found = false;
    for (const key of this.#keysOf(page)) {
      context.setCurrentKey(key);
      found = page.get() !== undefined;
      if (found) break;
    }
    context.setCurrentKey(previousKey);
    return found;
  }
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
