// Sorts the partition of its subtask; equal records stay in the sequence they came.
import type { BatchSortSpec } from '../../../graph/batch/batch-operator-spec.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';
import { emitEach } from './emit-sliced.ts';
import { compareRecordsBy } from './value-order.ts';

export function createBatchSortOperator(spec: BatchSortSpec, context: OperatorContext): StreamOperator {
  let records: unknown[] = [];
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: [createInput(context, (record) => records.push(record))],
    endInput() {
      const sorted = records.sort(compareRecordsBy(spec.order));
      records = [];
      emitEach(context, sorted, context.output.collect);
    },
  };
}
