// Accumulators: values that every subtask adds to and the coordinator merges. `kind` is the name that REST shows.

export interface Accumulator<V, R> {
  /** Flink's display type, e.g. "LongCounter", "IntCounter", "DoubleCounter", "Histogram", "ListAccumulator". */
  readonly kind: string;
  add(value: V): void;
  getLocalValue(): R;
  resetLocal(): void;
  /** Folds another instance's local value (as plain data: it crossed a thread) into this one. */
  merge(otherLocalValue: R): void;
}
