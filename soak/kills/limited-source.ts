// A source of numbered partitions that reads no further than the run's limit.
import { setTimeout as wait } from 'node:timers/promises';
import { Boundedness, type ReaderOutput, type Source, type SourceReader } from 'yeoul';
import type { RunFiles } from './files.ts';
import { recordAt, type SourceRecord } from './record.ts';

interface Split {
  readonly partition: number;
  readonly next: number;
}

const LOOK_INTERVAL_MS = 10;

export class LimitedSource implements Source<SourceRecord, Split> {
  readonly boundedness = Boundedness.Bounded;
  readonly #files: RunFiles;
  readonly #partitions: number;
  readonly #keys: number;

  constructor(files: RunFiles, partitions: number, keys: number) {
    this.#files = files;
    this.#partitions = partitions;
    this.#keys = keys;
  }

  enumerateSplits(): Split[] {
    return Array.from({ length: this.#partitions }, (_, partition) => ({ partition, next: 0 }));
  }

  splitId({ partition }: Split): string {
    return String(partition);
  }

  createReader(): SourceReader<SourceRecord, Split> {
    return new LimitedReader(this.#files, this.#keys);
  }
}

class LimitedReader implements SourceReader<SourceRecord, Split> {
  readonly #files: RunFiles;
  readonly #keys: number;
  #splits: Split[] = [];
  #limit = { records: 0, isFinal: false };

  constructor(files: RunFiles, keys: number) {
    this.#files = files;
    this.#keys = keys;
  }

  pollNext(output: ReaderOutput<SourceRecord>): 'more' | 'wait' | 'end' {
    const due = this.#splits.filter(({ next }) => next < this.#limit.records);
    for (const { partition, next } of due) output.collect(recordAt(partition, next, this.#keys));
    this.#splits = this.#splits.map((split) => (due.includes(split) ? { ...split, next: split.next + 1 } : split));
    if (due.length > 0) return 'more';
    return this.#limit.isFinal ? 'end' : 'wait';
  }

  async isAvailable(): Promise<void> {
    await wait(LOOK_INTERVAL_MS);
    this.#limit = this.#files.readLimit();
  }

  snapshotState(): Split[] {
    return this.#splits;
  }

  addSplits(splits: readonly Split[]): void {
    this.#splits.push(...splits);
  }
}
