// The contexts that process functions get with each call. Valid during that call only.
import type { OutputTag } from './output-tag.ts';
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  BroadcastState,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReadOnlyBroadcastState,
  ReducingState,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from './state.ts';
import type { TimeDomain, TimerService } from './timer-service.ts';
import type { Window } from './windows/window.ts';

export interface SideOutputContext {
  output<X>(tag: OutputTag<X>, value: X): void;
}

export interface ProcessContext extends SideOutputContext {
  /** Event time of the element; undefined when it has none. */
  timestamp(): number | undefined;
  timerService(): TimerService;
}

export interface KeyedProcessContext<K> extends ProcessContext {
  getCurrentKey(): K;
}

export interface OnTimerContext<K> extends KeyedProcessContext<K> {
  timeDomain(): TimeDomain;
}

export interface ReadOnlyBroadcastContext extends SideOutputContext {
  timestamp(): number | undefined;
  currentProcessingTime(): number;
  currentWatermark(): number;
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): ReadOnlyBroadcastState<K, V>;
}

export interface BroadcastContext extends SideOutputContext {
  timestamp(): number | undefined;
  currentProcessingTime(): number;
  currentWatermark(): number;
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}

export interface KeyedReadOnlyBroadcastContext<K> extends ReadOnlyBroadcastContext {
  timerService(): TimerService;
  getCurrentKey(): K;
}

export interface KeyedBroadcastContext<K> extends BroadcastContext {
  /** Calls back for each key that has the state, with the key set as current. */
  applyToKeyedState<S extends StateDescriptor>(descriptor: S, callback: (key: K, state: StateOf<S>) => void): void;
}

export interface BroadcastOnTimerContext<K> extends KeyedReadOnlyBroadcastContext<K> {
  timeDomain(): TimeDomain;
}

/** The handle that a descriptor gives. */
export type StateOf<S> =
  S extends ValueStateDescriptor<infer T>
    ? ValueState<T>
    : S extends ListStateDescriptor<infer T>
      ? ListState<T>
      : S extends MapStateDescriptor<infer K, infer V>
        ? MapState<K, V>
        : S extends ReducingStateDescriptor<infer T>
          ? ReducingState<T>
          : S extends AggregatingStateDescriptor<infer I, infer _A, infer O>
            ? AggregatingState<I, O>
            : never;

export interface KeyedStateStore {
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getAggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O>;
}

export interface WindowContext<W extends Window> extends SideOutputContext {
  readonly window: W;
  currentProcessingTime(): number;
  currentWatermark(): number;
  /** State of this key and window; clear it in clear(). Not for merging windows. */
  windowState(): KeyedStateStore;
  /** State of this key over all windows. */
  globalState(): KeyedStateStore;
}

export interface IntervalJoinContext extends SideOutputContext {
  getLeftTimestamp(): number;
  getRightTimestamp(): number;
  /** The larger of both; also the timestamp of what is collected. */
  getTimestamp(): number;
}

export interface SinkContext {
  currentProcessingTime(): number;
  currentWatermark(): number;
  /** Undefined when the record has none. */
  timestamp(): number | undefined;
}
