import type { WindowSpec } from '../../../graph/operator-spec.ts';
import type { OperatorContext } from '../stream-operator.ts';

/** What becomes of an element that is late for all its windows: to the side output, or dropped and counted. */
export function createLateElementHandler(spec: WindowSpec, context: OperatorContext): (value: unknown) => void {
  const { lateTag } = spec;
  if (lateTag !== undefined) return (value) => context.output.collectSide(lateTag, value);
  const dropped = context.runtime.metricGroup.counter('numLateRecordsDropped');
  return () => dropped.inc();
}

/** Moment after which a window's state goes, epoch ms; +Infinity: never. */
export function cleanupTimeOf(maxTimestampMs: number, isEventTime: boolean, allowedLatenessMs: number): number {
  return isEventTime ? maxTimestampMs + allowedLatenessMs : maxTimestampMs;
}
