// Keyed state larger than memory: decoded cells in a bounded write-back cache over lmdb; checkpoints as a base and deltas.
//   B1. A delta holds every change since the newest *completed* checkpoint of this attempt, so an aborted one leaves no gap.
//   B2. After a restore, and whenever deltas have outgrown their base, the next checkpoint is a full one (a new base).
//   B3. Savepoints are full, self-contained and never a base.
import type { StateFileFactory } from '../../checkpoint/state-file-factory.ts';
import type { StateFileHandle } from '../../checkpoint/state-handles.ts';
import { type BackendTable, CoreKeyedBackend, type KeyedStateBackendOptions } from '../core-keyed-backend.ts';
import type { KeyedSnapshotRun } from '../keyed-state-backend.ts';
import { cellTableOf, type RegisteredState, type StateSerializers } from '../keyed-state-registry.ts';
import type { StateSchema } from '../state-schema.ts';
import { TimerQueue } from '../timers/timer-queue.ts';
import { CellStore } from './cell-store.ts';
import { ChangeLog } from './change-log.ts';
import { DiskCellCodec } from './disk-cell-codec.ts';
import { DiskSnapshotRun, type SnapshotBase } from './disk-snapshot-run.ts';
import { DiskTable, type DiskTableHost } from './disk-table.ts';

/** Decoded cells kept in memory. */
export const DEFAULT_DISK_CACHE_BYTES = 64 * 1024 * 1024;
/** Of a cell beyond its value: slot, index, key, status. */
const CELL_OVERHEAD_BYTES = 64;
/** A decoded value takes about this many times its encoded bytes. */
const DECODED_FACTOR = 2;
/** Cells moved out at once: large enough for cheap transactions, small enough for short pauses (about 4 µs each). */
const EVICTION_BATCH = 1024;
/** Files of one handle at most; more make restores slow. */
const MAX_CHAIN_FILES = 32;

interface Chain {
  readonly epoch: number;
  readonly files: readonly StateFileHandle[];
}

export class DiskKeyedStateBackend extends CoreKeyedBackend {
  readonly #store: CellStore;
  readonly #codec: DiskCellCodec;
  readonly #log = new ChangeLog();
  readonly #tables: DiskTable[] = [];
  readonly #host: DiskTableHost;
  readonly #cacheBytes: number;
  readonly #fixedCacheCells: number | undefined;
  #cachedCells = 0;
  #maxCachedCells = 0;
  #evictingTable = 0;
  /** Newest completed checkpoint that deltas may build on. */
  #completed: Chain | undefined;
  /** Written checkpoints that are not known to be completed, by id. */
  readonly #written = new Map<number, Chain>();
  #disposed = false;

  constructor(options: KeyedStateBackendOptions) {
    super(options);
    this.#store = new CellStore(options.workDirectory);
    this.#codec = new DiskCellCodec(this.keySerializer, (id) => this.registry.byId(id));
    this.#cacheBytes = options.cacheBytes ?? DEFAULT_DISK_CACHE_BYTES;
    this.#fixedCacheCells = options.cacheEntries;
    this.#host = this.#createHost();
    this.#resizeCache();
  }

  protected createTable(id: number, schema: StateSchema): BackendTable {
    const table = new DiskTable(id, this.#host, schema.namespaceType !== undefined);
    this.#tables.push(table);
    return table;
  }

  protected override onAdopted(
    state: RegisteredState<BackendTable>,
    former: StateSerializers,
    change: ((cell: unknown) => unknown) | undefined,
  ): void {
    if (state.table instanceof TimerQueue) return;
    const isSameFormat =
      former.serializer.description === state.serializer.description &&
      former.namespaceSerializer?.description === state.namespaceSerializer?.description;
    if (change === undefined && isSameFormat) return;
    this.#codec.rememberFormer(state.id, former);
    cellTableOf(state).mapValues(change ?? ((value) => value));
    this.#codec.forgetFormer(state.id);
    this.#completed = undefined;
  }

  snapshot(checkpointId: number, files: StateFileFactory): KeyedSnapshotRun {
    const { context, keySerializer, keyGroupRange, maxParallelism, monotonicMs } = this;
    return new DiskSnapshotRun(this.registry.states, files, this.#sealBase(files.selfContained), {
      context,
      keySerializer,
      keyGroupRange,
      maxParallelism,
      monotonicMs,
      view: this.#store.mayHaveRows ? this.#store.openView() : undefined,
      decodeValue: (stateId, bytes) => this.#codec.decodeValue(stateId, bytes),
      onWritten: (run, written) => {
        if (!files.selfContained) this.#written.set(checkpointId, { epoch: run.epoch, files: written });
      },
    });
  }

  notifyCheckpointComplete(checkpointId: number): void {
    const chain = this.#written.get(checkpointId);
    for (const id of this.#written.keys()) if (id <= checkpointId) this.#written.delete(id);
    if (chain === undefined || (this.#completed !== undefined && chain.epoch < this.#completed.epoch)) return;
    this.#completed = chain;
    this.#log.forgetBefore(chain.epoch);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.#written.delete(checkpointId);
  }

  statistics(): { readonly entries: number; readonly sizeBytes: number } {
    let entries = this.#cachedCells;
    for (const { table } of this.registry.states) if (table instanceof TimerQueue) entries += table.size;
    return { entries, sizeBytes: Math.round(entries * this.#cellBytes()) };
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#store.close();
  }

  #createHost(): DiskTableHost {
    return {
      context: this.context,
      codec: this.#codec,
      openView: () => this.#store.openView(),
      mayHaveRows: () => this.#store.mayHaveRows,
      get: (storeKey) => this.#store.get(storeKey),
      write: (changes) => this.#store.write(changes),
      recordChange: (storeKey, epoch) => this.#log.record(storeKey, epoch),
      onCached: () => {
        if (++this.#cachedCells > this.#maxCachedCells) this.#evict();
      },
      onUncached: () => {
        this.#cachedCells--;
      },
    };
  }

  /** What the snapshot that begins now builds on. */
  #sealBase(selfContained: boolean): SnapshotBase {
    const changes = this.#log.seal(this.context.epoch + 1);
    const chain = this.#completed;
    if (selfContained || chain === undefined || !this.#log.covers(chain.epoch) || isOutgrown(chain.files))
      return { kind: 'full' };
    return { kind: 'delta', epoch: chain.epoch, files: chain.files, changes };
  }

  /** Looks at tables in turn until a batch of cells left the cache; two rounds take everything that is not in use. */
  #evict(): void {
    this.#resizeCache();
    const changes: [Uint8Array, Uint8Array | undefined][] = [];
    const target = this.#maxCachedCells - Math.min(EVICTION_BATCH, this.#maxCachedCells >> 3);
    for (let idleTables = 0; this.#cachedCells > target && idleTables < this.#tables.length * 3; ) {
      const before = this.#cachedCells;
      const table = this.#tables[this.#evictingTable % this.#tables.length]!;
      const looked = table.evict(EVICTION_BATCH, changes);
      if (looked < EVICTION_BATCH) this.#evictingTable++;
      idleTables = this.#cachedCells < before ? 0 : idleTables + (looked < EVICTION_BATCH ? 1 : 0);
    }
    if (changes.length > 0) this.#store.write(changes);
  }

  #cellBytes(): number {
    return CELL_OVERHEAD_BYTES + this.#codec.averageValueBytes * DECODED_FACTOR;
  }

  #resizeCache(): void {
    this.#maxCachedCells =
      this.#fixedCacheCells ?? Math.max(EVICTION_BATCH, Math.floor(this.#cacheBytes / this.#cellBytes()));
  }
}

/** The deltas together are larger than the base, or there are too many. */
function isOutgrown(files: readonly StateFileHandle[]): boolean {
  let deltaBytes = 0;
  for (let i = 1; i < files.length; i++) deltaBytes += files[i]!.sizeBytes;
  return files.length >= MAX_CHAIN_FILES || deltaBytes > files[0]!.sizeBytes;
}
