// Lines of a file, or of a part of one.
//   L1. A line belongs to the range that holds its first byte (S2): a range that starts inside a line leaves that line to
//       the range before, and the last line is read to its end, past the end of the range.
//   L2. Every line is a string of its own. Slices of a large string would be faster to make, and keep all of it in memory
//       as long as a piece of one line lives in some state.
//   L3. At most maxLineBytes and one chunk are held.
import { isUtf8 } from 'node:buffer';
import { AppError, appError } from '@yeoul/engine';
import type { ByteInput } from '../source/byte-input.ts';
import type { FileProgress, FileRange } from '../source/file-split.ts';
import { ByteWindow } from './byte-window.ts';
import { ENDED, PENDING, type RecordReader } from './file-format.ts';

export const textEncodings = ['utf-8', 'latin1'] as const;
export type TextEncoding = (typeof textEncodings)[number];

export interface LineReaderOptions<T> {
  readonly formatName: string;
  readonly encoding: TextEncoding;
  /** Invalid UTF-8: U+FFFD in its place, or an error. */
  readonly invalidBytes: 'replace' | 'fail';
  readonly maxLineBytes: number;
  /** undefined: the line is the record. SKIPPED: no record in this line. */
  readonly parse: ((line: string) => T | typeof SKIPPED) | undefined;
}

export const SKIPPED: unique symbol = Symbol('skipped');

type Decode = (bytes: Buffer, start: number, end: number) => string;

/** Node's inner names of toString('utf8') and ('latin1'): a third faster for short lines, and old; checked all the same. */
interface SlicingBuffer extends Buffer {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}

const hasSlices = typeof (Buffer.prototype as Partial<SlicingBuffer>).utf8Slice === 'function';

const decoders: Readonly<Record<TextEncoding, Decode>> = {
  'utf-8': hasSlices
    ? (bytes, start, end) => (bytes as SlicingBuffer).utf8Slice(start, end)
    : (bytes, start, end) => bytes.toString('utf8', start, end),
  latin1: hasSlices
    ? (bytes, start, end) => (bytes as SlicingBuffer).latin1Slice(start, end)
    : (bytes, start, end) => bytes.toString('latin1', start, end),
};

const LF = 10;
const CR = 13;

/** One byte early: a range that starts right behind a line end starts with a line. */
export function firstByteOfLines(range: FileRange): number {
  return range.progress?.offsetBytes ?? Math.max(0, range.startBytes - 1);
}

export class LineReader<T> implements RecordReader<T> {
  readonly #path: string;
  readonly #options: LineReaderOptions<T>;
  readonly #parse: ((line: string) => T | typeof SKIPPED) | undefined;
  readonly #decode: Decode;
  readonly #maxLineBytes: number;
  readonly #endBytes: number;
  readonly #window: ByteWindow;
  /** Lines that begin at this index of the window, or later, are not ours. */
  #stop: number;
  /** No line end before this index. */
  #scan = 0;
  #inForeignLine: boolean;
  #mayHaveMark: boolean;

  constructor(range: FileRange, input: ByteInput, options: LineReaderOptions<T>) {
    this.#path = range.path;
    this.#options = options;
    this.#parse = options.parse;
    this.#decode = decoders[options.encoding];
    this.#maxLineBytes = options.maxLineBytes;
    const offsetBytes = firstByteOfLines(range);
    this.#window = new ByteWindow(range.path, input, offsetBytes, options.maxLineBytes, 'maxLineBytes');
    this.#endBytes = range.endBytes === -1 ? Number.POSITIVE_INFINITY : range.endBytes;
    this.#stop = this.#endBytes - offsetBytes;
    this.#inForeignLine = range.startBytes > 0 && range.progress === undefined;
    this.#mayHaveMark = offsetBytes === 0 && options.encoding === 'utf-8';
  }

  next(): T | typeof PENDING | typeof ENDED {
    const window = this.#window;
    for (;;) {
      const end = window.bytes.indexOf(LF, this.#scan);
      if (end === -1 || this.#inForeignLine) {
        const record = this.#nextSlowly(end);
        if (record !== SKIPPED) return record;
        continue;
      }
      if (window.start >= this.#stop) return ENDED;
      const record = this.#take(end, end + 1);
      if (record !== SKIPPED) return record;
    }
  }

  progress(): FileProgress | undefined {
    return this.#inForeignLine ? undefined : { offsetBytes: this.#window.positionBytes, skipRecords: 0 };
  }

  /** @param end index of a line end, or -1 */
  #nextSlowly(end: number): T | typeof PENDING | typeof ENDED | typeof SKIPPED {
    const window = this.#window;
    if (this.#inForeignLine) this.#leaveForeignLine(end);
    else if (window.start >= this.#stop) return ENDED;
    if (end !== -1) return SKIPPED;
    if (window.ended) return this.#takeLast();
    this.#scan = window.bytes.length;
    const before = window.start;
    const filled = window.fill();
    this.#scan -= before;
    this.#stop = this.#endBytes - window.offsetBytes;
    return filled ? SKIPPED : PENDING;
  }

  /** A foreign line is dropped piece by piece: it may be as long as it likes. */
  #leaveForeignLine(end: number): void {
    const window = this.#window;
    window.start = end === -1 ? window.bytes.length : end + 1;
    this.#scan = window.start;
    if (end !== -1 || window.ended) this.#inForeignLine = false;
  }

  /** A last line without a line end. */
  #takeLast(): T | typeof ENDED | typeof SKIPPED {
    const { start, bytes } = this.#window;
    return start === bytes.length || start >= this.#stop ? ENDED : this.#take(bytes.length, bytes.length);
  }

  #take(end: number, next: number): T | typeof SKIPPED {
    const window = this.#window;
    const { bytes } = window;
    let { start } = window;
    if (end - start > this.#maxLineBytes) throw window.tooLong();
    if (this.#mayHaveMark) start = this.#skipMark(start, end);
    const textEnd = end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (this.#options.invalidBytes === 'fail') this.#checkBytes(start, textEnd);
    const line = this.#decode(bytes, start, textEnd);
    const record = this.#parse === undefined ? (line as T) : this.#parseLine(this.#parse, line);
    window.start = next;
    this.#scan = next;
    return record;
  }

  #parseLine(parse: (line: string) => T | typeof SKIPPED, line: string): T | typeof SKIPPED {
    try {
      return parse(line);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw this.#invalid(this.#options.formatName, (error as Error).message, error);
    }
  }

  /** The byte order mark of a file's begin (EF BB BF) is no text. */
  #skipMark(start: number, end: number): number {
    this.#mayHaveMark = false;
    const { bytes } = this.#window;
    const hasMark = end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
    return hasMark ? start + 3 : start;
  }

  #checkBytes(start: number, end: number): void {
    if (this.#options.encoding === 'latin1' || isUtf8(this.#window.bytes.subarray(start, end))) return;
    throw this.#invalid('UTF-8', 'set the encoding to latin1, or allow replacement characters');
  }

  #invalid(what: string, why: string, cause?: unknown): AppError {
    return appError('FILE_RECORD_INVALID', [this.#path, this.#window.positionBytes, what, why], { cause });
  }
}
