import type { FlatMapSpec } from '../../graph/operator-spec.ts';
import { compileInstance } from './instance-function.ts';
import { createInput } from './operator-input.ts';
import type { OperatorContext, StreamOperator } from './stream-operator.ts';
import { userFunctionLifecycle } from './user-function.ts';

export function createFlatMapOperator(spec: FlatMapSpec, context: OperatorContext): StreamOperator {
  const processElement = compileInstance<(value: unknown) => void>(
    'flat-map',
    'function flatMap(value) { fn(value, collector); }',
    { fn: spec.fn, collector: { collect: context.output.collect } },
  );
  return { ...userFunctionLifecycle(spec.rich, context), inputs: [createInput(context, processElement)] };
}
