// Two inputs, one operator: co-map, co-flat-map, co-process. Each input has compiled code of its own.
import type { CoFlatMapSpec, CoMapSpec, CoProcessSpec } from '../../../graph/operator-spec.ts';
import { compileInstance } from '../instance-function.ts';
import { createInputs } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';
import { bindTimers } from './bind-timers.ts';
import { ProcessFunctionContext } from './process-function-context.ts';

type ElementFunction = (value: unknown) => void;

export function createCoMapOperator(spec: CoMapSpec, context: OperatorContext): StreamOperator {
  const compile = (fn: CoMapSpec['fn1']): ElementFunction =>
    compileInstance('co-map', 'function coMap(value) { collect(fn(value)); }', { fn, collect: context.output.collect });
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: createInputs(context, [compile(spec.fn1), compile(spec.fn2)]),
  };
}

export function createCoFlatMapOperator(spec: CoFlatMapSpec, context: OperatorContext): StreamOperator {
  const collector = { collect: context.output.collect };
  const compile = (fn: CoFlatMapSpec['fn1']): ElementFunction =>
    compileInstance('co-flat-map', 'function coFlatMap(value) { fn(value, collector); }', { fn, collector });
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: createInputs(context, [compile(spec.fn1), compile(spec.fn2)]),
  };
}

export function createCoProcessOperator(spec: CoProcessSpec, context: OperatorContext): StreamOperator {
  const functionContext = new ProcessFunctionContext(context, spec.keyed);
  bindTimers(context, functionContext, spec.keyed, spec.onTimer);
  const collector = { collect: context.output.collect };
  const compile = (fn: CoProcessSpec['fn1']): ElementFunction =>
    compileInstance('co-process', 'function coProcess(value) { fn(value, functionContext, collector); }', {
      fn,
      functionContext,
      collector,
    });
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: createInputs(context, [compile(spec.fn1), compile(spec.fn2)]),
  };
}
