// From batch specs to running operators: one factory per kind.
import type { BatchOperatorSpec } from '../../../graph/batch/batch-operator-spec.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { createBatchGroupReduceOperator } from './batch-group-reduce-operator.ts';
import { createBatchJoinOperator } from './batch-join-operator.ts';
import { createBatchMapPartitionOperator } from './batch-map-partition-operator.ts';
import { createBatchNoOpOperator } from './batch-no-op-operator.ts';
import { createBatchReduceOperator } from './batch-reduce-operator.ts';
import { createBatchCollectOperator, createBatchCountOperator } from './batch-result-operators.ts';
import { createBatchSortOperator } from './batch-sort-operator.ts';

type BatchOperatorFactories = {
  readonly [K in BatchOperatorSpec['kind']]: (
    spec: Extract<BatchOperatorSpec, { kind: K }>,
    context: OperatorContext,
  ) => StreamOperator;
};

export const batchOperatorFactories: BatchOperatorFactories = {
  batchReduce: createBatchReduceOperator,
  batchGroupReduce: createBatchGroupReduceOperator,
  batchMapPartition: createBatchMapPartitionOperator,
  batchJoin: createBatchJoinOperator,
  batchSort: createBatchSortOperator,
  batchNoOp: createBatchNoOpOperator,
  batchCollect: createBatchCollectOperator,
  batchCount: createBatchCountOperator,
};
