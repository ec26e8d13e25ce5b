// The operators of a batch program as the API records them, before any strategy is chosen. The optimizer turns them into a
// physical plan.
import type { Collector } from '../../api/functions.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import type { OperatorSpec, UserFunctionRef } from '../operator-spec.ts';
import type { ForwardedFields } from './forwarded-fields.ts';
import type { RecordKey, SortField } from './record-key.ts';

/** Where the parallelism of an operator comes from when setParallelism was not called. */
export type ParallelismRule =
  /** The environment's. */
  | { readonly kind: 'default' }
  /** The input's, so that both can be chained. */
  | { readonly kind: 'inherit' }
  /** Always this one. */
  | { readonly kind: 'fixed'; readonly parallelism: number }
  /** One subtask, although operators that inherit take the environment's: Flink's aggregates over a whole data set. */
  | { readonly kind: 'one' };

interface BatchOperatorBase extends UserFunctionRef {
  /** Creation order, from 1. */
  readonly id: number;
  /** Inner part of the shown name: "Map at main(job.ts:3)". */
  name: string;
  /** Set by setParallelism. */
  parallelism: number | undefined;
  readonly parallelismRule: ParallelismRule;
  readonly inputs: readonly BatchOperator[];
  /** Which fields of the (first) input stand unchanged in the output, and where. */
  readonly forwarded: ForwardedFields;
  outputType: TypeInformation | undefined;
}

export interface BatchSource extends BatchOperatorBase {
  readonly kind: 'source';
  readonly spec: OperatorSpec;
}

/** map, flatMap, filter and mapPartition. */
export interface BatchMapLike extends BatchOperatorBase {
  readonly kind: 'map' | 'flatMap' | 'filter' | 'mapPartition';
  readonly spec: OperatorSpec;
}

/** reduce and distinct, grouped or not. */
export interface BatchReduce extends BatchOperatorBase {
  readonly kind: 'reduce';
  readonly key: RecordKey | undefined;
  readonly start: (record: unknown) => unknown;
  readonly fn: (folded: unknown, record: unknown) => unknown;
}

/** sum, min, max and friends: shown as a GroupReduce with a combiner. */
export interface BatchAggregate extends BatchOperatorBase {
  readonly kind: 'aggregate';
  readonly key: RecordKey | undefined;
  readonly start: (record: unknown) => unknown;
  readonly fn: (folded: unknown, record: unknown) => unknown;
}

export interface BatchGroupReduce extends BatchOperatorBase {
  readonly kind: 'groupReduce';
  readonly key: RecordKey | undefined;
  readonly groupOrder: readonly SortField[];
  readonly fn: (values: Iterable<unknown>, out: Collector<unknown>) => void;
  /** Undefined: not combinable. */
  readonly combineFn: ((values: Iterable<unknown>, out: Collector<unknown>) => void) | undefined;
}

export interface BatchGroupCombine extends BatchOperatorBase {
  readonly kind: 'groupCombine';
  readonly key: RecordKey | undefined;
  readonly groupOrder: readonly SortField[];
  readonly fn: (values: Iterable<unknown>, out: Collector<unknown>) => void;
}

export interface BatchJoin extends BatchOperatorBase {
  readonly kind: 'join';
  readonly leftKey: RecordKey;
  readonly rightKey: RecordKey;
  readonly fn: (left: unknown, right: unknown, out: Collector<unknown>) => void;
  /** As `forwarded`, of the second input. */
  readonly forwardedRight: ForwardedFields;
}

export interface BatchUnion extends BatchOperatorBase {
  readonly kind: 'union';
}

/** partitionByHash and rebalance. */
export interface BatchPartition extends BatchOperatorBase {
  readonly kind: 'partition';
  /** Undefined: rebalance. */
  readonly key: RecordKey | undefined;
}

export interface BatchSortPartition extends BatchOperatorBase {
  readonly kind: 'sortPartition';
  readonly order: readonly SortField[];
}

export interface BatchSink extends BatchOperatorBase {
  readonly kind: 'sink';
  readonly spec: OperatorSpec;
}

export type BatchOperator =
  | BatchSource
  | BatchMapLike
  | BatchReduce
  | BatchAggregate
  | BatchGroupReduce
  | BatchGroupCombine
  | BatchJoin
  | BatchUnion
  | BatchPartition
  | BatchSortPartition
  | BatchSink;
