// Reads this subtask's ranges to their end.
import type { ReaderOutput, SourceReader } from '@yeoul/engine';
import type { FileFormat } from '../formats/file-format.ts';
import { ENDED, PENDING } from '../formats/file-format.ts';
import type { FileRange, FileSplit } from './file-split.ts';
import { RangeQueue } from './range-queue.ts';

export class BoundedFileReader<T> implements SourceReader<T, FileSplit> {
  readonly #queue: RangeQueue<T>;

  constructor(format: FileFormat<T>) {
    this.#queue = new RangeQueue(format);
  }

  addSplits(splits: readonly FileSplit[]): void {
    this.#queue.add(splits.filter((split): split is FileRange => split.kind === 'range'));
  }

  pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    const next = this.#queue.emitNext(output);
    if (next === ENDED) return 'end';
    return next === PENDING ? 'wait' : 'more';
  }

  isAvailable(): Promise<void> {
    return this.#queue.whenReadable();
  }

  snapshotState(): FileSplit[] {
    return this.#queue.unfinished();
  }

  close(): void {
    this.#queue.close();
  }
}
