// A signal that follows the caller's and ends by itself when the time is over.
import type { ClientClock } from './client-clock.ts';

export interface TimeLimit {
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  /** Lets go of timer and caller. */
  release(): void;
}

/** @param millis Infinity: no limit */
export function limitTime(clock: ClientClock, millis: number, caller: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  const timer = new AbortController();
  let isOver = false;
  const follow = () => controller.abort(caller?.reason);
  if (caller?.aborted) follow();
  else caller?.addEventListener('abort', follow, { once: true });
  const end = () => {
    isOver = true;
    controller.abort(new DOMException('The time is over', 'TimeoutError'));
  };
  if (Number.isFinite(millis)) clock.sleep(millis, timer.signal).then(end, () => undefined);
  return {
    signal: controller.signal,
    get isOver() {
      return isOver;
    },
    release() {
      caller?.removeEventListener('abort', follow);
      timer.abort();
    },
  };
}

/** Rejects as soon as the signal is aborted, even if the work does not heed it. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Nobody else hears of it when the signal was first.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
