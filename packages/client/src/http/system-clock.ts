// The real clock, of Node and browsers alike.
import type { ClientClock, Random } from './client-clock.ts';

/** What a timer takes at most, ms. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

export const systemClock: ClientClock = {
  nowMillis: () => performance.now(),
  async sleep(millis, signal) {
    for (let leftMillis = millis; leftMillis > 0; leftMillis -= LONGEST_TIMER_MILLIS) {
      await sleepOnce(Math.min(leftMillis, LONGEST_TIMER_MILLIS), signal);
    }
  },
};

export const systemRandom: Random = () => Math.random();

function sleepOnce(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, millis);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
