// WindowedStream: a keyed stream cut into windows, waiting for what to do with them.
import { appError } from '../../errors.ts';
import type { WindowContents } from '../../graph/operator-spec.ts';
import { bindFunction, functionName, requireImmediate } from '../function-binding.ts';
import type { OutputTag } from '../output-tag.ts';
import type { AggregateFunction } from '../state.ts';
import type { TimeLike } from '../time.ts';
import type { TypeInformation } from '../type-information.ts';
import type { ReduceLike } from '../user-functions.ts';
import type { ProcessWindowLike, WindowFunction, WindowLike } from '../window-functions.ts';
import type { Evictor } from '../windows/evictor.ts';
import type { Trigger } from '../windows/trigger.ts';
import type { Window } from '../windows/window.ts';
import type { WindowAssigner } from '../windows/window-assigner.ts';
import { extreme, extremeBy, type Reduction, sumBy } from './aggregations.ts';
import type { FieldOf, SingleOutputStreamOperator } from './data-stream.ts';
import type { FieldArgument, KeyedStream } from './keyed-stream.ts';
import { applyFiring, optionalFiring, processFiring } from './window-firing.ts';
import { emitContents, type WindowFiring, WindowSettings } from './window-operator.ts';

/** Declared types of an aggregation, for generated serializers. */
export interface AggregateTypes<A, O> {
  readonly accumulator?: TypeInformation<A>;
  readonly result?: TypeInformation<O>;
}

/** Types of an aggregation with a window function, as the implementation sees them. */
export interface DeclaredTypes extends AggregateTypes<unknown, unknown> {
  readonly output?: TypeInformation;
}

/** A function over the one result of reduce or aggregate. */
export type WindowResultLike<I, R, K, W extends Window> = WindowFunction<I, R, K, W> | ProcessWindowLike<I, R, K, W>;

// Flink shows this where no window function is given.
const PASS_THROUGH = 'PassThroughWindowFunction';

export class WindowedStream<T, K, W extends Window> {
  readonly #stream: KeyedStream<T, K>;
  readonly #settings: WindowSettings<T, W>;

  constructor(stream: KeyedStream<T, K>, assigner: WindowAssigner<T, W>) {
    this.#stream = stream;
    this.#settings = new WindowSettings(assigner);
  }

  /** When a window fires; default: the assigner's trigger. */
  trigger(trigger: Trigger<T, W>): this {
    this.#settings.setTrigger(trigger);
    return this;
  }

  /** Which elements a firing sees. All elements are kept then, also with reduce and aggregate. */
  evictor(evictor: Evictor<T, W>): this {
    this.#settings.evictor = evictor;
    return this;
  }

  /** How long after its end a window still takes late elements; event time. */
  allowedLateness(lateness: TimeLike): this {
    this.#settings.setAllowedLateness(lateness);
    return this;
  }

  /** Elements that came too late go to this side output of the result. */
  sideOutputLateData(tag: OutputTag<T>): this {
    this.#settings.lateTag = tag.id;
    return this;
  }

  /** Folds elements as they come: constant state per window. */
  reduce(reducer: ReduceLike<T>): SingleOutputStreamOperator<T>;
  reduce<R>(
    reducer: ReduceLike<T>,
    windowFunction: WindowResultLike<T, R, K, W>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R>;
  reduce(reducer: ReduceLike<T>, windowFunction?: unknown, type?: unknown): unknown {
    const { fn } = bindFunction<Reduction>(reducer, 'reduce', 'reduce');
    const names = [functionName(reducer, 'ReduceFunction'), resultFunctionName(windowFunction)];
    const outputType = windowFunction === undefined ? this.#stream.getType() : type;
    return this.#build({ kind: 'reduce', fn }, firingOf(windowFunction), names, outputType as TypeInformation);
  }

  /** Like reduce, with an accumulator and a result of their own types. */
  aggregate<A, O>(aggregate: AggregateFunction<T, A, O>, types?: AggregateTypes<A, O>): SingleOutputStreamOperator<O>;
  aggregate<A, O, R>(
    aggregate: AggregateFunction<T, A, O>,
    windowFunction: WindowResultLike<O, R, K, W>,
    types?: AggregateTypes<A, O> & { readonly output?: TypeInformation<R> },
  ): SingleOutputStreamOperator<R>;
  aggregate(aggregate: unknown, second?: unknown, third?: unknown): unknown {
    const windowFunction = isWindowFunction(second) ? second : undefined;
    const types = (windowFunction === undefined ? second : third) as DeclaredTypes | undefined;
    const names = [functionName(aggregate, 'AggregateFunction'), resultFunctionName(windowFunction)];
    const outputType = windowFunction === undefined ? types?.result : types?.output;
    return this.#build(
      aggregateContents(aggregate, types),
      firingOf(windowFunction),
      names,
      outputType as TypeInformation,
    );
  }

  /** Called with all elements of the window when it fires. */
  apply<R>(windowFunction: WindowLike<T, R, K, W>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const names = [functionName(windowFunction, 'WindowFunction')];
    return this.#build({ kind: 'elements' }, applyFiring(windowFunction), names, type);
  }

  /** Like apply, with time, state and side outputs. */
  process<R>(windowFunction: ProcessWindowLike<T, R, K, W>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const names = [functionName(windowFunction, 'ProcessWindowFunction')];
    return this.#build({ kind: 'elements' }, processFiring(windowFunction), names, type);
  }

  /** Sum of a field, or of the records themselves when they are numbers; the other fields are the first record's. */
  sum(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField(sumBy(field[0]), 'SumAggregator');
  }

  min(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField(extreme(field[0], 'min'), 'ComparableAggregator');
  }

  max(...field: FieldArgument<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField(extreme(field[0], 'max'), 'ComparableAggregator');
  }

  /** The record with the smallest value. @param first of equal ones, the first (else the last) */
  minBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregateField(extremeBy(field, 'min', first), 'ComparableAggregator');
  }

  maxBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregateField(extremeBy(field, 'max', first), 'ComparableAggregator');
  }

  #aggregateField(fn: Reduction, name: string): SingleOutputStreamOperator<T> {
    return this.#build({ kind: 'reduce', fn }, emitContents, [name, PASS_THROUGH], this.#stream.getType());
  }

  #build<R>(
    contents: WindowContents,
    firing: WindowFiring,
    names: readonly string[],
    type: TypeInformation<R> | undefined,
  ): SingleOutputStreamOperator<R> {
    return this.#stream.keyed(this.#settings.operatorName(names), this.#settings.createSpec(contents, firing), type);
  }
}

function firingOf(windowFunction: unknown): WindowFiring {
  return optionalFiring(windowFunction, applyFiring, processFiring);
}

function resultFunctionName(windowFunction: unknown): string {
  return windowFunction === undefined ? PASS_THROUGH : functionName(windowFunction, 'ProcessWindowFunction');
}

/** Tells a window function from declared types. */
export function isWindowFunction(given: unknown): boolean {
  if (typeof given === 'function') return true;
  return typeof given === 'object' && given !== null && ('apply' in given || 'process' in given);
}

export function aggregateContents(given: unknown, types: DeclaredTypes | undefined): WindowContents {
  const aggregate = given as AggregateFunction<unknown, unknown, unknown>;
  for (const method of ['createAccumulator', 'add', 'getResult'] as const) {
    if (typeof aggregate?.[method] !== 'function') {
      throw appError('INVALID_FUNCTION', ['aggregate', method, 'an object without it']);
    }
    requireImmediate(aggregate[method], 'aggregate');
  }
  return {
    kind: 'aggregate',
    aggregate,
    accumulatorType: types?.accumulator,
    resultType: types?.result,
  };
}
