// The one-method functions of the DataStream API. Wherever one is taken, a plain function does as well ("…Like" types);
// an object may also have open/close, state members and snapshot members (see RichFunctionLifecycle, CheckpointedFunction).
import type { Collector, RichFunctionLifecycle } from './functions.ts';
import type { SinkContext } from './process-context.ts';

export interface MapFunction<T, R> extends RichFunctionLifecycle {
  map(value: T): R;
}
export type MapLike<T, R> = ((value: T) => R) | MapFunction<T, R>;

export interface FilterFunction<T> extends RichFunctionLifecycle {
  filter(value: T): boolean;
}
export type FilterLike<T> = ((value: T) => boolean) | FilterFunction<T>;

export interface FlatMapFunction<T, R> extends RichFunctionLifecycle {
  flatMap(value: T, out: Collector<R>): void;
}
export type FlatMapLike<T, R> = ((value: T, out: Collector<R>) => void) | FlatMapFunction<T, R>;

export interface ReduceFunction<T> extends RichFunctionLifecycle {
  reduce(a: T, b: T): T;
}
export type ReduceLike<T> = ((a: T, b: T) => T) | ReduceFunction<T>;

/** An object that selects keys; a plain function or a field name does as well. */
export interface KeySelectorObject<T, K> {
  getKey(value: T): K;
}
export type KeySelectorLike<T, K> = ((value: T) => K) | KeySelectorObject<T, K>;

export interface PartitionerObject<K> {
  /** @returns the target subtask, in [0, numPartitions) */
  partition(key: K, numPartitions: number): number;
}
export type PartitionerLike<K> = ((key: K, numPartitions: number) => number) | PartitionerObject<K>;

export interface CoMapFunction<A, B, R> extends RichFunctionLifecycle {
  map1(value: A): R;
  map2(value: B): R;
}

export interface CoFlatMapFunction<A, B, R> extends RichFunctionLifecycle {
  flatMap1(value: A, out: Collector<R>): void;
  flatMap2(value: B, out: Collector<R>): void;
}

export interface JoinFunction<A, B, R> extends RichFunctionLifecycle {
  join(first: A, second: B): R;
}
export type JoinLike<A, B, R> = ((first: A, second: B) => R) | JoinFunction<A, B, R>;

/** Joins and emits as many results as it likes. */
export interface FlatJoinFunction<A, B, R> extends RichFunctionLifecycle {
  join(first: A, second: B, out: Collector<R>): void;
}
export type FlatJoinLike<A, B, R> = ((first: A, second: B, out: Collector<R>) => void) | FlatJoinFunction<A, B, R>;

export interface CoGroupFunction<A, B, R> extends RichFunctionLifecycle {
  coGroup(first: readonly A[], second: readonly B[], out: Collector<R>): void;
}
export type CoGroupLike<A, B, R> =
  | ((first: readonly A[], second: readonly B[], out: Collector<R>) => void)
  | CoGroupFunction<A, B, R>;

export interface SinkFunction<T> extends RichFunctionLifecycle {
  /** A returned promise holds the task until it settles. */
  invoke(value: T, context: SinkContext): void | Promise<void>;
  /** End of input, after the last record: write what is left. */
  finish?(): void | Promise<void>;
}
export type SinkLike<T> = ((value: T, context: SinkContext) => void | Promise<void>) | SinkFunction<T>;
