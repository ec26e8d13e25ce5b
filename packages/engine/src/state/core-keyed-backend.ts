// What heap and disk backends share: states by name, state kinds over cells, timers, restore. Backends give tables and snapshots.
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  StateDescriptor,
  StateTtlConfig,
  ValueState,
  ValueStateDescriptor,
} from '../api/state.ts';
import type { TypeInformation } from '../api/type-information.ts';
import type { StateFileFactory } from '../checkpoint/state-file-factory.ts';
import type { KeyedStateHandle } from '../checkpoint/state-handles.ts';
import { appError } from '../errors.ts';
import { createSerializer, type Serializer } from '../serialization/index.ts';
import type { Cells, CellTable } from './cells.ts';
import { collectParts, joinCollected } from './collected-parts.ts';
import { KeyContext } from './key-context.ts';
import { checkMaxParallelism, computeKeyGroupForKeyHash, createKeyHasher } from './key-groups.ts';
import type {
  KeyedSnapshotRun,
  KeyedStateBackend,
  KeyedStateOptions,
  KeyGroupRange,
  MergingState,
  Namespaced,
  StateDescription,
} from './keyed-state-backend.ts';
import {
  cellTableOf,
  createWholeSerializers,
  KeyedStateRegistry,
  type RegisteredState,
  type SnapshotTable,
  type StateSerializers,
} from './keyed-state-registry.ts';
import { CellAggregatingState } from './kinds/aggregating-state.ts';
import { type ListCells, WholeList } from './kinds/list-cells.ts';
import { CellListState, TtlListState } from './kinds/list-state.ts';
import { type MapCells, WholeMap } from './kinds/map-cells.ts';
import { CellMapState } from './kinds/map-state.ts';
import { CellReducingState } from './kinds/reducing-state.ts';
import { TtlCells, TtlPolicy } from './kinds/ttl.ts';
import { isCellExpired, ttlConversion } from './kinds/ttl-cell.ts';
import { CellValueState } from './kinds/value-state.ts';
import type { PaneState } from './pane.ts';
import { type RestoredState, restoreKeyedState } from './restore-keyed-state.ts';
import { type StateSchema, schemaOfDescriptor, timerSchema } from './state-schema.ts';
import type { InternalTimerService, TimerServiceOptions } from './timer-service.ts';
import { HeapTimerService } from './timers/heap-timer-service.ts';
import { TimerQueue } from './timers/timer-queue.ts';

export interface KeyedStateBackendOptions {
  readonly kind: 'heap' | 'disk';
  /** Undefined: keys of any type. Decides their hash, so the sender of the records must use the same. */
  readonly keyType: TypeInformation | undefined;
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;
  /** Disk: directory of this backend alone, absolute; made when missing, emptied at start. */
  readonly workDirectory: string;
  /** Processing time for TTL, epoch ms. */
  readonly nowMs: () => number;
  /** Monotonic, for the length of snapshot steps. */
  readonly monotonicMs: () => number;
  /** Disk: memory for decoded cells, estimated from their encoded size; default 64 MiB. */
  readonly cacheBytes?: number | undefined;
  /** Disk: number of decoded cells instead. */
  readonly cacheEntries?: number | undefined;
  /** Disk: cells of a dropped namespace that are removed in one go; default 512. */
  readonly dropCells?: number | undefined;
}

/** What the backends' tables have in common. */
export interface BackendTable extends CellTable, SnapshotTable {
  /** See HeapColumn.sweep. */
  sweep(from: number, count: number, isExpired: (value: unknown) => boolean): number;
}

/** Cells looked at for expiry on each access to a TTL state. Flink's default for incremental cleanup. */
const TTL_CLEANUP_CELLS = 5;

export abstract class CoreKeyedBackend implements KeyedStateBackend {
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;
  protected readonly context: KeyContext;
  protected readonly keySerializer: Serializer;
  protected readonly registry: KeyedStateRegistry<BackendTable>;
  protected readonly nowMs: () => number;
  protected readonly monotonicMs: () => number;
  /** States that are restored from parts, and kept whole. */
  readonly #collected = new Set<RegisteredState<BackendTable>>();

  constructor(options: KeyedStateBackendOptions) {
    checkMaxParallelism(options.maxParallelism);
    this.keyGroupRange = options.keyGroupRange;
    this.maxParallelism = options.maxParallelism;
    this.nowMs = options.nowMs;
    this.monotonicMs = options.monotonicMs;
    this.keySerializer = createSerializer(options.keyType);
    const hashKey = createKeyHasher(options.keyType);
    // Asked for keys that are not known yet, so not for every record.
    this.context = new KeyContext((key) => {
      if (key === undefined || key === null) throw appError('KEY_MISSING', [key]);
      return computeKeyGroupForKeyHash(hashKey(key), options.maxParallelism);
    });
    this.registry = new KeyedStateRegistry<BackendTable>({
      createSerializers: (schema) => this.createSerializers(schema),
      createTable: (id, schema) => this.createTable(id, schema),
      createTimerQueue: (id) => new TimerQueue(id, this.context),
    });
  }

  protected createSerializers(schema: StateSchema): StateSerializers {
    return createWholeSerializers(schema);
  }

  protected openList(state: RegisteredState<BackendTable>): ListCells {
    return new WholeList(cellTableOf(state).openCells());
  }

  protected openMap(state: RegisteredState<BackendTable>): MapCells {
    return new WholeMap(cellTableOf(state).openCells());
  }

  protected abstract createTable(id: number, schema: StateSchema): BackendTable;
  abstract snapshot(checkpointId: number, files: StateFileFactory): KeyedSnapshotRun;
  abstract notifyCheckpointComplete(checkpointId: number): void;
  abstract notifyCheckpointAborted(checkpointId: number): void;
  /** Heap: what is dropped is gone. */
  cleanUp(_budgetMs: number): boolean {
    return false;
  }

  abstract statistics(): { readonly entries: number; readonly sizeBytes: number };
  abstract dispose(): Promise<void>;

  setCurrentKey(key: unknown): void {
    this.context.setCurrentKey(key);
  }

  createKeySetter(): (key: unknown, keyId: number) => void {
    return this.context.createKeySetter();
  }

  currentKey(): unknown {
    return this.context.key;
  }

  getValueState<T>(descriptor: ValueStateDescriptor<T>, options?: KeyedStateOptions): ValueState<T> & Namespaced {
    return new CellValueState<T>(this.#openValueCells(descriptor as ValueStateDescriptor<unknown>, options));
  }

  getReducingState<T>(
    descriptor: ReducingStateDescriptor<T>,
    options?: KeyedStateOptions,
  ): ReducingState<T> & MergingState {
    const cells = this.#openValueCells(descriptor as unknown as ReducingStateDescriptor<unknown>, options);
    return new CellReducingState<T>(cells, descriptor.reduce);
  }

  getAggregatingState<I, A, O>(
    descriptor: AggregatingStateDescriptor<I, A, O>,
    options?: KeyedStateOptions,
  ): AggregatingState<I, O> & MergingState {
    const cells = this.#openValueCells(
      descriptor as unknown as AggregatingStateDescriptor<unknown, unknown, unknown>,
      options,
    );
    return new CellAggregatingState<I, A, O>(descriptor.name, cells, descriptor.aggregate);
  }

  getListState<T>(descriptor: ListStateDescriptor<T>, options?: KeyedStateOptions): ListState<T> & MergingState {
    const state = this.#claim(descriptor as ListStateDescriptor<unknown>, options);
    const cells = this.openList(state);
    const policy = this.#ttlPolicy(descriptor.ttl, state);
    return policy === undefined
      ? new CellListState<T>(cells)
      : new TtlListState<T>(cells, policy, this.#cleanUp(state, policy));
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>, options?: KeyedStateOptions): MapState<K, V> & Namespaced {
    const state = this.#claim(descriptor as unknown as MapStateDescriptor<unknown, unknown>, options);
    const policy = this.#ttlPolicy(descriptor.ttl, state);
    const cleanUp = policy === undefined ? () => {} : this.#cleanUp(state, policy);
    return new CellMapState<K, V>(this.openMap(state), policy, cleanUp);
  }

  getPaneState<V>(descriptor: StateDescriptor, namespaceType: TypeInformation): PaneState<V> {
    // Tables of namespaced states are PaneStates.
    return cellTableOf(this.#claim(descriptor, { namespaceType })) as unknown as PaneState<V>;
  }

  createTimerService(options: TimerServiceOptions): InternalTimerService {
    return new HeapTimerService(
      options,
      this.context,
      this.#claimTimers(`_timer_state/event_${options.name}`, options.namespaceType),
      this.#claimTimers(`_timer_state/processing_${options.name}`, options.namespaceType),
    );
  }

  forEachKey(stateName: string, callback: (key: unknown) => void): void {
    const state = this.registry.find(stateName);
    if (state === undefined || state.table instanceof TimerQueue) return;
    state.table.forEachKey(callback);
  }

  async restore(handles: readonly KeyedStateHandle[]): Promise<void> {
    const { keySerializer, keyGroupRange, maxParallelism, context } = this;
    await restoreKeyedState(handles, {
      keySerializer,
      keyGroupRange,
      maxParallelism,
      reserve: (rows) => this.reserve(rows),
      openState: (schema, hasParts) => this.openRestored(this.registry.restore(schema), hasParts),
    });
    for (const state of this.#collected) {
      cellTableOf(state).mapValues((cell) => joinCollected(state.schema.kind, cell));
    }
    this.#collected.clear();
    context.setCurrentKey(undefined);
  }

  protected reserve(rows: number): void {
    this.context.reserve(rows);
  }

  /** @param hasParts the rows are parts of values */
  protected openRestored(state: RegisteredState<BackendTable>, hasParts: boolean): RestoredState {
    const { context } = this;
    if (state.table instanceof TimerQueue) return restoredTimers(context, state.table);
    const cells = state.table.openCells();
    if (hasParts && !state.hasParts) {
      this.#collected.add(state);
      return collectParts(context, cells);
    }
    return {
      put: (key, namespace, value) => {
        context.setCurrentKey(key);
        cells.setCurrentNamespace(namespace);
        cells.write(value);
      },
      remove: (key, namespace) => {
        context.setCurrentKey(key);
        cells.setCurrentNamespace(namespace);
        cells.remove();
      },
    };
  }

  describeStates(): readonly StateDescription[] {
    return this.registry.describe();
  }

  #openValueCells(descriptor: StateDescriptor, options: KeyedStateOptions | undefined): Cells {
    const state = this.#claim(descriptor, options);
    const cells = cellTableOf(state).openCells();
    const policy = this.#ttlPolicy(descriptor.ttl, state);
    return policy === undefined ? cells : new TtlCells(cells, policy, this.#cleanUp(state, policy));
  }

  #claim(descriptor: StateDescriptor, options: KeyedStateOptions | undefined): RegisteredState<BackendTable> {
    const wanted = schemaOfDescriptor(descriptor, options?.namespaceType);
    const restored = this.registry.find(wanted.name);
    if (restored === undefined || restored.isClaimed) return this.registry.claim(wanted);
    const { schema, serializer, namespaceSerializer, hasParts } = restored;
    // Snapshots under way save it as it was.
    this.#writeToRuns(restored);
    const state = this.registry.claim(wanted);
    const hasTtlChanged = (schema.ttlMs === undefined) !== (wanted.ttlMs === undefined);
    const change = hasTtlChanged ? ttlConversion(wanted, this.nowMs()) : undefined;
    this.onAdopted(state, { serializer, namespaceSerializer, hasParts }, change);
    return state;
  }

  /** A restored state is the program's from now on: converts its cells when its time to live came or went. */
  protected onAdopted(
    state: RegisteredState<BackendTable>,
    _former: StateSerializers,
    change: ((cell: unknown) => unknown) | undefined,
  ): void {
    if (change !== undefined) cellTableOf(state).mapValues(change);
  }

  #writeToRuns(state: RegisteredState<BackendTable>): void {
    for (const run of this.context.runs) {
      const cursor = state.table.createCursor(run);
      while (!cursor.advance(Number.MAX_SAFE_INTEGER));
    }
  }

  #claimTimers(name: string, namespaceType: TypeInformation | undefined): TimerQueue {
    return this.registry.claim(timerSchema(name, namespaceType)).table as TimerQueue;
  }

  #ttlPolicy(ttl: StateTtlConfig | undefined, state: RegisteredState<BackendTable>): TtlPolicy | undefined {
    if (ttl === undefined || state.schema.ttlMs === undefined) return undefined;
    const policy = new TtlPolicy(ttl, this.nowMs);
    state.isExpired ??= isCellExpired(state.schema.kind, policy);
    return policy;
  }

  /** Incremental cleanup: each access looks at a few further cells. */
  #cleanUp(state: RegisteredState<BackendTable>, policy: TtlPolicy): () => void {
    const table = cellTableOf(state);
    const isExpired = isCellExpired(state.schema.kind, policy);
    let position = 0;
    return () => {
      position = table.sweep(position, TTL_CLEANUP_CELLS, isExpired);
    };
  }
}

function restoredTimers(context: KeyContext, queue: TimerQueue): RestoredState {
  return {
    put: (key, namespace, timestampMs) => {
      context.setCurrentKey(key);
      queue.add(namespace, timestampMs as number);
    },
    remove: () => {},
  };
}
