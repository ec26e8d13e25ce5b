// Asks a URL again and again; what it answers are the records. At most once per answer: what came before a failure and after the last
// checkpoint is not asked for again.
import { AppError, appError, type SourceContext, type SourceFunction } from '@yeoul/engine';
import { collectAll } from '../collect-all.ts';
import { checkInteger, checkText, type DurationLike, toDurationMs } from '../options.ts';
import { type Pause, pause } from '../pause.ts';
import { type BodyParser, resolveBodyParser } from './body-format.ts';
import { type HttpLimits, request } from './http-request.ts';

export interface HttpPollSourceOptions<T> {
  readonly url: string;
  /** From the end of one answer to the next request. */
  readonly interval: DurationLike;
  /** Default "json". */
  readonly format?: BodyParser<T> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default 30 s. */
  readonly timeout?: DurationLike | undefined;
  /** Further attempts when a request fails. Default 5. */
  readonly maxRetries?: number | undefined;
  /** Pause before the first of them; it doubles. Default 500 ms. */
  readonly retryPause?: DurationLike | undefined;
  /** Default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** For tests. */
  readonly pause?: Pause | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RETRIES = 5;
const DEFAULT_RETRY_PAUSE_MS = 500;
const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024;

/** @throws INVALID_SETTING */
export function resolveHttpLimits(options: Partial<Omit<HttpPollSourceOptions<unknown>, 'url'>>): HttpLimits {
  return {
    timeoutMs: toDurationMs('timeout', options.timeout ?? DEFAULT_TIMEOUT_MS, 1),
    maxRetries: checkInteger('maxRetries', options.maxRetries ?? DEFAULT_MAX_RETRIES, 0),
    retryPauseMs: toDurationMs('retryPause', options.retryPause ?? DEFAULT_RETRY_PAUSE_MS, 1),
    maxBodyBytes: checkInteger('maxBodyBytes', options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES, 1),
  };
}

/** @throws INVALID_SETTING unless it is an http(s) or ws(s) address, as named by `schemes` */
export function checkUrl(name: string, url: string, schemes: readonly string[]): string {
  if (URL.canParse(checkText(name, url)) && schemes.includes(new URL(url).protocol)) return url;
  throw appError('INVALID_SETTING', [name, JSON.stringify(url), `an address that starts with ${schemes.join(' or ')}`]);
}

export class HttpPollSource<T> implements SourceFunction<T> {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #intervalMs: number;
  readonly #limits: HttpLimits;
  readonly #parse: (body: string) => readonly T[];
  readonly #pause: Pause;
  #cancelled = new AbortController();

  constructor(options: HttpPollSourceOptions<T>) {
    this.#url = checkUrl('url', options.url, ['http:', 'https:']);
    this.#headers = options.headers ?? {};
    this.#intervalMs = toDurationMs('interval', options.interval);
    this.#limits = resolveHttpLimits(options);
    this.#parse = resolveBodyParser(options.format ?? 'json');
    this.#pause = options.pause ?? pause;
  }

  async run(context: SourceContext<T>): Promise<void> {
    this.#cancelled = new AbortController();
    const { signal } = this.#cancelled;
    let etag: string | null = null;
    while (context.isRunning()) {
      const headers = { ...this.#headers, ...(etag === null ? {} : { 'if-none-match': etag }) };
      const answer = await request({ method: 'GET', url: this.#url, headers }, this.#limits, this.#pause, signal);
      if (answer === undefined) return;
      if (answer.status !== 304) {
        etag = answer.headers.get('etag');
        if (!(await collectAll(context, this.#records(answer.body)))) return;
      }
      context.markAsTemporarilyIdle();
      await this.#pause(this.#intervalMs, signal);
    }
  }

  cancel(): void {
    this.#cancelled.abort();
  }

  close(): void {
    this.cancel();
  }

  #records(body: string): readonly T[] {
    if (body === '') return [];
    try {
      return this.#parse(body);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw appError('FILE_RECORD_INVALID', [this.#url, 0, 'in its format', (error as Error).message], {
        cause: error,
      });
    }
  }
}
