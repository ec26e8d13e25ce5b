// One HTTP exchange.
import type { ClientClock } from './client-clock.ts';
import { toConnectionError, toTimeoutError } from './connection-failure.ts';
import { limitTime, untilAborted } from './time-limit.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly isOk: boolean;
  readonly contentType: string;
  /** Of Retry-After, when it was there in seconds. */
  readonly retryAfterMillis: number | undefined;
  readonly text: string;
}

export interface ExchangeLimits {
  readonly clock: ClientClock;
  /** Of this exchange, body included. */
  readonly leftMillis: number;
  /** Of the whole call; for the message. */
  readonly timeoutMillis: number;
  readonly signal: AbortSignal | undefined;
}

/** @throws FlinkConnectionError; the reason of the caller's signal as it is */
export async function exchange(send: typeof fetch, request: HttpRequest, limits: ExchangeLimits): Promise<HttpAnswer> {
  const limit = limitTime(limits.clock, limits.leftMillis, limits.signal);
  try {
    return await untilAborted(sendAndRead(send, request, limit.signal), limit.signal);
  } catch (error) {
    limits.signal?.throwIfAborted();
    throw limit.isOver ? toTimeoutError(limits.timeoutMillis, request) : toConnectionError(error, request);
  } finally {
    limit.release();
  }
}

async function sendAndRead(send: typeof fetch, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, url, headers, body } = request;
  const response = await send(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  return {
    status: response.status,
    isOk: response.ok,
    contentType: response.headers.get('content-type') ?? '',
    retryAfterMillis: readRetryAfter(response.headers.get('retry-after')),
    text: await response.text(),
  };
}

function readRetryAfter(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
}
