// Bounded sources that need nothing but the program: elements and number sequences.
//   P1. A split is [next, end): everything before `next` was emitted. A finished split stays in the state, so that it is
//       not found again by enumeration at restore.
import { appError } from '../errors.ts';
import { InterruptedSplits } from './interrupted-splits.ts';
import { Boundedness, type ReaderOutput, type Source, type SourceReader } from './source.ts';

/** Indices [next, end). */
export interface RangeSplit {
  readonly id: number;
  readonly next: number;
  readonly end: number;
  /** Some of it was read: what is left stands in the state of whoever reads it. */
  readonly begun?: true | undefined;
}

// Records per poll: enough to make the call cheap, few enough to stay responsive.
const RECORDS_PER_POLL = 16;

// Ranges of a sequence: more than subtasks that one machine runs, few enough to keep the state small.
const SEQUENCE_SPLITS = 128;

/** Emits `valueAt(i)` for each index of its splits, in order. */
export class RangeReader<T> implements SourceReader<T, RangeSplit> {
  readonly #valueAt: (index: number) => T;
  readonly #recordsPerPoll: number;
  readonly #splits: RangeSplit[] = [];
  readonly #interrupted = new InterruptedSplits<T>();
  #current = 0;

  constructor(valueAt: (index: number) => T, recordsPerPoll = RECORDS_PER_POLL) {
    this.#valueAt = valueAt;
    this.#recordsPerPoll = recordsPerPoll;
  }

  pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    const split = this.#nextSplit();
    if (split === undefined) return 'end';
    const last = Math.min(split.end, split.next + this.#recordsPerPoll);
    const target = this.#interrupted.isEmpty ? output : this.#interrupted.outputFor(idOf(split), output);
    for (let index = split.next; index < last; index++) target.collect(this.#valueAt(index));
    this.#splits[this.#current] = { ...split, next: last, begun: true };
    if (last === split.end) this.#endSplit(split, output);
    return 'more';
  }

  /** Whether a record is left in the splits that it was given. */
  protected hasMore(): boolean {
    return this.#nextSplit() !== undefined;
  }

  /** Past those that were finished before a restore. */
  #nextSplit(): RangeSplit | undefined {
    let split = this.#splits[this.#current];
    while (split !== undefined && split.next === split.end) split = this.#splits[++this.#current];
    return split;
  }

  #endSplit(split: RangeSplit, output: ReaderOutput<T>): void {
    this.#current++;
    if (!this.#interrupted.isEmpty) this.#interrupted.finished(idOf(split), output);
  }

  isAvailable(): Promise<void> {
    return Promise.resolve();
  }

  snapshotState(): RangeSplit[] {
    return [...this.#splits];
  }

  /** Begun ones first. */
  addSplits(splits: readonly RangeSplit[]): void {
    const begun = splits.filter((split) => split.begun && split.next < split.end);
    this.#interrupted.add(begun.map(idOf));
    this.#splits.push(...begun, ...splits.filter((split) => !begun.includes(split)));
  }
}

function idOf(split: RangeSplit): string {
  return String(split.id);
}

/** The elements of an array; one split, so its order is kept. */
export class CollectionSource<T> implements Source<T, RangeSplit> {
  readonly boundedness = Boundedness.Bounded;
  readonly #elements: readonly T[];

  constructor(elements: Iterable<T>) {
    this.#elements = [...elements];
  }

  enumerateSplits(): RangeSplit[] {
    return [{ id: 0, next: 0, end: this.#elements.length }];
  }

  splitId(split: RangeSplit): string {
    return String(split.id);
  }

  createReader(): SourceReader<T, RangeSplit> {
    return new RangeReader((index) => this.#elements[index] as T);
  }
}

/** The numbers from..to, both inclusive, in ranges; in order at parallelism 1. */
export class NumberSequenceSource implements Source<number, RangeSplit> {
  readonly boundedness = Boundedness.Bounded;
  readonly #from: number;
  readonly #to: number;

  constructor(from: number, to: number) {
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || to < from) {
      throw appError('INVALID_SETTING', ['sequence', `${from}..${to}`, 'two whole numbers, the second not smaller']);
    }
    this.#from = from;
    this.#to = to;
  }

  /** As many ranges whatever the parallelism, so that ids stay the same when it changes. */
  enumerateSplits(): RangeSplit[] {
    const count = this.#to - this.#from + 1;
    const splits = Math.min(count, SEQUENCE_SPLITS);
    const bound = (id: number): number => this.#from + Math.floor((count / splits) * id);
    return Array.from({ length: splits }, (_, id) => ({
      id,
      next: bound(id),
      end: id === splits - 1 ? this.#to + 1 : bound(id + 1),
    }));
  }

  splitId(split: RangeSplit): string {
    // Equal length: splits are dealt out in the order of their ids.
    return String(split.id).padStart(3, '0');
  }

  createReader(): SourceReader<number, RangeSplit> {
    return new RangeReader((index) => index);
  }
}
