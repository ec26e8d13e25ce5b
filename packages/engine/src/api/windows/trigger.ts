// The contract of triggers; the built-in ones are in triggers.ts.
import type { MetricGroup } from '../metrics.ts';
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from '../state.ts';
import type { Window } from './window.ts';

export const TriggerResult = {
  Continue: 'CONTINUE',
  Fire: 'FIRE',
  Purge: 'PURGE',
  FireAndPurge: 'FIRE_AND_PURGE',
} as const;
export type TriggerResult = (typeof TriggerResult)[keyof typeof TriggerResult];

export interface TriggerContext {
  currentProcessingTime(): number;
  currentWatermark(): number;
  readonly metricGroup: MetricGroup;
  /** Timers are of the current key and window. */
  registerEventTimeTimer(timestampMs: number): void;
  registerProcessingTimeTimer(timestampMs: number): void;
  deleteEventTimeTimer(timestampMs: number): void;
  deleteProcessingTimeTimer(timestampMs: number): void;
  /** State of the current key and window; clear it in clear(). */
  getPartitionedState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getPartitionedState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getPartitionedState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  getPartitionedState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getPartitionedState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O>;
}

export interface OnMergeContext extends TriggerContext {
  /** Merges the state of the windows that were merged into that of the new one: list, reducing and aggregating state only. */
  mergePartitionedState<T>(descriptor: ListStateDescriptor<T> | ReducingStateDescriptor<T>): void;
  mergePartitionedState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): void;
}

/** What a built-in trigger is, as data, so that the runtime can take a faster path with equal results. */
export type BuiltInTrigger =
  | { readonly kind: 'eventTime' }
  | { readonly kind: 'processingTime' }
  | { readonly kind: 'count'; readonly maxCount: number }
  | { readonly kind: 'never' }
  | { readonly kind: 'purging'; readonly inner: BuiltInTrigger | undefined }
  | { readonly kind: 'continuousEventTime'; readonly intervalMs: number }
  | { readonly kind: 'continuousProcessingTime'; readonly intervalMs: number }
  | { readonly kind: 'delta'; readonly threshold: number };

export interface Trigger<T, W extends Window> {
  readonly builtIn?: BuiltInTrigger;
  onElement(element: T, timestampMs: number, window: W, context: TriggerContext): TriggerResult;
  onProcessingTime(timeMs: number, window: W, context: TriggerContext): TriggerResult;
  onEventTime(timeMs: number, window: W, context: TriggerContext): TriggerResult;
  /** Deletes timers and state of the window. */
  clear(window: W, context: TriggerContext): void;
  /** True: onMerge is there and merging windows (sessions) may use it. */
  canMerge?(): boolean;
  onMerge?(window: W, context: OnMergeContext): void;
  /** Name in the operator's default name, e.g. "EventTimeTrigger". */
  toString(): string;
}
