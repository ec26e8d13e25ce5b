// Functions of whole groups and partitions.
import { appError } from '../../errors.ts';
import { bindFunction, bindOptional } from '../function-binding.ts';
import type { Collector, RichFunctionLifecycle } from '../functions.ts';

export interface MapPartitionFunction<T, R> extends RichFunctionLifecycle {
  mapPartition(values: Iterable<T>, out: Collector<R>): void;
}
export type MapPartitionLike<T, R> = ((values: Iterable<T>, out: Collector<R>) => void) | MapPartitionFunction<T, R>;

/** An object with `combine` as well is combinable: a part of each group is combined before it is sent to its subtask. */
export interface GroupReduceFunction<T, R> extends RichFunctionLifecycle {
  reduce(values: Iterable<T>, out: Collector<R>): void;
  combine?(values: Iterable<T>, out: Collector<T>): void;
}
export type GroupReduceLike<T, R> = ((values: Iterable<T>, out: Collector<R>) => void) | GroupReduceFunction<T, R>;

export interface GroupCombineFunction<T, R> extends RichFunctionLifecycle {
  combine(values: Iterable<T>, out: Collector<R>): void;
}
export type GroupCombineLike<T, R> = ((values: Iterable<T>, out: Collector<R>) => void) | GroupCombineFunction<T, R>;

export type GroupFunction = (values: Iterable<unknown>, out: Collector<unknown>) => void;

export interface BoundGroupReduce {
  readonly fn: GroupFunction;
  readonly combineFn: GroupFunction | undefined;
  readonly rich: RichFunctionLifecycle | undefined;
}

export function bindGroupReduce<T, R>(reducer: GroupReduceLike<T, R>): BoundGroupReduce {
  const { fn, rich } = bindFunction<GroupFunction>(reducer, 'reduce', 'reduceGroup');
  return { fn, combineFn: bindOptional<GroupFunction>(reducer, 'combine'), rich };
}

/** The first `count` records of each group; combinable. */
export function firstOf<T>(count: number): GroupReduceFunction<T, T> {
  if (!Number.isSafeInteger(count) || count < 1)
    throw appError('INVALID_SETTING', ['first', count, 'a whole number of at least 1']);
  const reduce = (values: Iterable<T>, out: Collector<T>): void => {
    let taken = 0;
    for (const value of values) {
      out.collect(value);
      taken += 1;
      if (taken >= count) return;
    }
  };
  return { reduce, combine: reduce };
}
