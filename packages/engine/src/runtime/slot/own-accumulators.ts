// Accumulators of the user's own: only their merge() knows how the values of subtasks go together, so a slot that has an
// instance does it when the job has ended. Those of the engine are merged by the coordinator, by kind.
import {
  type Accumulator,
  AverageAccumulator,
  DoubleCounter,
  DoubleMaximum,
  DoubleMinimum,
  HistogramAccumulator,
  IntCounter,
  IntMaximum,
  IntMinimum,
  ListAccumulator,
  LongCounter,
  LongMaximum,
  LongMinimum,
} from '../../api/accumulators.ts';
import { SerializedListAccumulator } from '../../api/batch/serialized-list-accumulator.ts';

const mergedByKind: ReadonlySet<unknown> = new Set([
  AverageAccumulator,
  DoubleCounter,
  DoubleMaximum,
  DoubleMinimum,
  HistogramAccumulator,
  IntCounter,
  IntMaximum,
  IntMinimum,
  ListAccumulator,
  LongCounter,
  LongMaximum,
  LongMinimum,
  SerializedListAccumulator,
]);

/** A class derived from one of the engine's is its author's own, too: it may merge in another way. */
export function isOwnAccumulator(accumulator: Accumulator<unknown, unknown>): boolean {
  return !mergedByKind.has(accumulator.constructor);
}

/** @param localValues of all subtasks, that of the given instance among them: what it holds is replaced */
export function mergeLocalValues(accumulator: Accumulator<unknown, unknown>, localValues: readonly unknown[]): unknown {
  accumulator.resetLocal();
  for (const value of localValues) accumulator.merge(value);
  return accumulator.getLocalValue();
}
