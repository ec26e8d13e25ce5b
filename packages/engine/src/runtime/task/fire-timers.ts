import type { InternalTimerService } from '../../state/timer-service.ts';

/** Timers fired between two looks at the output: small enough that a full channel takes little overdraft. */
const TIMERS_PER_STEP = 64;

/** @returns true when no timer at or before the watermark is left in any service; false: no room, call again */
export function fireTimers(
  services: readonly InternalTimerService[],
  watermarkMs: number,
  hasRoom: () => boolean,
): boolean {
  for (const service of services) {
    while (!service.advanceWatermark(watermarkMs, TIMERS_PER_STEP)) {
      if (!hasRoom()) return false;
    }
  }
  return true;
}
