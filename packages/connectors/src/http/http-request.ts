// One request with a body limit, a time limit and retries.
import { appError } from '@yeoul/engine';
import { backoffMs, type Pause } from '../pause.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpLimits {
  /** Per attempt, ms. */
  readonly timeoutMs: number;
  /** Further attempts after the first fails. */
  readonly maxRetries: number;
  /** Pause before the first retry, ms; doubles up to RETRY_MAXIMUM_MS. */
  readonly retryPauseMs: number;
  readonly maxBodyBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

// 30 s: a service that is down is asked twice a minute.
const RETRY_MAXIMUM_MS = 30_000;

/**
 * Answers of 408, 429 and 5xx, and failures of the connection, are retried.
 * @returns undefined when the signal was aborted
 * @throws HTTP_REQUEST_FAILED, LINE_TOO_LONG
 */
export async function request(
  given: HttpRequest,
  limits: HttpLimits,
  pause: Pause,
  signal: AbortSignal,
): Promise<HttpAnswer | undefined> {
  for (let failures = 1; ; failures++) {
    const answer = await attempt(given, limits, signal);
    if (signal.aborted) return undefined;
    if (typeof answer !== 'string') return answer;
    if (failures > limits.maxRetries) throw failed(given, failures, answer);
    await pause(backoffMs(failures, limits.retryPauseMs, RETRY_MAXIMUM_MS), signal);
    if (signal.aborted) return undefined;
  }
}

/** @returns why it may succeed later, or the answer */
async function attempt(given: HttpRequest, limits: HttpLimits, signal: AbortSignal): Promise<HttpAnswer | string> {
  const { method, url, headers, body } = given;
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]),
    });
    const text = await readBody(response, given, limits.maxBodyBytes);
    if (response.ok || response.status === 304)
      return { status: response.status, body: text, headers: response.headers };
    const why = `status ${response.status} ${text.slice(0, 200)}`.trim();
    if (isTemporary(response.status)) return why;
    throw failed(given, 1, why);
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    return ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
  }
}

async function readBody(response: Response, { url }: HttpRequest, maxBodyBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) throw appError('LINE_TOO_LONG', [url, 0, maxBodyBytes, 'maxBodyBytes']);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** fetch throws a TypeError for the network and a DOMException for an aborted signal. */
function isConnectionError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}

function failed({ method, url }: HttpRequest, attempts: number, why: string): Error {
  return appError('HTTP_REQUEST_FAILED', [method, url, attempts, why]);
}
