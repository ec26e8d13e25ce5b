// AllWindowedStream: a whole stream cut into windows; everything meets in one subtask, under one constant key.
import type { WindowContents } from '../../graph/operator-spec.ts';
import { bindFunction } from '../function-binding.ts';
import type { OutputTag } from '../output-tag.ts';
import type { AggregateFunction } from '../state.ts';
import type { TimeLike } from '../time.ts';
import type { TypeInformation } from '../type-information.ts';
import type { ReduceLike } from '../user-functions.ts';
import type { AllWindowFunction, AllWindowLike, ProcessAllWindowLike } from '../window-functions.ts';
import type { Evictor } from '../windows/evictor.ts';
import type { Trigger } from '../windows/trigger.ts';
import type { Window } from '../windows/window.ts';
import type { WindowAssigner } from '../windows/window-assigner.ts';
import { extreme, extremeBy, type Reduction, sumBy } from './aggregations.ts';
import type { DataStream, FieldOf, SingleOutputStreamOperator } from './data-stream.ts';
import { type FieldArgument, KeyedStream } from './keyed-stream.ts';
import { constantKey } from './keys.ts';
import { applyAllFiring, optionalFiring, processAllFiring } from './window-firing.ts';
import { emitContents, type WindowFiring, WindowSettings } from './window-operator.ts';
import { type AggregateTypes, aggregateContents, type DeclaredTypes, isWindowFunction } from './windowed-stream.ts';

export type AllWindowResultLike<I, R, W extends Window> = AllWindowFunction<I, R, W> | ProcessAllWindowLike<I, R, W>;

export class AllWindowedStream<T, W extends Window> {
  readonly #stream: KeyedStream<T, unknown>;
  readonly #settings: WindowSettings<T, W>;

  constructor(stream: DataStream<T>, assigner: WindowAssigner<T, W>) {
    const environment = stream.getExecutionEnvironment();
    const partition = environment.builder.addPartition(stream.getTransformation(), {
      kind: 'hash',
      keySelector: constantKey.selector,
      keyType: constantKey.type,
    });
    this.#stream = new KeyedStream<T, unknown>(environment, partition, constantKey);
    this.#settings = new WindowSettings(assigner);
  }

  trigger(trigger: Trigger<T, W>): this {
    this.#settings.setTrigger(trigger);
    return this;
  }

  evictor(evictor: Evictor<T, W>): this {
    this.#settings.evictor = evictor;
    return this;
  }

  /** How long after its end a window still takes late elements; event time. */
  allowedLateness(lateness: TimeLike): this {
    this.#settings.setAllowedLateness(lateness);
    return this;
  }

  sideOutputLateData(tag: OutputTag<T>): this {
    this.#settings.lateTag = tag.id;
    return this;
  }

  reduce(reducer: ReduceLike<T>): SingleOutputStreamOperator<T>;
  reduce<R>(
    reducer: ReduceLike<T>,
    windowFunction: AllWindowResultLike<T, R, W>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R>;
  reduce(reducer: ReduceLike<T>, windowFunction?: unknown, type?: unknown): unknown {
    const { fn } = bindFunction<Reduction>(reducer, 'reduce', 'reduce');
    const outputType = windowFunction === undefined ? this.#stream.getType() : type;
    return this.#build({ kind: 'reduce', fn }, firingOf(windowFunction), 'reduce', outputType as TypeInformation);
  }

  aggregate<A, O>(aggregate: AggregateFunction<T, A, O>, types?: AggregateTypes<A, O>): SingleOutputStreamOperator<O>;
  aggregate<A, O, R>(
    aggregate: AggregateFunction<T, A, O>,
    windowFunction: AllWindowResultLike<O, R, W>,
    types?: AggregateTypes<A, O> & { readonly output?: TypeInformation<R> },
  ): SingleOutputStreamOperator<R>;
  aggregate(aggregate: unknown, second?: unknown, third?: unknown): unknown {
    const windowFunction = isWindowFunction(second) ? second : undefined;
    const types = (windowFunction === undefined ? second : third) as DeclaredTypes | undefined;
    const outputType = windowFunction === undefined ? types?.result : types?.output;
    return this.#build(aggregateContents(aggregate, types), firingOf(windowFunction), 'aggregate', outputType);
  }

  apply<R>(windowFunction: AllWindowLike<T, R, W>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    return this.#build({ kind: 'elements' }, applyAllFiring(windowFunction), 'apply', type);
  }

  process<R>(windowFunction: ProcessAllWindowLike<T, R, W>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    return this.#build({ kind: 'elements' }, processAllFiring(windowFunction), 'process', type);
  }

  sum(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField(sumBy(field[0]));
  }

  min(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField(extreme(field[0], 'min'));
  }

  max(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField(extreme(field[0], 'max'));
  }

  minBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregateField(extremeBy(field, 'min', first));
  }

  maxBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregateField(extremeBy(field, 'max', first));
  }

  #aggregateField(fn: Reduction): SingleOutputStreamOperator<T> {
    return this.#build({ kind: 'reduce', fn }, emitContents, 'reduce', this.#stream.getType());
  }

  #build<R>(
    contents: WindowContents,
    firing: WindowFiring,
    operation: string,
    type: TypeInformation<R> | undefined,
  ): SingleOutputStreamOperator<R> {
    const name = this.#settings.allOperatorName(operation);
    return this.#stream.keyed(name, this.#settings.createSpec(contents, firing), type).forceNonParallel();
  }
}

function firingOf(windowFunction: unknown): WindowFiring {
  return optionalFiring(windowFunction, applyAllFiring, processAllFiring);
}
