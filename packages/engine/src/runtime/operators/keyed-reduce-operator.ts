// Rolling reduce: the value so far per key; every element emits the new one. Also sum, min, max, minBy, maxBy.
import { ValueStateDescriptor } from '../../api/state.ts';
import type { KeyedReduceSpec } from '../../graph/operator-spec.ts';
import { compileInstance } from './instance-function.ts';
import { keyedStateOf } from './keyed-context.ts';
import { createInput } from './operator-input.ts';
import type { OperatorContext, StreamOperator } from './stream-operator.ts';
import { userFunctionLifecycle } from './user-function.ts';

/** Flink's name of this state (StreamGroupedReduceOperator). */
const STATE_NAME = '_op_state';

const SOURCE = `function keyedReduce(value) {
  const current = state.value();
  const next = current === undefined ? value : fn(current, value);
  state.update(next);
  collect(next);
}`;

export function createKeyedReduceOperator(spec: KeyedReduceSpec, context: OperatorContext): StreamOperator {
  const type = context.operator.outputType ?? context.operator.inputTypes[0];
  const state = keyedStateOf(context).getValueState(new ValueStateDescriptor(STATE_NAME, type));
  const processElement = compileInstance<(value: unknown) => void>('keyed-reduce', SOURCE, {
    state,
    fn: spec.fn,
    collect: context.output.collect,
  });
  return { ...userFunctionLifecycle(spec.rich, context), inputs: [createInput(context, processElement)] };
}
