// What snapshots under way still need of a pane's rows of numbers. A snapshot sees the rows as they were at its barrier
// (key-context X2): the first change in a segment that it has not passed keeps a copy of the segment for it, so that changes
// stay as cheap as without snapshots. A row that is removed may lose its key, and is written at once.
import { type CellSink, growInt32, type KeyContext } from '../key-context.ts';
import type { NumberRows } from './number-rows.ts';

/** Rows per segment, as a power of two: a copy takes microseconds. */
export const ROW_SEGMENT_BITS = 12;

/** Where one snapshot stands in the pane. */
interface Progress {
  readonly run: CellSink;
  /** Rows below are written. */
  next: number;
  /** By segment: the rows at the barrier, where one was changed since. */
  readonly kept: (NumberRows | undefined)[];
}

export class RowSnapshots {
  readonly #rows: NumberRows;
  readonly #context: KeyContext;
  readonly #segmentBits: number;
  readonly #writeCell: (run: CellSink, slot: number, value: unknown) => void;
  /** Snapshots up to this epoch need nothing of these rows. */
  readonly #servedEpoch: number;
  /** By segment: epoch of the newest snapshot that needs no further copy of it. */
  #keptEpochs: Int32Array;
  /** Of snapshots under way; ended ones are forgotten when another begins here. */
  #progress: Progress[] = [];

  /** Of rows that all snapshots under way have, or need not have. */
  constructor(
    rows: NumberRows,
    context: KeyContext,
    segmentBits: number,
    writeCell: (run: CellSink, slot: number, value: unknown) => void,
  ) {
    this.#rows = rows;
    this.#context = context;
    this.#segmentBits = segmentBits;
    this.#writeCell = writeCell;
    this.#servedEpoch = context.epoch;
    this.#keptEpochs = new Int32Array((rows.length >> segmentBits) + 1).fill(context.epoch);
  }

  /** Call before the row changes, while snapshots are written. */
  keep(slot: number): void {
    if (this.#keptEpochs[slot >> this.#segmentBits] !== this.#context.epoch)
      this.#keepSegment(slot >> this.#segmentBits);
  }

  /** Call before the row is removed, while snapshots are written. */
  writeAhead(slot: number): void {
    this.keep(slot);
    const segment = slot >> this.#segmentBits;
    const at = slot - (segment << this.#segmentBits);
    const copies = new Set<NumberRows>();
    for (const { run, next, kept } of this.#progress) {
      const copy = kept[segment];
      if (slot < next || copy === undefined || !copy.has(at)) continue;
      this.#writeCell(run, slot, copy.read(at));
      copies.add(copy);
    }
    for (const copy of copies) copy.clear(at);
  }

  /** Writes the run's next rows, about `count`. @returns rows that it is past; all of them: it has the pane */
  advance(run: CellSink, count: number): number {
    if (run.epoch <= this.#servedEpoch) return this.#rows.length;
    const progress = this.#progressOf(run);
    const end = Math.min(this.#rows.length, progress.next + count);
    while (progress.next < end) this.#writeSegment(progress, end);
    return progress.next;
  }

  /** Writes about `count` rows to every run up to the epoch. @returns true when they all have the pane */
  advanceAll(untilEpoch: number, count: number): boolean {
    const runs = this.#context.runs.filter(({ epoch }) => epoch <= untilEpoch);
    return runs.every((run) => this.advance(run, count) >= this.#rows.length);
  }

  /** No snapshot is written any more. */
  forget(): void {
    this.#progress = [];
  }

  #keepSegment(segment: number): void {
    if (segment >= this.#keptEpochs.length) this.#growKeptEpochs(segment);
    const keptEpoch = this.#keptEpochs[segment]!;
    this.#keptEpochs[segment] = this.#context.epoch;
    const [from, to] = [segment << this.#segmentBits, (segment + 1) << this.#segmentBits];
    let copy: NumberRows | undefined;
    for (const run of this.#context.runs) {
      if (run.epoch <= keptEpoch) continue;
      const { next, kept } = this.#progressOf(run);
      if (next >= to) continue;
      copy ??= this.#rows.copy(from, to);
      kept[segment] = copy;
    }
  }

  #growKeptEpochs(segment: number): void {
    const { length } = this.#keptEpochs;
    const grown = growInt32(this.#keptEpochs, Math.max(segment + 1, length * 2));
    this.#keptEpochs = grown.fill(this.#servedEpoch, length);
  }

  #progressOf(run: CellSink): Progress {
    const found = this.#progress.find((progress) => progress.run === run);
    if (found !== undefined) return found;
    const { runs } = this.#context;
    this.#progress = this.#progress.filter((progress) => runs.includes(progress.run));
    const progress: Progress = { run, next: 0, kept: [] };
    this.#progress.push(progress);
    return progress;
  }

  #writeSegment(progress: Progress, limit: number): void {
    const segment = progress.next >> this.#segmentBits;
    const segmentEnd = (segment + 1) << this.#segmentBits;
    const end = Math.min(limit, segmentEnd);
    const copy = progress.kept[segment];
    const rows = copy ?? this.#rows;
    const offset = copy === undefined ? 0 : segment << this.#segmentBits;
    for (let slot = progress.next; slot < end; slot++) {
      if (rows.has(slot - offset)) this.#writeCell(progress.run, slot, rows.read(slot - offset));
    }
    progress.next = end;
    if (end === segmentEnd) progress.kept[segment] = undefined;
  }
}
