// A cached page as Node writes it to a connection that stays open: head and body in one piece.
import type { CachedPage } from './page-cache.ts';
import { JSON_TYPE } from './write-answer.ts';

const SECOND_MS = 1000;

interface Written {
  readonly second: number;
  readonly bytes: Buffer;
}

export class PageBytes {
  readonly #keepAlive: string;
  readonly #nowMs: () => number;
  readonly #written = new WeakMap<CachedPage, Written>();

  /** @param keepAliveTimeoutMs that is told to clients, in seconds */
  constructor(keepAliveTimeoutMs: number, nowMs: () => number) {
    this.#keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / SECOND_MS)}\r\n`;
    this.#nowMs = nowMs;
  }

  /** Written once for each second of the clock, which its head names. */
  of(page: CachedPage): Buffer {
    const second = Math.floor(this.#nowMs() / SECOND_MS);
    const written = this.#written.get(page);
    if (written?.second === second) return written.bytes;
    const bytes = this.#write(page, second);
    this.#written.set(page, { second, bytes });
    return bytes;
  }

  #write({ body, encoding, sizeBytes }: CachedPage, second: number): Buffer {
    const date = new Date(second * SECOND_MS).toUTCString();
    const head = `HTTP/1.1 200 OK\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${sizeBytes}\r\nDate: ${date}\r\n${this.#keepAlive}\r\n`;
    return Buffer.from(head + body, encoding);
  }
}
