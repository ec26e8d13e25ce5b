// Time and timers for process functions.
import { TimeDomain, type TimerService } from '../../../api/timer-service.ts';
import { appError } from '../../../errors.ts';
import type { TimerService as NamespacedTimerService } from '../../../state/timer-service.ts';
import type { OperatorContext } from '../stream-operator.ts';

/** Flink's name of the user's timers (KeyedProcessOperator). */
const USER_TIMERS = 'user-timers';

export type OnUserTimer = (timestampMs: number, domain: TimeDomain, key: unknown) => void;

/** Timers of the current key, without namespace. */
export function createUserTimerService(context: OperatorContext, onTimer: OnUserTimer): TimerService {
  const timers: NamespacedTimerService = context.timerService(USER_TIMERS, {
    onEventTime: (timestampMs, key) => onTimer(timestampMs, TimeDomain.EventTime, key),
    onProcessingTime: (timestampMs, key) => onTimer(timestampMs, TimeDomain.ProcessingTime, key),
  });
  return {
    currentProcessingTime: () => context.clock.nowMs(),
    currentWatermark: () => context.currentWatermarkMs(),
    registerEventTimeTimer: (timestampMs) => timers.registerEventTimeTimer(undefined, timestampMs),
    registerProcessingTimeTimer: (timestampMs) => timers.registerProcessingTimeTimer(undefined, timestampMs),
    deleteEventTimeTimer: (timestampMs) => timers.deleteEventTimeTimer(undefined, timestampMs),
    deleteProcessingTimeTimer: (timestampMs) => timers.deleteProcessingTimeTimer(undefined, timestampMs),
  };
}

/** Time only: without a key there is nothing a timer could belong to. */
export function createUnkeyedTimerService(context: OperatorContext): TimerService {
  const refuse = (): never => {
    throw appError('TIMERS_NEED_KEYS', [context.operator.name]);
  };
  return {
    currentProcessingTime: () => context.clock.nowMs(),
    currentWatermark: () => context.currentWatermarkMs(),
    registerEventTimeTimer: refuse,
    registerProcessingTimeTimer: refuse,
    deleteEventTimeTimer: refuse,
    deleteProcessingTimeTimer: refuse,
  };
}
