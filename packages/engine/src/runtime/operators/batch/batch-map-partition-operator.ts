// Gives a function the whole partition of its subtask, once, also when it is empty.
import type { BatchMapPartitionSpec } from '../../../graph/batch/batch-operator-spec.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';

export function createBatchMapPartitionOperator(spec: BatchMapPartitionSpec, context: OperatorContext): StreamOperator {
  const out = { collect: context.output.collect };
  let values: unknown[] = [];
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: [createInput(context, (value) => values.push(value))],
    endInput() {
      const partition = values;
      values = [];
      spec.fn(partition, out);
    },
  };
}
