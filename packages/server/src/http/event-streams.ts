// Streams of Server-Sent Events.
//   V1. There are at most `maxEventStreams`; the next one is refused with EVENT_STREAM_LIMIT.
//   V2. A reader that does not keep up is cut off before it holds more than MAX_UNREAD_BYTES; it comes back and gets what is so then.
//   V3. When the server closes, all of them end at once.
//   V4. When the token that opened one is revoked, it ends, read or not.
// @see https://html.spec.whatwg.org/multipage/server-sent-events.html
import type { ServerResponse } from 'node:http';
import { appError } from '@yeoul/engine';
import type { FastifyReply } from 'fastify';
import type { TokenHolder } from '../security/tokens.ts';

export interface StreamedEvent {
  /** What a reader that comes back says it has seen. */
  readonly id: string;
  readonly type: string;
  /** JSON in one line. */
  readonly data: string;
}

export interface EventReader {
  send(event: StreamedEvent): void;
  /** No more events. */
  end(): void;
}

/** Answer of endpoints of kind "events". */
export class EventStream {
  /** Undefined: there is nothing to say any more, the reader is to stay away. */
  readonly subscribe: ((reader: EventReader) => () => void) | undefined;

  /** @param subscribe begins to send; what it returns ends that */
  constructor(subscribe: ((reader: EventReader) => () => void) | undefined) {
    this.subscribe = subscribe;
  }
}

/** After which a reader whose connection broke comes back. */
const RETRY_MS = 2000;
/** Shorter than proxies wait for a word (60 s mostly). */
const HEARTBEAT_MS = 15_000;
const MAX_UNREAD_BYTES = 1024 * 1024;
/** What a revoked reader has not read by then is lost to it. */
const REVOKED_LINGER_MS = 1000;

export class EventStreams {
  readonly #maxStreams: number;
  /** With whose token opened them; undefined: nobody's. */
  readonly #open = new Map<ServerResponse, TokenHolder | undefined>();

  constructor(maxStreams: number) {
    this.#maxStreams = maxStreams;
  }

  /** @throws EVENT_STREAM_LIMIT */
  send(reply: FastifyReply, { subscribe }: EventStream, holder: TokenHolder | undefined): FastifyReply {
    if (subscribe === undefined) return reply.code(204).send();
    if (this.#open.size >= this.#maxStreams) throw appError('EVENT_STREAM_LIMIT', [this.#open.size]);
    const response = reply.hijack().raw;
    response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=UTF-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      // For proxies that would collect before they pass on.
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#run(response, subscribe, holder);
    return reply;
  }

  /** V3. */
  close(): void {
    for (const response of this.#open.keys()) response.end();
  }

  /** V4. */
  endRevoked(isKnown: (holder: TokenHolder) => boolean): void {
    for (const [response, holder] of this.#open) {
      if (holder === undefined || isKnown(holder)) continue;
      response.end();
      setTimeout(() => response.destroy(), REVOKED_LINGER_MS).unref();
    }
  }

  #run(
    response: ServerResponse,
    subscribe: (reader: EventReader) => () => void,
    holder: TokenHolder | undefined,
  ): void {
    this.#open.set(response, holder);
    const heartbeat = setInterval(() => write(response, ':\n\n'), HEARTBEAT_MS);
    let stop: () => void = () => {};
    response.once('close', () => {
      clearInterval(heartbeat);
      this.#open.delete(response);
      stop();
    });
    stop = subscribe({
      send: ({ id, type, data }) => write(response, `id: ${id}\nevent: ${type}\ndata: ${data}\n\n`),
      end: () => response.end(),
    });
  }
}

/** V2. */
function write(response: ServerResponse, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.write(text);
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
}
