// Cuts a stream of bytes into texts at a delimiter, for sources without files: sockets, requests, standard input.
import { appError } from '@yeoul/engine';

// 16 MiB, as for lines of files.
export const DEFAULT_MAX_RECORD_BYTES = 16 * 1024 * 1024;

export interface DelimitedTextOptions {
  /** Where the bytes come from, for errors. */
  readonly origin: string;
  /** Not empty. "\n" also takes a "\r" in front of it. */
  readonly delimiter: string;
  readonly maxRecordBytes: number;
}

export class DelimitedText {
  readonly #options: DelimitedTextOptions;
  readonly #delimiter: Buffer;
  readonly #isLine: boolean;
  #rest = Buffer.alloc(0);
  #offsetBytes = 0;

  constructor(options: DelimitedTextOptions) {
    this.#options = options;
    this.#delimiter = Buffer.from(options.delimiter);
    this.#isLine = options.delimiter === '\n';
  }

  /** @returns the texts that end in `chunk`, decoded as UTF-8, without their delimiters */
  push(chunk: Uint8Array): string[] {
    const bytes =
      this.#rest.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([this.#rest, chunk]);
    const texts: string[] = [];
    let start = 0;
    let scan = Math.max(0, this.#rest.length - this.#delimiter.length + 1);
    for (;;) {
      const end = bytes.indexOf(this.#delimiter, scan);
      if (end === -1) break;
      texts.push(this.#decode(bytes, start, end));
      start = end + this.#delimiter.length;
      scan = start;
    }
    this.#offsetBytes += start;
    this.#rest = Buffer.from(bytes.subarray(start));
    this.#checkLength(this.#rest.length);
    return texts;
  }

  /** What is left behind the last delimiter; undefined when nothing is. */
  end(): string | undefined {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? undefined : this.#decode(rest, 0, rest.length);
  }

  #decode(bytes: Buffer, start: number, end: number): string {
    this.#checkLength(end - start);
    const textEnd = this.#isLine && end > start && bytes[end - 1] === 13 ? end - 1 : end;
    return bytes.toString('utf8', start, textEnd);
  }

  #checkLength(sizeBytes: number): void {
    const { origin, maxRecordBytes } = this.#options;
    if (sizeBytes > maxRecordBytes)
      throw appError('LINE_TOO_LONG', [origin, this.#offsetBytes, maxRecordBytes, 'maxRecordBytes']);
  }
}
