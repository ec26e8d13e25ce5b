// A parallel source of numbered partitions, read up to a gate that the test moves. Positions are splits.
import { Boundedness, type ReaderOutput, type Source, type SourceReader } from '@yeoul/engine';

export interface PartitionSplit {
  readonly partition: number;
  readonly next: number;
}

/** How far each partition may be read; the test opens it. */
export class Gate {
  #limit: number;
  #waiting: (() => void)[] = [];

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  open(limit = Number.POSITIVE_INFINITY): void {
    this.#limit = limit;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  moved(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export interface PartitionedSourceOptions<T> {
  readonly partitions: number;
  readonly recordsPerPartition: (partition: number) => number;
  readonly recordAt: (partition: number, index: number) => T;
  readonly timestampAt?: (partition: number, index: number) => number;
  readonly gate?: Gate;
}

export class PartitionedSource<T> implements Source<T, PartitionSplit> {
  readonly boundedness = Boundedness.Bounded;
  readonly #options: PartitionedSourceOptions<T>;

  constructor(options: PartitionedSourceOptions<T>) {
    this.#options = options;
  }

  enumerateSplits(): PartitionSplit[] {
    return Array.from({ length: this.#options.partitions }, (_, partition) => ({ partition, next: 0 }));
  }

  splitId({ partition }: PartitionSplit): string {
    return String(partition).padStart(4, '0');
  }

  createReader(): SourceReader<T, PartitionSplit> {
    return new PartitionReader(this.#options);
  }
}

class PartitionReader<T> implements SourceReader<T, PartitionSplit> {
  readonly #options: PartitionedSourceOptions<T>;
  readonly #splits: PartitionSplit[] = [];

  constructor(options: PartitionedSourceOptions<T>) {
    this.#options = options;
  }

  /** One record of each partition that has one, so that partitions advance together. */
  pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    let emitted = 0;
    let unread = 0;
    this.#splits.forEach((split, i) => {
      const end = this.#options.recordsPerPartition(split.partition);
      if (split.next >= end) return;
      unread++;
      if (split.next >= (this.#options.gate?.limit ?? Number.POSITIVE_INFINITY)) return;
      this.#emit(split, output);
      this.#splits[i] = { ...split, next: split.next + 1 };
      emitted++;
    });
    if (unread === 0) return 'end';
    return emitted > 0 ? 'more' : 'wait';
  }

  isAvailable(): Promise<void> {
    return this.#options.gate?.moved() ?? Promise.resolve();
  }

  /** Splits that were read to the end are not kept: the enumerator remembers them by id. */
  snapshotState(): PartitionSplit[] {
    return this.#splits.filter(({ partition, next }) => next < this.#options.recordsPerPartition(partition));
  }

  addSplits(splits: readonly PartitionSplit[]): void {
    this.#splits.push(...splits);
  }

  #emit({ partition, next }: PartitionSplit, output: ReaderOutput<T>): void {
    const { recordAt, timestampAt } = this.#options;
    const record = recordAt(partition, next);
    if (timestampAt) output.collectWithTimestamp(record, timestampAt(partition, next));
    else output.collect(record);
  }
}
