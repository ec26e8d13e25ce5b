// Asking until it is so.
import { FlinkTimeoutError } from '../errors/wait-errors.ts';
import type { RequestOptions } from '../http/connection.ts';
import type { OperationContext } from '../operations/operation-context.ts';

const FIRST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 1_000;

export interface WaitOptions {
  /** Ends the waiting; it rejects with the signal's reason. What was begun goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Of the whole waiting; its default stands beside each waiter. Infinity: no limit. */
  readonly timeoutMillis?: number | undefined;
  /** Between two questions; default: 50 ms, growing to 1 s. */
  readonly pollMillis?: number | undefined;
}

export interface Poll<T> {
  readonly options: WaitOptions;
  readonly defaultTimeoutMillis: number;
  /** "job 12ab… was not running": said with the limit when the time is over. */
  readonly failure: () => string;
  /** undefined: not yet. */
  readonly ask: (options: RequestOptions) => Promise<T | undefined>;
}

/** @throws FlinkTimeoutError when the time is over; whatever a question throws */
export async function poll<T>(
  { connection }: OperationContext,
  { options, defaultTimeoutMillis, failure, ask }: Poll<T>,
) {
  const { clock, timeoutMillis: callTimeoutMillis } = connection.options;
  const { signal, timeoutMillis = defaultTimeoutMillis, pollMillis } = options;
  const endMillis = clock.nowMillis() + timeoutMillis;
  let pauseMillis = pollMillis ?? FIRST_PAUSE_MILLIS;
  for (;;) {
    const leftMillis = endMillis - clock.nowMillis();
    const answer = await ask({ signal, timeoutMillis: Math.max(1, Math.min(callTimeoutMillis, leftMillis)) });
    if (answer !== undefined) return answer;
    if (clock.nowMillis() + pauseMillis >= endMillis) {
      throw new FlinkTimeoutError(`${failure()} within ${Math.round(timeoutMillis)} ms (timeoutMillis)`, timeoutMillis);
    }
    await clock.sleep(pauseMillis, signal);
    if (pollMillis === undefined) pauseMillis = Math.min(pauseMillis * 1.5, LONGEST_PAUSE_MILLIS);
  }
}
