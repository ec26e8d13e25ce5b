// Chooses between the two window operators: both give the same results per key.
import type { WindowSpec } from '../../../graph/operator-spec.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { tryCreateAccumulation } from './pane-accumulation.ts';
import { PaneWindowOperator } from './pane-window-operator.ts';
import { tryCreateGeometry } from './slice-geometry.ts';
import { WindowOperator } from './window-operator.ts';

export function createWindowOperator(spec: WindowSpec, context: OperatorContext): StreamOperator {
  return tryCreatePaneWindowOperator(spec, context) ?? new WindowOperator(spec, context);
}

/** @returns undefined: the window needs the general operator */
function tryCreatePaneWindowOperator(spec: WindowSpec, context: OperatorContext): StreamOperator | undefined {
  const { assigner, trigger, evictor, contents } = spec;
  const defaultTrigger = assigner.isEventTime ? 'eventTime' : 'processingTime';
  if (trigger.builtIn?.kind !== defaultTrigger || evictor !== undefined) return undefined;
  const accumulation = tryCreateAccumulation(contents, context.operator.inputTypes[0]);
  if (accumulation === undefined) return undefined;
  const geometry = tryCreateGeometry(assigner.builtIn, assigner.isEventTime && accumulation.merge !== undefined);
  return geometry && new PaneWindowOperator(spec, context, geometry, accumulation);
}
