// Posts records in batches. At least once: what was posted after the last checkpoint is posted again after a failure.
import { type CheckpointedFunction, RichSinkFunction } from '@yeoul/engine';
import { checkInteger, type DurationLike } from '../options.ts';
import { type Pause, pause } from '../pause.ts';
import { checkUrl, resolveHttpLimits } from './http-poll-source.ts';
import { type HttpLimits, request } from './http-request.ts';

export interface HttpSinkOptions<T> {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Records of one request. Default 500. */
  readonly maxBatchRecords?: number | undefined;
  /** Batch to body. Default: a JSON array. */
  readonly serialize?: ((records: readonly T[]) => string) | undefined;
  readonly timeout?: DurationLike | undefined;
  readonly maxRetries?: number | undefined;
  readonly retryPause?: DurationLike | undefined;
  /** For tests. */
  readonly pause?: Pause | undefined;
}

const DEFAULT_MAX_BATCH_RECORDS = 500;

export class HttpSink<T> extends RichSinkFunction<T> implements CheckpointedFunction {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #maxBatchRecords: number;
  readonly #serialize: (records: readonly T[]) => string;
  readonly #limits: HttpLimits;
  readonly #pause: Pause;
  #batch: T[] = [];
  #closed = new AbortController();

  constructor(options: HttpSinkOptions<T>) {
    super();
    this.#url = checkUrl('url', options.url, ['http:', 'https:']);
    this.#headers = { 'content-type': 'application/json', ...options.headers };
    this.#maxBatchRecords = checkInteger('maxBatchRecords', options.maxBatchRecords ?? DEFAULT_MAX_BATCH_RECORDS, 1);
    this.#serialize = options.serialize ?? JSON.stringify;
    this.#limits = resolveHttpLimits(options);
    this.#pause = options.pause ?? pause;
  }

  initializeState(): void {
    this.#batch = [];
    this.#closed = new AbortController();
  }

  override invoke(record: T): void | Promise<void> {
    this.#batch.push(record);
    if (this.#batch.length >= this.#maxBatchRecords) return this.#post();
  }

  snapshotState(): Promise<void> {
    return this.#post();
  }

  override finish(): Promise<void> {
    return this.#post();
  }

  override close(): void {
    this.#closed.abort();
  }

  async #post(): Promise<void> {
    if (this.#batch.length === 0) return;
    const body = this.#serialize(this.#batch);
    this.#batch = [];
    await request(
      { method: 'POST', url: this.#url, headers: this.#headers, body },
      this.#limits,
      this.#pause,
      this.#closed.signal,
    );
  }
}
