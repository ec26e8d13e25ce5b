// Doing a safe call again.
//   R1. Only calls that change nothing are ever repeated.
//   R2. The time of the call is for all attempts together.
import { FlinkApiError } from '../errors/api-error.ts';
import { FlinkConnectionError } from '../errors/connection-error.ts';
import type { ClientClock, Random } from './client-clock.ts';

const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 5_000;

/** Statuses of servers and gateways that are not ready: starting, electing a leader, overloaded. */
const passingStatuses = new Set([429, 502, 503, 504]);

export interface RetryOptions {
  /** Attempts after the first. */
  readonly retries: number;
  readonly clock: ClientClock;
  readonly random: Random;
  readonly signal: AbortSignal | undefined;
  /** Time of the clock at which the call ends. */
  readonly deadlineMillis: number;
}

export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let count = 0; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const pauseMillis = decidePause(error, count, options.random());
      const endsMillis = options.clock.nowMillis() + (pauseMillis ?? 0);
      if (pauseMillis === undefined || count >= options.retries || endsMillis >= options.deadlineMillis) throw error;
      await options.clock.sleep(pauseMillis, options.signal);
    }
  }
}

/** @returns undefined: it would fail again */
function decidePause(error: unknown, count: number, chance: number): number | undefined {
  const wanted = Math.min(FIRST_PAUSE_MILLIS * 2 ** count, LONGEST_PAUSE_MILLIS) * (0.5 + chance / 2);
  if (error instanceof FlinkApiError) {
    if (!passingStatuses.has(error.status)) return undefined;
    return error.retryAfterMillis === undefined ? wanted : Math.min(error.retryAfterMillis, LONGEST_PAUSE_MILLIS);
  }
  if (!(error instanceof FlinkConnectionError)) return undefined;
  return error.kind === 'refused' || error.kind === 'broken' || error.kind === 'timeout' ? wanted : undefined;
}
