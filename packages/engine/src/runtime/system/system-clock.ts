// The real clock, handed to clusters and slots by entry files.
import type { Clock, TimerHandle } from '../../clock.ts';

/** setTimeout cannot wait longer; a timer further away is set again. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  schedule(atMs: number, callback: () => void): TimerHandle {
    let timeout: NodeJS.Timeout;
    const arm = () => {
      const delayMs = Math.max(0, atMs - Date.now());
      timeout = delayMs > MAX_TIMEOUT_MS ? setTimeout(arm, MAX_TIMEOUT_MS) : setTimeout(callback, delayMs);
    };
    arm();
    return { cancel: () => clearTimeout(timeout) };
  }
}
