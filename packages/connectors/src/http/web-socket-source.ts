// Messages of a WebSocket server. Connects again, with growing pauses, when the connection ends. At most once, as for sockets.
import { appError, type SourceContext, type SourceFunction } from '@yeoul/engine';
import { checkInteger, type DurationLike, toDurationMs } from '../options.ts';
import { backoffMs, type Pause, pause } from '../pause.ts';
import { type BodyParser, resolveBodyParser } from './body-format.ts';
import { checkUrl } from './http-poll-source.ts';
import { loadWebSocket, type OpenWebSocket, type WebSocketConnection } from './open-web-socket.ts';

export interface WebSocketSourceOptions<T> {
  readonly url: string;
  /** Records of a message. Default "json". */
  readonly format?: BodyParser<T> | undefined;
  /** Sent after each connect, e.g. subscriptions. */
  readonly greetings?: readonly string[] | undefined;
  /** Need the package ws. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Attempts in a row without a connection before the job fails. Default 10. */
  readonly maxRetries?: number | undefined;
  /** Pause before the first of them; it doubles, up to 30 s. Default 500 ms. */
  readonly retryPause?: DurationLike | undefined;
  /** Messages that wait for the job, where the client cannot pause (without the package ws); one more fails the job. Default 10,000. */
  readonly maxBufferedMessages?: number | undefined;
  /** For tests. */
  readonly pause?: Pause | undefined;
  readonly load?: (() => Promise<OpenWebSocket>) | undefined;
}

const DEFAULT_MAX_RETRIES = 10;
const DEFAULT_RETRY_PAUSE_MS = 500;
const RETRY_MAXIMUM_MS = 30_000;
const DEFAULT_MAX_BUFFERED_MESSAGES = 10_000;
// The client is paused above, and resumed below half of it: a few chunks of the network.
const PAUSE_ABOVE_MESSAGES = 1000;

export class WebSocketSource<T> implements SourceFunction<T> {
  readonly #options: WebSocketSourceOptions<T>;
  readonly #parse: (body: string) => readonly T[];
  readonly #maxRetries: number;
  readonly #retryPauseMs: number;
  readonly #maxBufferedMessages: number;
  readonly #pause: Pause;
  #cancelled = new AbortController();

  constructor(options: WebSocketSourceOptions<T>) {
    checkUrl('url', options.url, ['ws:', 'wss:']);
    this.#options = options;
    this.#parse = resolveBodyParser(options.format ?? 'json');
    this.#maxRetries = checkInteger('maxRetries', options.maxRetries ?? DEFAULT_MAX_RETRIES, 0);
    this.#retryPauseMs = toDurationMs('retryPause', options.retryPause ?? DEFAULT_RETRY_PAUSE_MS, 1);
    const { maxBufferedMessages = DEFAULT_MAX_BUFFERED_MESSAGES } = options;
    this.#maxBufferedMessages = checkInteger('maxBufferedMessages', maxBufferedMessages, 1);
    this.#pause = options.pause ?? pause;
  }

  async run(context: SourceContext<T>): Promise<void> {
    this.#cancelled = new AbortController();
    const { signal } = this.#cancelled;
    const open = await (this.#options.load ?? loadWebSocket)();
    let failures = 0;
    while (context.isRunning()) {
      const messages = new MessageQueue(this.#options.url, this.#maxBufferedMessages);
      await this.#readConnection(context, open, messages);
      if (!context.isRunning()) return;
      failures = messages.wasOpen ? 1 : failures + 1;
      if (failures > this.#maxRetries)
        throw appError('CONNECTION_FAILED', [this.#options.url, messages.closeReason, failures]);
      await this.#pause(backoffMs(failures, this.#retryPauseMs, RETRY_MAXIMUM_MS), signal);
    }
  }

  cancel(): void {
    this.#cancelled.abort();
  }

  close(): void {
    this.cancel();
  }

  async #readConnection(context: SourceContext<T>, open: OpenWebSocket, messages: MessageQueue): Promise<void> {
    const { url, headers = {}, greetings = [] } = this.#options;
    const { signal } = this.#cancelled;
    const connection = open(url, headers, {
      onOpen: () => {
        messages.opened();
        for (const greeting of greetings) connection.send(greeting);
      },
      onMessage: (text) => messages.put(text),
      onClose: (reason) => messages.end(reason),
    });
    messages.connection = connection;
    const stop = (): void => messages.end('cancelled');
    signal.addEventListener('abort', stop);
    try {
      for (let text = await messages.take(); text !== undefined; text = await messages.take()) {
        for (const record of this.#records(text)) await context.collectAsync(record);
        if (!context.isRunning()) return;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      connection.close();
    }
  }

  #records(text: string): readonly T[] {
    try {
      return this.#parse(text);
    } catch (error) {
      throw appError('FILE_RECORD_INVALID', [this.#options.url, 0, 'in its format', (error as Error).message], {
        cause: error,
      });
    }
  }
}

/** Messages between the client's events and the job; holds the client back when it can be. */
class MessageQueue {
  connection: WebSocketConnection | undefined;
  wasOpen = false;
  closeReason = '';
  readonly #url: string;
  readonly #maxMessages: number;
  #messages: string[] = [];
  #next = 0;
  #ended = false;
  #overrun = false;
  #paused = false;
  #wake: (() => void) | undefined;

  constructor(url: string, maxMessages: number) {
    this.#url = url;
    this.#maxMessages = maxMessages;
  }

  opened(): void {
    this.wasOpen = true;
  }

  put(text: string): void {
    this.#messages.push(text);
    const size = this.#messages.length - this.#next;
    if (this.connection?.setPaused === undefined) this.#overrun ||= size > this.#maxMessages;
    else if (size > PAUSE_ABOVE_MESSAGES) this.#setPaused(true);
    this.#wakeUp();
  }

  end(reason: string): void {
    this.closeReason ||= reason;
    this.#ended = true;
    this.#wakeUp();
  }

  /** @returns undefined at the end of the connection */
  async take(): Promise<string | undefined> {
    while (this.#next === this.#messages.length) {
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#overrun) throw this.#overrunError();
    const text = this.#messages[this.#next++];
    if (this.#next === this.#messages.length) {
      this.#messages = [];
      this.#next = 0;
    }
    if (this.#messages.length - this.#next < PAUSE_ABOVE_MESSAGES / 2) this.#setPaused(false);
    return text;
  }

  #setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.connection?.setPaused?.(paused);
  }

  #overrunError(): Error {
    const size = this.#messages.length - this.#next;
    return appError('INPUT_OVERRUN', [this.#url, size, this.#maxMessages, 'maxBufferedMessages']);
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
