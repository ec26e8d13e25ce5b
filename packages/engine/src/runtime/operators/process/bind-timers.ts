import type { OperatorContext } from '../stream-operator.ts';
import type { ProcessFunctionContext } from './process-function-context.ts';
import { createUnkeyedTimerService, createUserTimerService } from './user-timers.ts';

type UserOnTimer<C> = (timestampMs: number, context: C, out: { collect(value: unknown): void }) => void;

/** Gives a function context its timers: real ones when keyed, time only when not. */
export function bindTimers<C extends ProcessFunctionContext>(
  context: OperatorContext,
  functionContext: C,
  keyed: boolean,
  onTimer: UserOnTimer<C> | undefined,
): void {
  if (!keyed) {
    functionContext.bindTimers(createUnkeyedTimerService(context));
    return;
  }
  const collector = { collect: context.output.collect };
  const timers = createUserTimerService(context, (timestampMs, domain) => {
    functionContext.fire(timestampMs, domain, () => onTimer?.(timestampMs, functionContext, collector));
  });
  functionContext.bindTimers(timers);
}
