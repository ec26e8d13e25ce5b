import type { MapSpec } from '../../graph/operator-spec.ts';
import { compileInstance } from './instance-function.ts';
import { createInput } from './operator-input.ts';
import type { OperatorContext, StreamOperator } from './stream-operator.ts';
import { userFunctionLifecycle } from './user-function.ts';

export function createMapOperator(spec: MapSpec, context: OperatorContext): StreamOperator {
  const processElement = compileInstance<(value: unknown) => void>(
    'map',
    'function map(value) { collect(fn(value)); }',
    {
      fn: spec.fn,
      collect: context.output.collect,
    },
  );
  return { ...userFunctionLifecycle(spec.rich, context), inputs: [createInput(context, processElement)] };
}
