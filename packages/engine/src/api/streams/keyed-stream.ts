// KeyedStream: records with a key. Those of one key meet in one subtask, and operators keep state per key.
import { appError } from '../../errors.ts';
import type { OperatorSpec, PairSum, ProcessSpec } from '../../graph/operator-spec.ts';
import type { KeySpec, OperatorTransformation, Partitioner, Transformation } from '../../graph/transformation.ts';
import type { StreamExecutionEnvironment } from '../environment.ts';
import { bindFunction, bindOptional } from '../function-binding.ts';
import { type KeyedProcessLike, ProcessFunction } from '../process-functions.ts';
import type { NewOperator } from '../program-builder.ts';
import type { TimeLike } from '../time.ts';
import type { TypeInformation } from '../type-information.ts';
import type { ReduceLike } from '../user-functions.ts';
import { CountTrigger } from '../windows/count-trigger.ts';
import { CountEvictor } from '../windows/evictors.ts';
import { GlobalWindows } from '../windows/global-windows.ts';
import { PurgingTrigger } from '../windows/purging-trigger.ts';
import type { GlobalWindow, TimeWindow, Window } from '../windows/window.ts';
import type { WindowAssigner } from '../windows/window-assigner.ts';
import { extreme, extremeBy, type FieldName, type Reduction, sumBy } from './aggregations.ts';
import { DataStream, type FieldOf, SingleOutputStreamOperator } from './data-stream.ts';
import { IntervalJoin } from './interval-join.ts';
import { pairSumOf } from './pair-sum.ts';
import { timeWindowAssigner } from './time-windows.ts';
import { WindowedStream } from './windowed-stream.ts';

export class KeyedStream<T, K> extends DataStream<T> {
  readonly #key: KeySpec;

  constructor(environment: StreamExecutionEnvironment, transformation: Transformation, key: KeySpec) {
    super(environment, transformation);
    this.#key = key;
  }

  getKey(): KeySpec {
    return this.#key;
  }

  getKeyType(): TypeInformation<K> | undefined {
    return this.#key.type as TypeInformation<K> | undefined;
  }

  /** Emits the running result of its key for each record. */
  reduce(reducer: ReduceLike<T>): SingleOutputStreamOperator<T> {
    return this.keyed(
      'Keyed Reduce',
      { kind: 'keyedReduce', ...bindFunction<Reduction>(reducer, 'reduce', 'reduce') },
      this.getType(),
    );
  }

  /** Running sum of a field, or of the records themselves when they are numbers. */
  sum(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    const summed = this.#checkField(field[0]);
    return this.#aggregate(sumBy(summed), pairSumOf(this.getType(), this.#key, summed));
  }

  /** Running minimum of a field; the other fields are those of the first record. */
  min(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    return this.#aggregate(extreme(this.#checkField(field[0]), 'min'));
  }

  max(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    return this.#aggregate(extreme(this.#checkField(field[0]), 'max'));
  }

  /** The record with the smallest value of a field. @param first of equal ones, the first (else the last) */
  minBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregate(extremeBy(this.#checkField(field), 'min', first));
  }

  maxBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregate(extremeBy(this.#checkField(field), 'max', first));
  }

  /** With timers and keyed state; a plain function where no timer is needed. */
  override process<R>(processor: KeyedProcessLike<K, T, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    return this.keyed(
      processor instanceof ProcessFunction ? 'Process' : 'KeyedProcess',
      {
        kind: 'process',
        keyed: true,
        ...bindFunction<ProcessSpec['fn']>(processor, 'processElement', 'process'),
        onTimer: bindOptional(processor, 'onTimer'),
      },
      type,
    );
  }

  window<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, K, W> {
    return new WindowedStream<T, K, W>(this, assigner);
  }

  /** Tumbling, or sliding with `slide`, in the environment's time characteristic. */
  timeWindow(size: TimeLike, slide?: TimeLike): WindowedStream<T, K, TimeWindow> {
    return this.window(timeWindowAssigner(this.getExecutionEnvironment(), size, slide));
  }

  /** Fires every `size` records; with `slide`, every `slide` records over the last `size`. */
  countWindow(size: number, slide?: number): WindowedStream<T, K, GlobalWindow> {
    const windows = this.window<GlobalWindow>(GlobalWindows.create());
    return slide === undefined
      ? windows.trigger(PurgingTrigger.of(CountTrigger.of(size)))
      : windows.evictor(CountEvictor.of(size)).trigger(CountTrigger.of(slide));
  }

  /** Pairs with records of the same key whose time is within bounds: .between(lower, upper).process(…). Event time. */
  intervalJoin<B>(other: KeyedStream<B, K>): IntervalJoin<T, B, K> {
    return new IntervalJoin<T, B, K>(this, other);
  }

  /** @internal Broadcast and the like would break the partitioning by key. */
  override partition(partitioner: Partitioner): DataStream<T> {
    throw appError('KEYED_PARTITIONING', [partitioner.kind]);
  }

  /** @internal */
  keyed<R>(name: string, spec: OperatorSpec, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const operator = this.addOneInput(name, spec, { outputType: type });
    return new SingleOutputStreamOperator<R>(this.getExecutionEnvironment(), operator);
  }

  /** @internal Every operator on a keyed stream is keyed, map and sinks included: they may use keyed state. */
  override addOneInput(name: string, operator: OperatorSpec, more: Partial<NewOperator> = {}): OperatorTransformation {
    return super.addOneInput(name, operator, { keys: [this.#key], ...more });
  }

  #aggregate(fn: Reduction, pairSum?: PairSum): SingleOutputStreamOperator<T> {
    return this.keyed('Keyed Aggregation', { kind: 'keyedReduce', fn, pairSum }, this.getType());
  }

  #checkField(field: unknown): FieldName {
    if (field === undefined || typeof field === 'string' || typeof field === 'number') return field;
    throw appError('INVALID_SETTING', ['aggregated field', String(field), 'a field name or tuple position']);
  }
}

/** A field; may be left out when the records are numbers. */
export type FieldArgument<T> = T extends number ? [field?: FieldOf<T>] : [field: FieldOf<T>];
