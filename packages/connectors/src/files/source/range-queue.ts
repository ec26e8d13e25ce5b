// Reads file ranges one after the other.
import type { FileFormat, RecordReader } from '../formats/file-format.ts';
import { ENDED, type PENDING } from '../formats/file-format.ts';
import { type ByteInput, openByteInput } from './byte-input.ts';
import type { FileRange } from './file-split.ts';

interface OpenRange<T> {
  readonly range: FileRange;
  readonly input: ByteInput;
  readonly reader: RecordReader<T>;
}

export class RangeQueue<T> {
  readonly #format: FileFormat<T>;
  #waiting: FileRange[] = [];
  #nextWaiting = 0;
  #open: OpenRange<T> | undefined;

  constructor(format: FileFormat<T>) {
    this.#format = format;
  }

  add(ranges: readonly FileRange[]): void {
    this.#waiting = [...this.#waiting.slice(this.#nextWaiting), ...ranges];
    this.#nextWaiting = 0;
  }

  /** @returns PENDING: ask again after whenReadable; ENDED: no range is left */
  next(): T | typeof PENDING | typeof ENDED {
    for (;;) {
      if (this.#open === undefined && !this.#openNext()) return ENDED;
      const record = (this.#open as OpenRange<T>).reader.next();
      if (record !== ENDED) return record;
      this.close();
    }
  }

  whenReadable(): Promise<void> {
    return this.#open?.input.whenReadable() ?? Promise.resolve();
  }

  /** Unfinished ranges with their progress, the one in hand first. */
  unfinished(): FileRange[] {
    const waiting = this.#waiting.slice(this.#nextWaiting);
    if (this.#open === undefined) return waiting;
    const { range, reader } = this.#open;
    return [{ ...range, progress: reader.progress() }, ...waiting];
  }

  /** Leaves the range in hand. */
  close(): void {
    this.#open?.input.close();
    this.#open = undefined;
  }

  #openNext(): boolean {
    const range = this.#waiting[this.#nextWaiting];
    if (range === undefined) return false;
    const input = openByteInput(range.path, this.#format.firstByte(range));
    this.#open = { range, input, reader: this.#format.openReader(range, input) };
    this.#nextWaiting += 1;
    return true;
  }
}
