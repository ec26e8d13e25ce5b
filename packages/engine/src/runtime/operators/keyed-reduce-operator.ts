// Rolling reduce: the value so far per key; every element emits the new one. Also sum, min, max, minBy, maxBy.
import { ValueStateDescriptor } from '../../api/state.ts';
import { Types } from '../../api/type-information.ts';
import type { KeyedReduceSpec, PairSum } from '../../graph/operator-spec.ts';
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

/** The state is the sum alone: no record is kept, so none has to be looked at, copied or collected as garbage. */
function pairSumSource(sum: string, pair: string): string {
  return `function keyedSum(value) {
  const current = state.value();
  if (current === undefined) {
    state.update(${sum});
    collect(value);
    return;
  }
  const next = current + ${sum};
  state.update(next);
  collect(${pair});
}`;
}

function createPairSum({ keyField, sumField }: PairSum, context: OperatorContext): StreamOperator {
  const state = keyedStateOf(context).getValueState(new ValueStateDescriptor(STATE_NAME, Types.double));
  const processElement = compileInstance<(value: unknown) => void>(
    'keyed-sum',
    pairSumSource(`value[${JSON.stringify(sumField)}]`, pairLiteral(keyField, sumField)),
    { state, collect: context.output.collect },
  );
  return { inputs: [createInput(context, processElement)] };
}

/** The record with the new sum, its fields in the order of the type: a tuple by position, a row as declared. */
function pairLiteral(keyField: string | number, sumField: string | number): string {
  if (typeof keyField === 'number') return keyField === 0 ? '[value[0], next]' : '[next, value[1]]';
  return `{ ...value, ${JSON.stringify(sumField)}: next }`;
}

export function createKeyedReduceOperator(spec: KeyedReduceSpec, context: OperatorContext): StreamOperator {
  if (spec.pairSum !== undefined) return createPairSum(spec.pairSum, context);
  const type = context.operator.outputType ?? context.operator.inputTypes[0];
  const state = keyedStateOf(context).getValueState(new ValueStateDescriptor(STATE_NAME, type));
  const processElement = compileInstance<(value: unknown) => void>('keyed-reduce', SOURCE, {
    state,
    fn: spec.fn,
    collect: context.output.collect,
  });
  return { ...userFunctionLifecycle(spec.rich, context), inputs: [createInput(context, processElement)] };
}
