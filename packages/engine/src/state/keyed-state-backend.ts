// Keyed state of one operator and subtask. Backends: heap (default) and disk; both pass state/contract-tests.
//   K1. State belongs to (state name, key, namespace). Namespaces are windows for window operators and VOID else.
//   K2. snapshot() fixes the content synchronously in bounded time; changes after it are not seen by the returned run.
//   K3. Only keys of keyGroupRange are ever current.
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
  ValueState,
  ValueStateDescriptor,
} from '../api/state.ts';
import type { TypeInformation } from '../api/type-information.ts';
import type { StateFileFactory } from '../checkpoint/state-file-factory.ts';
import type { KeyedStateHandle } from '../checkpoint/state-handles.ts';
import type { PaneState } from './pane.ts';
import type { InternalTimerService, TimerServiceOptions } from './timer-service.ts';

/** Inclusive on both ends, as Flink's. */
export interface KeyGroupRange {
  readonly start: number;
  readonly end: number;
}

/** A state whose namespace (window) is chosen before use; VOID_NAMESPACE until then. */
export interface Namespaced {
  setCurrentNamespace(namespace: unknown): void;
}

export interface MergingState extends Namespaced {
  /** Merges the content of `sources` into `target` for the current key and clears the sources. */
  mergeNamespaces(target: unknown, sources: readonly unknown[]): void;
}

export interface KeyedStateOptions {
  /** Undefined: not namespaced. */
  readonly namespaceType?: TypeInformation | undefined;
}

export interface KeyedStateBackend {
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;

  /** Hot: called before every element. */
  setCurrentKey(key: unknown): void;
  currentKey(): unknown;
  /** The hot form for one channel; `keyId` as RecordConsumer.setCurrentKey has it. */
  createKeySetter(): (key: unknown, keyId: number) => void;

  getValueState<T>(descriptor: ValueStateDescriptor<T>, options?: KeyedStateOptions): ValueState<T> & Namespaced;
  getListState<T>(descriptor: ListStateDescriptor<T>, options?: KeyedStateOptions): ListState<T> & MergingState;
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>, options?: KeyedStateOptions): MapState<K, V> & Namespaced;
  getReducingState<T>(
    descriptor: ReducingStateDescriptor<T>,
    options?: KeyedStateOptions,
  ): ReducingState<T> & MergingState;
  getAggregatingState<I, A, O>(
    descriptor: AggregatingStateDescriptor<I, A, O>,
    options?: KeyedStateOptions,
  ): AggregatingState<I, O> & MergingState;

  /**
   * The same state as the get…State method of the descriptor's kind gives, by pane (see pane.ts). For value, reducing and
   * aggregating descriptors the pane holds the value or accumulator, for list descriptors an array, for map descriptors a Map.
   */
  getPaneState<V>(descriptor: StateDescriptor, namespaceType: TypeInformation): PaneState<V>;

  /** Timers are keyed state too: saved, restored and redistributed with it. */
  createTimerService(options: TimerServiceOptions): InternalTimerService;

  /** Calls back for every key that has a value in the state (broadcast process functions: applyToKeyedState). */
  forEachKey(stateName: string, callback: (key: unknown) => void): void;

  /** Loads handles of an earlier attempt; entries outside keyGroupRange are skipped. Before any other use. */
  restore(handles: readonly KeyedStateHandle[]): Promise<void>;

  /** Synchronous part now; the run writes in slices. At most one run per checkpoint id; several may be under way. */
  snapshot(checkpointId: number, files: StateFileFactory): KeyedSnapshotRun;

  /** A checkpoint completed: files it made superfluous may go (incremental). */
  notifyCheckpointComplete(checkpointId: number): void;
  notifyCheckpointAborted(checkpointId: number): void;

  /**
   * Removes for about `budgetMs` what is left of dropped namespaces, which nobody sees any more. Called from the mailbox
   * between elements. @returns false: there was nothing to do
   */
  cleanUp(budgetMs: number): boolean;

  /** Names and kinds of all registered states, for _metadata and metrics. */
  describeStates(): readonly StateDescription[];
  /** Rough number of entries and bytes held, for metrics. */
  statistics(): { readonly entries: number; readonly sizeBytes: number };
  dispose(): Promise<void>;
}

export interface StateDescription {
  readonly name: string;
  readonly kind:
    | 'value'
    | 'list'
    | 'map'
    | 'reducing'
    | 'aggregating'
    | 'timers'
    | 'operator-list'
    | 'operator-union'
    | 'broadcast';
  /** Description of the serializer: the declared type, or {kind: 'generic'}; with its version. */
  readonly serializer: string;
  readonly serializerVersion: number;
  /** Description of the namespace's type; undefined: not namespaced. */
  readonly namespaceSerializer?: string | undefined;
  /** Time to live: entries carry a time stamp in state files. */
  readonly ttlMs?: number | undefined;
}

export interface KeyedSnapshotRun {
  /** Writes for about `budgetMs`; true when everything is written (then call finish). Called from the mailbox between elements. */
  step(budgetMs: number): boolean;
  /** Closes files; resolves with the handles. */
  finish(): Promise<readonly KeyedStateHandle[]>;
  abort(): Promise<void>;
}
