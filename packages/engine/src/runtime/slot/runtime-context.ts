// The RuntimeContext of one operator and subtask.
import {
  type Accumulator,
  DoubleCounter,
  HistogramAccumulator,
  IntCounter,
  LongCounter,
} from '../../api/accumulators.ts';
import type { RuntimeContext } from '../../api/functions.ts';
import type { MetricGroup } from '../../api/metrics.ts';
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
} from '../../api/state.ts';
import { appError } from '../../errors.ts';
import type { KeyedStateBackend } from '../../state/keyed-state-backend.ts';

export interface RuntimeContextInfo {
  readonly jobId: string;
  readonly jobName: string;
  readonly taskName: string;
  readonly operatorId: string;
  readonly operatorName: string;
  readonly indexOfThisSubtask: number;
  readonly numberOfParallelSubtasks: number;
  readonly maxNumberOfParallelSubtasks: number;
  readonly attemptNumber: number;
  readonly globalJobParameters: Readonly<Record<string, string>>;
  readonly metricGroup: MetricGroup;
}

export type AccumulatorMap = Map<string, Accumulator<unknown, unknown>>;

export class OperatorRuntimeContext implements RuntimeContext {
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
  readonly #operatorName: string;
  readonly #keyed: KeyedStateBackend | undefined;
  readonly #accumulators: AccumulatorMap;

  /** @param accumulators shared by the operators of the task: names are unique per task */
  constructor(info: RuntimeContextInfo, keyed: KeyedStateBackend | undefined, accumulators: AccumulatorMap) {
    this.jobId = info.jobId;
    this.jobName = info.jobName;
    this.taskName = info.taskName;
    this.operatorId = info.operatorId;
    this.indexOfThisSubtask = info.indexOfThisSubtask;
    this.numberOfParallelSubtasks = info.numberOfParallelSubtasks;
    this.maxNumberOfParallelSubtasks = info.maxNumberOfParallelSubtasks;
    this.attemptNumber = info.attemptNumber;
    this.globalJobParameters = info.globalJobParameters;
    this.metricGroup = info.metricGroup;
    this.#operatorName = info.operatorName;
    this.#keyed = keyed;
    this.#accumulators = accumulators;
  }

  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void {
    if (this.#accumulators.has(name)) throw appError('ACCUMULATOR_EXISTS', [name, this.taskName]);
    this.#accumulators.set(name, accumulator as Accumulator<unknown, unknown>);
  }

  getAccumulator<V, R>(name: string): Accumulator<V, R> | undefined {
    return this.#accumulators.get(name) as Accumulator<V, R> | undefined;
  }

  getIntCounter(name: string): IntCounter {
    return this.#accumulatorOf(name, IntCounter);
  }

  getLongCounter(name: string): LongCounter {
    return this.#accumulatorOf(name, LongCounter);
  }

  getDoubleCounter(name: string): DoubleCounter {
    return this.#accumulatorOf(name, DoubleCounter);
  }

  getHistogram(name: string): HistogramAccumulator {
    return this.#accumulatorOf(name, HistogramAccumulator);
  }

  /** @throws ACCUMULATOR_EXISTS when it is there with another type */
  #accumulatorOf<A extends object>(name: string, type: new () => A): A {
    const known = this.#accumulators.get(name);
    if (known instanceof type) return known;
    const added = new type();
    this.addAccumulator(name, added as unknown as Accumulator<unknown, unknown>);
    return added;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#keyedState(descriptor.name).getValueState(descriptor);
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#keyedState(descriptor.name).getListState(descriptor);
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#keyedState(descriptor.name).getMapState(descriptor);
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#keyedState(descriptor.name).getReducingState(descriptor);
  }

  getAggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O> {
    return this.#keyedState(descriptor.name).getAggregatingState(descriptor);
  }

  #keyedState(stateName: string): KeyedStateBackend {
    if (!this.#keyed) throw appError('STATE_NOT_KEYED', [stateName, this.#operatorName]);
    return this.#keyed;
  }
}
