// The sinks of collect() and count(): results come back to the program as accumulators.
import { LongCounter } from '../../../api/accumulators.ts';
import { SerializedListAccumulator } from '../../../api/batch/serialized-list-accumulator.ts';
import type { BatchCollectSpec, BatchCountSpec } from '../../../graph/batch/batch-operator-spec.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';

export function createBatchCollectOperator(spec: BatchCollectSpec, context: OperatorContext): StreamOperator {
  const records = new SerializedListAccumulator<unknown>();
  const lifecycle = userFunctionLifecycle(spec.rich, context);
  return {
    ...lifecycle,
    inputs: [createInput(context, (record) => records.add(record))],
    open() {
      context.runtime.addAccumulator(spec.accumulatorName, records);
      return lifecycle.open();
    },
  };
}

export function createBatchCountOperator(spec: BatchCountSpec, context: OperatorContext): StreamOperator {
  const records = new LongCounter();
  const lifecycle = userFunctionLifecycle(spec.rich, context);
  return {
    ...lifecycle,
    inputs: [createInput(context, () => records.add(1))],
    open() {
      context.runtime.addAccumulator(spec.accumulatorName, records);
      return lifecycle.open();
    },
  };
}
