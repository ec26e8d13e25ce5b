// Texts from a TCP server, cut at a delimiter. At most once: what was received and not yet in a checkpoint is gone after a failure,
// since a socket cannot be read again (as in Flink).
import { connect, type Socket } from 'node:net';
import { appError, type SourceContext, type SourceFunction } from '@yeoul/engine';
import { collectAll } from '../collect-all.ts';
import { DEFAULT_MAX_RECORD_BYTES, DelimitedText } from '../delimited-text.ts';
import { checkInteger, checkText } from '../options.ts';
import { type Pause, pause } from '../pause.ts';

export interface SocketTextSourceOptions {
  /** Default "\n". */
  readonly delimiter?: string | undefined;
  /**
   * How long to go on trying, once a second, when nobody answers or the server hangs up, s. 0 (default): a refused connection is an
   * error and a hang-up the end of the stream. Negative: for ever.
   */
  readonly maxRetrySeconds?: number | undefined;
  /** Default 16 MiB. */
  readonly maxRecordBytes?: number | undefined;
  /** For tests. */
  readonly pause?: Pause | undefined;
}

// Flink reconnects once a second.
const RETRY_INTERVAL_MS = 1000;

export class SocketTextSource implements SourceFunction<string> {
  readonly #hostname: string;
  readonly #port: number;
  readonly #delimiter: string;
  readonly #maxRetries: number;
  readonly #maxRecordBytes: number;
  readonly #pause: Pause;
  #socket: Socket | undefined;
  #cancelled = new AbortController();

  constructor(hostname: string, port: number, options: SocketTextSourceOptions = {}) {
    this.#hostname = checkText('hostname', hostname);
    this.#port = checkInteger('port', port, 1, 65_535);
    this.#delimiter = checkText('delimiter', options.delimiter ?? '\n');
    const retries = checkInteger('maxRetrySeconds', options.maxRetrySeconds ?? 0, Number.MIN_SAFE_INTEGER);
    this.#maxRetries = retries < 0 ? Number.POSITIVE_INFINITY : retries;
    this.#maxRecordBytes = checkInteger('maxRecordBytes', options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES, 1);
    this.#pause = options.pause ?? pause;
  }

  async run(context: SourceContext<string>): Promise<void> {
    this.#cancelled = new AbortController();
    const text = new DelimitedText({
      origin: `${this.#hostname}:${this.#port}`,
      delimiter: this.#delimiter,
      maxRecordBytes: this.#maxRecordBytes,
    });
    let failures = 0;
    while (context.isRunning()) {
      const outcome = await this.#readConnection(context, text);
      failures = outcome.wasConnected ? 1 : failures + 1;
      if (!context.isRunning()) return;
      if (failures > this.#maxRetries) {
        if (!outcome.wasConnected) throw this.#connectionFailed(outcome.error, failures);
        if (outcome.error !== undefined) throw this.#connectionLost(outcome.error);
        break;
      }
      await this.#pause(RETRY_INTERVAL_MS, this.#cancelled.signal);
    }
    const last = text.end();
    if (last !== undefined) await context.collectAsync(last);
  }

  cancel(): void {
    this.#cancelled.abort();
    this.#socket?.destroy();
  }

  close(): void {
    this.cancel();
  }

  /** Until the connection ends. The socket is read only as records are taken: a slow job slows the server. */
  async #readConnection(
    context: SourceContext<string>,
    text: DelimitedText,
  ): Promise<{ wasConnected: boolean; error?: unknown }> {
    const socket = connect({ host: this.#hostname, port: this.#port });
    this.#socket = socket;
    let wasConnected = false;
    socket.on('connect', () => {
      wasConnected = true;
    });
    try {
      for await (const chunk of socket) {
        if (!(await collectAll(context, text.push(chunk as Buffer)))) break;
      }
      return { wasConnected };
    } catch (error) {
      if (!isSocketError(error)) throw error;
      return { wasConnected, error };
    } finally {
      socket.destroy();
    }
  }

  #connectionLost(error: unknown): Error {
    return appError('CONNECTION_LOST', [`${this.#hostname}:${this.#port}`, (error as Error).message], { cause: error });
  }

  #connectionFailed(error: unknown, attempts: number): Error {
    const code = (error as { code?: string } | undefined)?.code ?? String(error);
    return appError('CONNECTION_FAILED', [`${this.#hostname}:${this.#port}`, code, attempts], { cause: error });
  }
}

/** Errors of the operating system carry its call; ours do not. */
function isSocketError(error: unknown): boolean {
  const { syscall, code } = error as { syscall?: unknown; code?: unknown };
  return syscall !== undefined || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR' || hasErrors(error);
}

/** Several addresses were tried. */
function hasErrors(error: unknown): boolean {
  return error instanceof AggregateError;
}
