// Reads file ranges one after the other, begun ones first; what was begun side by side holds the watermark back until it is done.
import { InterruptedSplits, type ReaderOutput } from '@yeoul/engine';
import type { FileFormat, RecordReader } from '../formats/file-format.ts';
import { ENDED, PENDING } from '../formats/file-format.ts';
import { type ByteInput, openByteInput } from './byte-input.ts';
import { type FileRange, splitIdOf } from './file-split.ts';

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
  readonly #interrupted = new InterruptedSplits<T>();

  constructor(format: FileFormat<T>) {
    this.#format = format;
  }

  add(ranges: readonly FileRange[]): void {
    const begun = ranges.filter(({ progress }) => progress !== undefined);
    this.#interrupted.add(begun.map(splitIdOf));
    const notBegun = ranges.filter(({ progress }) => progress === undefined);
    this.#waiting = [...begun, ...this.#waiting.slice(this.#nextWaiting), ...notBegun];
    this.#nextWaiting = 0;
  }

  /** Emits a record. @returns undefined; or PENDING: ask again after whenReadable; or ENDED: no range is left */
  emitNext(output: ReaderOutput<T>): undefined | typeof PENDING | typeof ENDED {
    for (;;) {
      if (this.#open === undefined && !this.#openNext()) return ENDED;
      const { range, reader } = this.#open as OpenRange<T>;
      const record = reader.next();
      if (record === ENDED) this.#end(range, output);
      else if (record === PENDING) return PENDING;
      else {
        if (this.#interrupted.isEmpty) output.collect(record);
        else this.#interrupted.outputFor(splitIdOf(range), output).collect(record);
        return undefined;
      }
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

  #end(range: FileRange, output: ReaderOutput<T>): void {
    this.close();
    if (!this.#interrupted.isEmpty) this.#interrupted.finished(splitIdOf(range), output);
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
