import type { ProcessSpec } from '../../../graph/operator-spec.ts';
import { compileInstance } from '../instance-function.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';
import { bindTimers } from './bind-timers.ts';
import { ProcessFunctionContext } from './process-function-context.ts';

export function createProcessOperator(spec: ProcessSpec, context: OperatorContext): StreamOperator {
  const functionContext = new ProcessFunctionContext(context, spec.keyed);
  bindTimers(context, functionContext, spec.keyed, spec.onTimer);
  const processElement = compileInstance<(value: unknown) => void>(
    'process',
    'function process(value) { fn(value, functionContext, collector); }',
    { fn: spec.fn, functionContext, collector: { collect: context.output.collect } },
  );
  return { ...userFunctionLifecycle(spec.rich, context), inputs: [createInput(context, processElement)] };
}
