// Elements on input 0 read what the broadcast stream on input 1 wrote; every subtask sees the whole broadcast stream.
import type { BroadcastProcessSpec } from '../../../graph/operator-spec.ts';
import { compileInstance } from '../instance-function.ts';
import { createInputs } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';
import { bindTimers } from './bind-timers.ts';
import { BroadcastSideContext, ElementSideContext } from './broadcast-context.ts';

type ElementFunction = (value: unknown) => void;

const SOURCE = 'function broadcastProcess(value) { fn(value, functionContext, collector); }';

export function createBroadcastProcessOperator(spec: BroadcastProcessSpec, context: OperatorContext): StreamOperator {
  const states = new Map(
    spec.broadcastStates.map((descriptor) => [descriptor.name, context.operatorState.getBroadcastState(descriptor)]),
  );
  const elementContext = new ElementSideContext(context, spec.keyed, states);
  bindTimers(context, elementContext, spec.keyed, spec.onTimer);
  const collector = { collect: context.output.collect };
  const compile = (fn: unknown, functionContext: unknown): ElementFunction =>
    compileInstance('broadcast-process', SOURCE, { fn, functionContext, collector });
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: createInputs(context, [
      compile(spec.fn, elementContext),
      compile(spec.broadcastFn, new BroadcastSideContext(context, states)),
    ]),
  };
}
