// Hands records to a sink function. A promise it returns holds up the task until it settles (O2).
import type { SinkContext } from '../../../api/process-context.ts';
import type { SinkSpec } from '../../../graph/operator-spec.ts';
import { compileInstance } from '../instance-function.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';

const SOURCE = `function sink(value) {
  const pending = fn(value, sinkContext);
  if (typeof pending === 'object' && pending !== null && typeof pending.then === 'function') suspendUntil(pending);
}`;

export function createSinkOperator(spec: SinkSpec, context: OperatorContext): StreamOperator {
  const processElement = compileInstance<(value: unknown) => void>('sink', SOURCE, {
    fn: spec.fn,
    sinkContext: createSinkContext(context),
    suspendUntil: (promise: Promise<unknown>) => context.suspendUntil(promise),
  });
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: [createInput(context, processElement)],
    finish: () => spec.finish?.(),
  };
}

function createSinkContext(context: OperatorContext): SinkContext {
  const { cell, clock } = context;
  return {
    currentProcessingTime: () => clock.nowMs(),
    currentWatermark: () => context.currentWatermarkMs(),
    timestamp: () => (Number.isNaN(cell.timestampMs) ? undefined : cell.timestampMs),
  };
}
