// Operator kinds of the batch API, for the OperatorSpec union. All are bounded: they work while elements arrive and emit the
// rest at the end of input, in key order where they group.
import type { Collector } from '../../api/functions.ts';
import type { UserFunctionRef } from '../operator-spec.ts';
import type { RecordKey, SortField } from './record-key.ts';

type Out = Collector<unknown>;

/**
 * Folds the records of each key (all of them without a key) into one: reduce, aggregate, distinct and their combiners.
 * The final one emits a key once, ordered by key; a combiner may emit it several times.
 */
export interface BatchReduceSpec extends UserFunctionRef {
  readonly kind: 'batchReduce';
  readonly key: RecordKey | undefined;
  /** First record of a key → what is folded into; a copy where `fn` writes to it. */
  readonly start: (record: unknown) => unknown;
  readonly fn: (folded: unknown, record: unknown) => unknown;
  readonly combine: boolean;
}

/** Calls the function once per key with all its records (once at all without a key), ordered by key. */
export interface BatchGroupReduceSpec extends UserFunctionRef {
  readonly kind: 'batchGroupReduce';
  readonly key: RecordKey | undefined;
  /** Order of the records inside a group; empty: as they arrived. */
  readonly groupOrder: readonly SortField[];
  readonly fn: (values: Iterable<unknown>, out: Out) => void;
  readonly combine: boolean;
}

/** The whole partition of a subtask at once. */
export interface BatchMapPartitionSpec extends UserFunctionRef {
  readonly kind: 'batchMapPartition';
  readonly fn: (values: Iterable<unknown>, out: Out) => void;
}

/** Inner equi-join of two inputs. */
export interface BatchJoinSpec extends UserFunctionRef {
  readonly kind: 'batchJoin';
  readonly leftKey: RecordKey;
  readonly rightKey: RecordKey;
  readonly fn: (left: unknown, right: unknown, out: Out) => void;
  /** hash: builds a table of the first input, results in the order of the second; merge: results in key order. */
  readonly strategy: 'hash' | 'merge';
}

/** Sorts the partition of a subtask; stable. */
export interface BatchSortSpec extends UserFunctionRef {
  readonly kind: 'batchSort';
  readonly order: readonly SortField[];
}

/** Passes records on: the explicit partition operators. */
export interface BatchNoOpSpec extends UserFunctionRef {
  readonly kind: 'batchNoOp';
}

/** collect(): the records become an accumulator of kind SerializedListAccumulator. */
export interface BatchCollectSpec extends UserFunctionRef {
  readonly kind: 'batchCollect';
  readonly accumulatorName: string;
}

/** count(): the number of records becomes an accumulator of kind LongCounter. */
export interface BatchCountSpec extends UserFunctionRef {
  readonly kind: 'batchCount';
  readonly accumulatorName: string;
}

export type BatchOperatorSpec =
  | BatchReduceSpec
  | BatchGroupReduceSpec
  | BatchMapPartitionSpec
  | BatchJoinSpec
  | BatchSortSpec
  | BatchNoOpSpec
  | BatchCollectSpec
  | BatchCountSpec;
