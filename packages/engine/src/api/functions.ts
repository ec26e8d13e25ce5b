// What a user implements. Each function may be given as a plain function or as an object (a class for rich functions with
// open/close, state and metrics). Functions reach state, timers, time and output only through their arguments and their
// RuntimeContext, synchronously unless declared async.
import type { Accumulator, DoubleCounter, HistogramAccumulator, IntCounter, LongCounter } from './accumulators.ts';
import type { MetricGroup } from './metrics.ts';
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  OperatorStateStore,
  ReducingState,
  ReducingStateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from './state.ts';

export interface Collector<T> {
  collect(value: T): void;
}

export type KeySelector<T, K> = (value: T) => K;

/** What a running function can learn and reach. One per operator and subtask. */
export interface RuntimeContext {
  readonly jobId: string;
  readonly jobName: string;
  readonly taskName: string;
  readonly operatorId: string;
  readonly indexOfThisSubtask: number;
  readonly numberOfParallelSubtasks: number;
  readonly maxNumberOfParallelSubtasks: number;
  readonly attemptNumber: number;
  readonly globalJobParameters: Readonly<Record<string, string>>;
  readonly metricGroup: MetricGroup;
  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void;
  getAccumulator<V, R>(name: string): Accumulator<V, R> | undefined;
  /** The accumulator of that name; it is added when there is none yet. Likewise the next three. */
  getIntCounter(name: string): IntCounter;
  getLongCounter(name: string): LongCounter;
  getDoubleCounter(name: string): DoubleCounter;
  getHistogram(name: string): HistogramAccumulator;
  /** Keyed state; throws outside a keyed operator. */
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getAggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O>;
}

/** Life cycle shared by all user functions; every member is optional for plain objects. */
export interface RichFunctionLifecycle {
  setRuntimeContext?(context: RuntimeContext): void;
  open?(context: RuntimeContext): void | Promise<void>;
  close?(): void | Promise<void>;
}

/** Base of the Rich… classes: keeps the context for `getRuntimeContext()`. */
export abstract class RichFunction implements RichFunctionLifecycle {
  #context: RuntimeContext | undefined;

  setRuntimeContext(context: RuntimeContext): void {
    this.#context = context;
  }

  getRuntimeContext(): RuntimeContext {
    if (!this.#context) throw new Error('The runtime context is available from open() on, not in the constructor');
    return this.#context;
  }

  open(_context: RuntimeContext): void | Promise<void> {}

  close(): void | Promise<void> {}
}

export interface FunctionSnapshotContext {
  readonly checkpointId: number;
  readonly checkpointTimestampMs: number;
}

export interface FunctionInitializationContext {
  /** True when state was restored from a checkpoint or savepoint. */
  readonly isRestored: boolean;
  readonly restoredCheckpointId: number | undefined;
  readonly operatorStateStore: OperatorStateStore;
  /** Epoch ms; may be kept and asked later. */
  currentProcessingTime(): number;
  /** A line on the job's standard error; may be kept and called later. */
  warn(message: string): void;
}

/** A function with operator state: initializeState before open, snapshotState at each barrier (synchronous part). */
export interface CheckpointedFunction {
  initializeState(context: FunctionInitializationContext): void | Promise<void>;
  snapshotState(context: FunctionSnapshotContext): void | Promise<void>;
}

export interface CheckpointListener {
  notifyCheckpointComplete(checkpointId: number): void | Promise<void>;
  notifyCheckpointAborted?(checkpointId: number): void | Promise<void>;
}
