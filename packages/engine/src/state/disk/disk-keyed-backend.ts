// Keyed state larger than memory: decoded cells in a bounded write-back cache over lmdb; checkpoints as a base and deltas.
//   B1. A delta holds every change since the newest *completed* checkpoint of this attempt, so an aborted one leaves no gap.
//   B2. After a restore, and whenever deltas have outgrown their base, the next checkpoint is a full one (a new base).
//   B3. Savepoints are full, self-contained and never a base.
//   B4. A dropped namespace is gone at once; its cells go in steps of cleanUp (see dropped-pages.ts).

import type { StateDescriptor } from '../../api/state.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import type { StateFileFactory } from '../../checkpoint/state-file-factory.ts';
import type { StateFileHandle } from '../../checkpoint/state-handles.ts';
import { type BackendTable, CoreKeyedBackend, type KeyedStateBackendOptions } from '../core-keyed-backend.ts';
import type { KeyedSnapshotRun } from '../keyed-state-backend.ts';
import { cellTableOf, type RegisteredState, type StateSerializers } from '../keyed-state-registry.ts';
import type { PaneState } from '../pane.ts';
import { canHaveParts, createPartSerializers, SplitHead } from '../parts.ts';
import type { RestoredState } from '../restore-keyed-state.ts';
import type { StateSchema } from '../state-schema.ts';
import { TimerQueue } from '../timers/timer-queue.ts';
import { CellCache } from './cell-cache.ts';
import { CellStore } from './cell-store.ts';
import { ChangeLog } from './change-log.ts';
import { DiskCellCodec } from './disk-cell-codec.ts';
import { DiskSnapshotRun, type SnapshotBase } from './disk-snapshot-run.ts';
import { DiskTable } from './disk-table.ts';
import type { DiskTableHost } from './disk-table-host.ts';
import { SplitList } from './split-list.ts';
import { SplitMap } from './split-map.ts';

/** Files of one handle at most; more make restores slow. */
const MAX_CHAIN_FILES = 32;
/** Cells of a dropped namespace that are removed in one go: about 1 ms. */
const DROP_CELLS = 512;

interface Chain {
  readonly epoch: number;
  readonly files: readonly StateFileHandle[];
}

export class DiskKeyedStateBackend extends CoreKeyedBackend {
  readonly #store: CellStore;
  readonly #codec: DiskCellCodec;
  readonly #log = new ChangeLog();
  readonly #cache: CellCache;
  readonly #host: DiskTableHost;
  readonly #tables: DiskTable[] = [];
  /** Newest completed checkpoint that deltas may build on. */
  #completed: Chain | undefined;
  /** Written checkpoints that are not known to be completed, by id. */
  readonly #written = new Map<number, Chain>();
  #disposed = false;

  constructor(options: KeyedStateBackendOptions) {
    super(options);
    this.#store = new CellStore(options.workDirectory);
    this.#codec = new DiskCellCodec(this.keySerializer, (id) => this.registry.byId(id));
    this.#cache = new CellCache({
      store: this.#store,
      context: this.context,
      averageValueBytes: () => this.#codec.averageValueBytes,
      cacheBytes: options.cacheBytes,
      cacheEntries: options.cacheEntries,
    });
    this.#host = this.#createHost(options.dropCells ?? DROP_CELLS);
  }

  protected override createSerializers(schema: StateSchema): StateSerializers {
    return canHaveParts(schema.kind) ? createPartSerializers(schema) : super.createSerializers(schema);
  }

  protected override openList(state: RegisteredState<BackendTable>): SplitList {
    const table = state.table as DiskTable;
    return new SplitList(
      () => table.openCells(),
      () => table.isWhole,
    );
  }

  protected override openMap(state: RegisteredState<BackendTable>): SplitMap {
    const table = state.table as DiskTable;
    return new SplitMap(
      () => table.openCells(),
      () => table.isWhole,
    );
  }

  /** Panes of lists and maps give them whole. */
  override getPaneState<V>(descriptor: StateDescriptor, namespaceType: TypeInformation): PaneState<V> {
    const panes = super.getPaneState<V>(descriptor, namespaceType);
    const state = this.registry.find(descriptor.name)!;
    if (state.hasParts) this.#keepWhole(state, panes);
    return panes;
  }

  #keepWhole(state: RegisteredState<BackendTable>, panes: PaneState): void {
    const table = state.table as DiskTable;
    if (table.isWhole) return;
    table.isWhole = true;
    const cells = state.schema.kind === 'list' ? this.openList(state) : this.openMap(state);
    for (const pane of panes.all()) {
      cells.setCurrentNamespace(pane.namespace);
      pane.forEach((value) => {
        if (value instanceof SplitHead) cells.join();
      });
    }
  }

  /** Lists and maps from a backend that keeps them whole are split. */
  protected override openRestored(state: RegisteredState<BackendTable>, hasParts: boolean): RestoredState {
    const restored = super.openRestored(state, hasParts);
    if (hasParts || !state.hasParts) return restored;
    const cells = state.schema.kind === 'list' ? this.openList(state) : this.openMap(state);
    return {
      ...restored,
      put: (key, namespace, value) => {
        this.context.setCurrentKey(key);
        cells.setCurrentNamespace(namespace);
        cells.restore(value as never);
      },
    };
  }

  protected createTable(id: number, schema: StateSchema): BackendTable {
    const table = new DiskTable(id, this.#host, schema.namespaceType !== undefined, canHaveParts(schema.kind));
    this.#cache.addTable(table);
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
      dropped: new Map(this.#tables.map((table) => [table.id, table.droppedRows()])),
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

  override cleanUp(budgetMs: number): boolean {
    const waiting = this.#tables.filter((table) => table.hasDropped);
    if (waiting.length === 0) return false;
    const deadlineMs = this.monotonicMs() + budgetMs;
    for (const table of waiting) {
      while (table.hasDropped) {
        table.cleanUp(this.#host.dropCells);
        if (this.monotonicMs() >= deadlineMs) return true;
      }
    }
    return true;
  }

  statistics(): { readonly entries: number; readonly sizeBytes: number } {
    let entries = this.#cache.cells;
    for (const { table } of this.registry.states) if (table instanceof TimerQueue) entries += table.size;
    return { entries, sizeBytes: Math.round(entries * this.#cache.cellBytes) };
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#store.close();
  }

  #createHost(dropCells: number): DiskTableHost {
    return {
      context: this.context,
      codec: this.#codec,
      dropCells,
      openView: () => this.#store.openView(),
      mayHaveRows: () => this.#store.mayHaveRows,
      get: (storeKey) => this.#store.get(storeKey),
      write: (change) => this.#store.write(change),
      isLogged: (epoch) => this.#log.takes(epoch),
      recordChange: (storeKey, epoch) => this.#log.record(storeKey, epoch),
      onCached: () => this.#cache.onCached(),
      onUncached: () => this.#cache.onUncached(),
      onDirty: (change) => this.#cache.onDirty(change),
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
}

/** The deltas together are larger than the base, or there are too many. */
function isOutgrown(files: readonly StateFileHandle[]): boolean {
  let deltaBytes = 0;
  for (let i = 1; i < files.length; i++) deltaBytes += files[i]!.sizeBytes;
  return files.length >= MAX_CHAIN_FILES || deltaBytes > files[0]!.sizeBytes;
}
