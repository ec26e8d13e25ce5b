import type { BatchNoOpSpec } from '../../../graph/batch/batch-operator-spec.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';

export function createBatchNoOpOperator(spec: BatchNoOpSpec, context: OperatorContext): StreamOperator {
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: [createInput(context, context.output.collect)],
  };
}
