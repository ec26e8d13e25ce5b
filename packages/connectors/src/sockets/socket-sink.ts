// Records to a TCP server. At least once at best: what the system took and the server did not read is lost when the connection breaks.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { appError, RichSinkFunction } from '@yeoul/engine';
import { checkInteger, checkText } from '../options.ts';
import { type Pause, pause } from '../pause.ts';

export interface SocketSinkOptions {
  /** Further attempts, one a second, when the connection breaks or is refused. Default 0; negative: for ever. */
  readonly maxRetries?: number | undefined;
  /** For tests. */
  readonly pause?: Pause | undefined;
}

const RETRY_INTERVAL_MS = 1000;
// Bytes on their way before the job waits for the server: enough for a busy connection.
const HIGH_WATER_BYTES = 1024 * 1024;

export class SocketSink<T> extends RichSinkFunction<T> {
  readonly #hostname: string;
  readonly #port: number;
  readonly #serialize: (record: T) => string | Uint8Array;
  readonly #maxRetries: number;
  readonly #pause: Pause;
  #socket: Socket | undefined;
  #lost: Error | undefined;
  #closed = new AbortController();

  /** @param serialize record to what is sent, its delimiter included */
  constructor(
    hostname: string,
    port: number,
    serialize: (record: T) => string | Uint8Array,
    options: SocketSinkOptions = {},
  ) {
    super();
    this.#hostname = checkText('hostname', hostname);
    this.#port = checkInteger('port', port, 1, 65_535);
    this.#serialize = serialize;
    const retries = checkInteger('maxRetries', options.maxRetries ?? 0, Number.MIN_SAFE_INTEGER);
    this.#maxRetries = retries < 0 ? Number.POSITIVE_INFINITY : retries;
    this.#pause = options.pause ?? pause;
  }

  override async open(): Promise<void> {
    this.#closed = new AbortController();
    await this.#connect();
  }

  override invoke(record: T): void | Promise<void> {
    const data = this.#serialize(record);
    if (this.#lost !== undefined || this.#socket === undefined) return this.#connect().then(() => this.#send(data));
    return this.#send(data);
  }

  /** Until the server's system has taken everything. */
  override async finish(): Promise<void> {
    if (this.#lost !== undefined) throw appError('CONNECTION_LOST', [this.#address, this.#lost.message]);
    const socket = this.#socket;
    if (socket === undefined) return;
    await new Promise<void>((resolve) => socket.end(resolve));
    this.#socket = undefined;
  }

  override close(): void {
    this.#closed.abort();
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  get #address(): string {
    return `${this.#hostname}:${this.#port}`;
  }

  #send(data: string | Uint8Array): void | Promise<void> {
    const socket = this.#socket as Socket;
    socket.write(data);
    if (socket.writableLength < HIGH_WATER_BYTES) return;
    return Promise.race([once(socket, 'drain'), once(socket, 'close')]).then(() => {});
  }

  async #connect(): Promise<void> {
    if (this.#lost !== undefined && this.#maxRetries === 0) {
      throw appError('CONNECTION_LOST', [this.#address, this.#lost.message], { cause: this.#lost });
    }
    for (let attempts = 1; !this.#closed.signal.aborted; attempts++) {
      const error = await this.#tryConnect();
      if (error === undefined) return;
      if (attempts > this.#maxRetries) throw this.#connectionFailed(error, attempts);
      await this.#pause(RETRY_INTERVAL_MS, this.#closed.signal);
    }
  }

  async #tryConnect(): Promise<unknown> {
    const socket = connect({ host: this.#hostname, port: this.#port });
    try {
      await once(socket, 'connect');
    } catch (error) {
      return error;
    }
    this.#lost = undefined;
    this.#socket = socket;
    socket.resume();
    socket.on('error', (error) => {
      this.#lost = error;
    });
    socket.on('close', () => {
      this.#lost ??= new Error('the server closed the connection');
    });
    return undefined;
  }

  #connectionFailed(error: unknown, attempts: number): Error {
    const code = (error as { code?: string }).code ?? String(error);
    return appError('CONNECTION_FAILED', [this.#address, code, attempts], { cause: error });
  }
}
