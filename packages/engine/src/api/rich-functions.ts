// Base classes with a runtime context, open and close: for functions with state, metrics or accumulators.

import type { AsyncFunction, ResultFuture } from './async-function.ts';
import { type Collector, RichFunction } from './functions.ts';
import type { SinkContext } from './process-context.ts';
import type { SourceContext, SourceFunction, SourceRun } from './source.ts';
import type {
  CoFlatMapFunction,
  CoGroupFunction,
  CoMapFunction,
  FilterFunction,
  FlatJoinFunction,
  FlatMapFunction,
  JoinFunction,
  MapFunction,
  ReduceFunction,
  SinkFunction,
} from './user-functions.ts';

export abstract class RichMapFunction<T, R> extends RichFunction implements MapFunction<T, R> {
  abstract map(value: T): R;
}

export abstract class RichFilterFunction<T> extends RichFunction implements FilterFunction<T> {
  abstract filter(value: T): boolean;
}

export abstract class RichFlatMapFunction<T, R> extends RichFunction implements FlatMapFunction<T, R> {
  abstract flatMap(value: T, out: Collector<R>): void;
}

export abstract class RichReduceFunction<T> extends RichFunction implements ReduceFunction<T> {
  abstract reduce(a: T, b: T): T;
}

export abstract class RichCoMapFunction<A, B, R> extends RichFunction implements CoMapFunction<A, B, R> {
  abstract map1(value: A): R;
  abstract map2(value: B): R;
}

export abstract class RichCoFlatMapFunction<A, B, R> extends RichFunction implements CoFlatMapFunction<A, B, R> {
  abstract flatMap1(value: A, out: Collector<R>): void;
  abstract flatMap2(value: B, out: Collector<R>): void;
}

export abstract class RichJoinFunction<A, B, R> extends RichFunction implements JoinFunction<A, B, R> {
  abstract join(first: A, second: B): R;
}

export abstract class RichFlatJoinFunction<A, B, R> extends RichFunction implements FlatJoinFunction<A, B, R> {
  abstract join(first: A, second: B, out: Collector<R>): void;
}

export abstract class RichCoGroupFunction<A, B, R> extends RichFunction implements CoGroupFunction<A, B, R> {
  abstract coGroup(first: readonly A[], second: readonly B[], out: Collector<R>): void;
}

export abstract class RichAsyncFunction<I, O> extends RichFunction implements AsyncFunction<I, O> {
  abstract asyncInvoke(input: I, resultFuture: ResultFuture<O>): void | Promise<void>;
}

/** A source of one subtask. */
export abstract class RichSourceFunction<T> extends RichFunction implements SourceFunction<T> {
  readonly parallel: boolean = false;
  abstract run(context: SourceContext<T>): SourceRun;
  cancel(): void {}
}

/** A source that runs in every subtask; each must emit its own share (see RuntimeContext.indexOfThisSubtask). */
export abstract class RichParallelSourceFunction<T> extends RichSourceFunction<T> {
  override readonly parallel: boolean = true;
}

export abstract class RichSinkFunction<T> extends RichFunction implements SinkFunction<T> {
  abstract invoke(value: T, context: SinkContext): void | Promise<void>;
  finish(): void | Promise<void> {}
}

/** Takes records and does nothing: the sink of jobs that work by side effect, and of benchmarks. */
export class DiscardingSink<T> implements SinkFunction<T> {
  invoke(_value: T): void {}
}
