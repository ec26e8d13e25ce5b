import { assert } from '../../errors.ts';
import type { KeyedStateBackend } from '../../state/keyed-state-backend.ts';
import type { OperatorContext } from './stream-operator.ts';

/** The keyed backend of an operator whose inputs are keyed. */
export function keyedStateOf(context: OperatorContext): KeyedStateBackend {
  assert(context.keyedState, `operator "${context.operator.name}" has a keyed input and so a keyed state backend`);
  return context.keyedState;
}
