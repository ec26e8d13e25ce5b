// Waiting, in one place so that tests can bring a clock of their own.
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `durationMs`, or at once when the signal is aborted. Never rejects. */
export type Pause = (durationMs: number, signal?: AbortSignal) => Promise<void>;

export const pause: Pause = async (durationMs, signal) => {
  await delay(durationMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
};

/** Doubling pauses between attempts, without randomness: one client per source has no herd to spread. */
export function backoffMs(failures: number, initialMs: number, maximumMs: number): number {
  return Math.min(maximumMs, initialMs * 2 ** Math.min(failures - 1, 30));
}
