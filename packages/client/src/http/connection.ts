// Calls of the contract's endpoints over HTTP.
//   N1. A safe call may be repeated; an unsafe one never is. When its answer is lost, FlinkOutcomeUnknownError says so, and the operation looks.
import type { AnyEndpoint, ResponseOf } from '@yeoul/contract';
import type { ResolvedClientOptions } from '../client-options.ts';
import { FlinkApiError } from '../errors/api-error.ts';
import { FlinkConnectionError, FlinkOutcomeUnknownError } from '../errors/connection-error.ts';
import { toRelativeUrl, type Values } from './endpoint-url.ts';
import { withRetries } from './retry.ts';
import { exchange, type HttpAnswer, type HttpRequest } from './transport.ts';

/** What every method takes. */
export interface RequestOptions {
  /** Ends the call; it rejects with the signal's reason. What the server has begun goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Of this call with all its attempts; default: the client's. Infinity: no limit. */
  readonly timeoutMillis?: number | undefined;
}

export interface CallRequest extends RequestOptions {
  readonly path?: Values;
  readonly query?: Values;
  /** Sent as JSON, or as multipart if it is a form. */
  readonly body?: unknown;
}

/** GET by name only. */
const unsafeGets = new Set(['cancelJobByGet', 'stopJobByGet']);

export class Connection {
  readonly options: ResolvedClientOptions;

  constructor(options: ResolvedClientOptions) {
    this.options = options;
  }

  async call<E extends AnyEndpoint>(endpoint: E, request: CallRequest = {}): Promise<ResponseOf<E>> {
    const answer = await (isSafe(endpoint) ? this.#callSafe(endpoint, request) : this.#callUnsafe(endpoint, request));
    return answer as ResponseOf<E>;
  }

  #callSafe(endpoint: AnyEndpoint, request: CallRequest): Promise<unknown> {
    const { clock, random, retries } = this.options;
    const deadlineMillis = this.#deadline(request);
    const attempt = async () => {
      const answer = await this.#exchange(endpoint, request, deadlineMillis);
      return readAnswer(endpoint, this.#toHttp(endpoint, request), answer);
    };
    return withRetries(attempt, { retries, clock, random, signal: request.signal, deadlineMillis });
  }

  /** N1. */
  async #callUnsafe(endpoint: AnyEndpoint, request: CallRequest): Promise<unknown> {
    const http = this.#toHttp(endpoint, request);
    try {
      const answer = await this.#exchange(endpoint, request, this.#deadline(request));
      if (isLost(endpoint, answer)) throw toLost(http, answer);
      return readAnswer(endpoint, http, answer);
    } catch (error) {
      if (error instanceof FlinkConnectionError && !error.wasNeverSent) throw toUnknownOutcome(error);
      throw error;
    }
  }

  #exchange(endpoint: AnyEndpoint, request: CallRequest, deadlineMillis: number): Promise<HttpAnswer> {
    const { clock } = this.options;
    const leftMillis = deadlineMillis - clock.nowMillis();
    const timeoutMillis = request.timeoutMillis ?? this.options.timeoutMillis;
    const limits = { clock, leftMillis, timeoutMillis, signal: request.signal };
    return exchange(this.options.fetch, this.#toHttp(endpoint, request), limits);
  }

  #deadline(request: CallRequest): number {
    return this.options.clock.nowMillis() + (request.timeoutMillis ?? this.options.timeoutMillis);
  }

  #toHttp(endpoint: AnyEndpoint, { path = {}, query = {}, body }: CallRequest): HttpRequest {
    const { baseUrl, authorization } = this.options;
    const isForm = body instanceof FormData;
    return {
      method: endpoint.method,
      url: `${baseUrl}${toRelativeUrl(endpoint, path, query)}`,
      headers: {
        accept: endpoint.kind === 'file' ? 'text/plain, application/json' : 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined || isForm ? body : JSON.stringify(body),
    };
  }
}

export function isSafe(endpoint: AnyEndpoint): boolean {
  return endpoint.method === 'GET' && !unsafeGets.has(endpoint.id);
}

/** A gateway that lost the server, or a success that cannot be read. */
function isLost(endpoint: AnyEndpoint, answer: HttpAnswer): boolean {
  if (answer.status === 502 || answer.status === 504) return true;
  return answer.isOk && endpoint.kind !== 'file' && parseJson(answer.text) === undefined;
}

function toLost({ method, url }: HttpRequest, { status }: HttpAnswer): FlinkConnectionError {
  const message = status < 300 ? 'something that is no JSON' : String(status);
  return new FlinkConnectionError(`${method} ${url} was answered with ${message}`, { kind: 'broken', method, url });
}

function toUnknownOutcome(error: FlinkConnectionError): FlinkOutcomeUnknownError {
  const message = `${error.message}. Whether the server did it is not known: look before doing it again`;
  return new FlinkOutcomeUnknownError(message, error, { cause: error });
}

function readAnswer(endpoint: AnyEndpoint, { method, url }: HttpRequest, answer: HttpAnswer): unknown {
  if (!answer.isOk) throw toApiError(method, url, answer);
  if (endpoint.kind === 'file') return answer.text;
  const value = parseJson(answer.text);
  if (value !== undefined) return value;
  const start = answer.text.slice(0, 80).replace(/\s+/g, ' ');
  throw new FlinkApiError({
    status: answer.status,
    errors: [`${method} ${url} was answered with something that is no JSON (is it Flink's REST API?): ${start}`],
    method,
    url,
  });
}

function toApiError(method: string, url: string, answer: HttpAnswer): FlinkApiError {
  const { status, retryAfterMillis } = answer;
  return new FlinkApiError({ status, errors: readErrors(answer), method, url, retryAfterMillis });
}

function readErrors({ text, contentType }: HttpAnswer): readonly string[] {
  const body = parseJson(text);
  if (typeof body === 'object' && body !== null && 'errors' in body && Array.isArray(body.errors)) {
    return body.errors.map(String).filter((error) => error !== '');
  }
  return contentType.startsWith('text/plain') && text !== '' ? [text] : [];
}

/** @returns undefined when it is none */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
