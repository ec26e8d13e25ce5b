// Heap cells of a state without namespaces: a column of values by slot.
import type { Cells, CellTable, SnapshotCursor } from '../cells.ts';
import { type CellSink, growInt32, type KeyContext } from '../key-context.ts';

/** Slots per segment, as a power of two: a copy of a segment takes microseconds, and a bit per segment stays in the nearest cache. */
const SEGMENT_BITS = 12;
const INITIAL_SEGMENTS = 16;

/**
 * A snapshot under way sees the column as it was at its barrier (key-context X2):
 *   - the first write in a segment that its cursor has not reached keeps a copy of the segment for it;
 *   - what can be changed in place (objects) or loses its key (removal) is written to it cell by cell, and stamped.
 */
export class HeapColumn implements CellTable, Cells {
  readonly id: number;
  readonly #context: KeyContext;
  readonly #segmentBits: number;
  /** By slot; undefined: no cell. Shorter than the slots when the last ones have none. */
  readonly #values: unknown[] = [];
  /** By segment: epoch of the newest snapshot that needs no further copy of it. */
  #keptEpochs = new Int32Array(INITIAL_SEGMENTS);
  /** By slot: epoch of the newest snapshot that has this cell. Empty until a cell is written ahead of the cursors. */
  #stamps = new Int32Array(0);
  /** Of snapshots under way; ended ones are forgotten when the next one begins. */
  #cursors: ColumnCursor[] = [];
  #size = 0;

  constructor(id: number, context: KeyContext, segmentBits = SEGMENT_BITS) {
    this.id = id;
    this.#context = context;
    this.#segmentBits = segmentBits;
  }

  openCells(): Cells {
    return this;
  }

  setCurrentNamespace(_namespace: unknown): void {}

  read(): unknown {
    const context = this.#context;
    const slot = context.find();
    const values = this.#values;
    if (slot < 0 || slot >= values.length) return undefined;
    const value = values[slot];
    // Numbers and strings cannot be changed in place.
    if (context.isSnapshotting && typeof value === 'object') this.#writeAhead(slot);
    return value;
  }

  write(value: unknown): void {
    const context = this.#context;
    const slot = context.claim();
    const values = this.#values;
    if (context.isSnapshotting && this.#keptEpochs[slot >> this.#segmentBits] !== context.epoch)
      this.#keepSegment(slot);
    while (values.length <= slot) values.push(undefined);
    if (values[slot] === undefined) {
      context.retain(slot);
      this.#size++;
    }
    values[slot] = value;
  }

  remove(): void {
    const slot = this.#context.find();
    if (slot >= 0) this.#removeAt(slot);
  }

  size(): number {
    return this.#size;
  }

  forEachKey(callback: (key: unknown) => void): void {
    const slots: number[] = [];
    for (let slot = 0; slot < this.#values.length; slot++) if (this.#values[slot] !== undefined) slots.push(slot);
    this.#context.visitSlots(slots, callback);
  }

  /** No snapshot under way may need a cell any more. */
  mapValues(change: (value: unknown) => unknown): void {
    for (let slot = 0; slot < this.#values.length; slot++) {
      if (this.#values[slot] !== undefined) this.#values[slot] = change(this.#values[slot]);
    }
  }

  /**
   * Looks at `count` slots from `from` on, cyclically, and removes cells that are expired.
   * @returns where to go on
   */
  sweep(from: number, count: number, isExpired: (value: unknown) => boolean): number {
    const length = this.#values.length;
    if (length === 0) return 0;
    let slot = from % length;
    for (let i = 0; i < count; i++) {
      const value = this.#values[slot];
      if (value !== undefined && isExpired(value)) this.#removeAt(slot);
      slot = slot + 1 === length ? 0 : slot + 1;
    }
    return slot;
  }

  /** The run's one cursor: asked for again, the same. */
  createCursor(run: CellSink): SnapshotCursor {
    const { runs } = this.#context;
    this.#cursors = this.#cursors.filter((cursor) => runs.includes(cursor.run));
    const found = this.#cursors.find((cursor) => cursor.run === run);
    if (found !== undefined) return found;
    const cursor = new ColumnCursor(this.id, run, this.#values, this.#segmentBits, (slot) => this.#stampOf(slot));
    this.#cursors.push(cursor);
    return cursor;
  }

  #removeAt(slot: number): void {
    if (slot >= this.#values.length || this.#values[slot] === undefined) return;
    if (this.#context.isSnapshotting) this.#writeAhead(slot);
    this.#values[slot] = undefined;
    this.#size--;
    this.#context.release(slot);
  }

  #stampOf(slot: number): number {
    return slot < this.#stamps.length ? this.#stamps[slot]! : 0;
  }

  #keepSegment(slot: number): void {
    const bits = this.#segmentBits;
    const segment = slot >> bits;
    if (segment >= this.#keptEpochs.length) {
      this.#keptEpochs = growInt32(this.#keptEpochs, Math.max(segment + 1, this.#keptEpochs.length * 2));
    }
    const keptEpoch = this.#keptEpochs[segment]!;
    this.#keptEpochs[segment] = this.#context.epoch;
    let copy: unknown[] | undefined;
    for (const cursor of this.#cursors) {
      if (cursor.run.epoch <= keptEpoch || !cursor.needsSegment(segment)) continue;
      copy ??= this.#values.slice(segment << bits, (segment + 1) << bits);
      cursor.keep(segment, copy);
    }
  }

  /** Writes the cell to every snapshot that still needs it. */
  #writeAhead(slot: number): void {
    const { epoch } = this.#context;
    const stamp = this.#stampOf(slot);
    if (stamp === epoch) return;
    if (slot >= this.#stamps.length) {
      this.#stamps = growInt32(this.#stamps, Math.max(slot + 1, this.#values.length, this.#stamps.length * 2));
    }
    this.#stamps[slot] = epoch;
    for (const cursor of this.#cursors) if (cursor.run.epoch > stamp) cursor.writeAhead(slot);
  }
}

/** Goes through the cells of a column as they were when it was made. */
class ColumnCursor implements SnapshotCursor {
  readonly run: CellSink;
  readonly #tableId: number;
  readonly #values: readonly unknown[];
  readonly #segmentBits: number;
  readonly #stampOf: (slot: number) => number;
  /** Slots that had cells at the barrier are below. */
  readonly #limit: number;
  /** By segment: the values at the barrier, where a later write changed one. */
  readonly #kept: (readonly unknown[] | undefined)[] = [];
  /** Cells below are written. */
  #slot = 0;

  constructor(
    tableId: number,
    run: CellSink,
    values: readonly unknown[],
    segmentBits: number,
    stampOf: (slot: number) => number,
  ) {
    this.#tableId = tableId;
    this.run = run;
    this.#values = values;
    this.#segmentBits = segmentBits;
    this.#stampOf = stampOf;
    this.#limit = values.length;
  }

  needsSegment(segment: number): boolean {
    const bits = this.#segmentBits;
    return segment >= this.#slot >> bits && segment << bits < this.#limit && !this.#kept[segment];
  }

  keep(segment: number, values: readonly unknown[]): void {
    while (this.#kept.length < segment) this.#kept.push(undefined);
    this.#kept[segment] = values;
  }

  writeAhead(slot: number): void {
    if (slot < this.#slot || slot >= this.#limit) return;
    const segment = slot >> this.#segmentBits;
    const kept = this.#kept[segment];
    const value = kept === undefined ? this.#values[slot] : kept[slot - (segment << this.#segmentBits)];
    if (value !== undefined) this.run.writeCell(this.#tableId, slot, undefined, value);
  }

  advance(maxCells: number): boolean {
    const end = Math.min(this.#limit, this.#slot + maxCells);
    while (this.#slot < end) {
      const segment = this.#slot >> this.#segmentBits;
      const segmentEnd = (segment + 1) << this.#segmentBits;
      this.#writeSegment(segment, Math.min(end, segmentEnd));
      if (this.#slot === segmentEnd) this.#kept[segment] = undefined;
    }
    return this.#slot === this.#limit;
  }

  #writeSegment(segment: number, end: number): void {
    const kept = this.#kept[segment];
    const values = kept ?? this.#values;
    const offset = kept === undefined ? 0 : segment << this.#segmentBits;
    const { run } = this;
    for (let slot = this.#slot; slot < end; slot++) {
      const value = values[slot - offset];
      if (value !== undefined && this.#stampOf(slot) < run.epoch) run.writeCell(this.#tableId, slot, undefined, value);
    }
    this.#slot = end;
  }
}
