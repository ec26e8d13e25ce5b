// Heap cells of a namespaced state: one pane per namespace, each with its own table of slots in insertion order.
//   P1. A pane in the map has at least one value or was opened through PaneState.open and not dropped.
//   P2. A pane dropped while a snapshot needs it stays behind (orphan) until it is written; its slots stay retained so long.
//   P3. A position keeps its slot number after a removal; the value there is undefined until the slot is written again.
//   P4. A pane that has values for many of the slots is dense: a value stands at its slot. Positions then move once, and back
//       when the slots outgrow it; a cursor that finds them moved begins the pane again, stamps tell it what is written.
//   P5. The slots of the pane dropped last are kept until the next drop: the keys of one window are mostly those of the next,
//       and would leave the key index only to come back.
//   P6. A dense pane holds rows of numbers without objects (number-rows) when its user asked for it. Snapshots then keep copies
//       of segments (row-snapshots) instead of cells with stamps.
//   P7. A pane is laid out anew only where no snapshot under way needs cells of it, unless there is no other way.
import { assert } from '../../errors.ts';
import { canonicalKey, isPrimitiveKey } from '../canonical-key.ts';
import type { Cells, CellTable, SnapshotCursor } from '../cells.ts';
import { type CellSink, growInt32, type KeyContext } from '../key-context.ts';
import { NO_ROW, type Pane, type PaneState } from '../pane.ts';
import { NumberRowCodec, NumberRows } from './number-rows.ts';
import { ROW_SEGMENT_BITS, RowSnapshots } from './row-snapshots.ts';
import { NO_POSITION, SlotPositions } from './slot-positions.ts';

const NEVER_DROPPED = Number.MAX_SAFE_INTEGER;
const NO_STAMPS = new Int32Array(0);

/** A pane is dense when at least every eighth slot has a value: 64 bytes a value at worst, and no look-up. */
const DENSE_SLOTS_PER_VALUE = 8;
const MIN_DENSE_SIZE = 8;
/** The same for rows: numbers, used or not, for each row. */
const DENSE_NUMBERS_PER_ROW = 16;

/** Identity of a namespace: itself, or the canonical string of an object. */
export function namespaceId(namespace: unknown): unknown {
  return isPrimitiveKey(namespace) ? namespace : `\u0000${canonicalKey(namespace)}`;
}

export class HeapPane implements Pane {
  readonly namespace: unknown;
  readonly #owner: HeapPaneTable;
  readonly #context: KeyContext;
  /** Undefined: position = slot (P4). */
  #positions: SlotPositions | undefined = new SlotPositions();
  /** By position; undefined: no value. Empty when the values are in rows. */
  #values: unknown[] = [];
  /** Values of a dense pane that are rows of numbers (P6). */
  #rows: NumberRows | undefined;
  /** Of `#rows`. */
  #rowSnapshots: RowSnapshots | undefined;
  /** Of objects, by position, as in heap-column: only kept while snapshots are written. */
  #stamps: Int32Array = NO_STAMPS;
  #size = 0;
  /** Times that positions got another meaning. */
  #layouts = 0;
  /** Epoch at its first value: older snapshots contain nothing of the pane. */
  #openedAt = 0;
  /** Snapshots begun after this epoch do not contain the pane. */
  #droppedAt = NEVER_DROPPED;
  #flushed = 0;
  /** Where the last search among positions found the current key. */
  #lastSlot = -1;
  #lastPosition = NO_POSITION;

  constructor(namespace: unknown, owner: HeapPaneTable, context: KeyContext) {
    this.namespace = namespace;
    this.#owner = owner;
    this.#context = context;
  }

  get size(): number {
    return this.#size;
  }

  get layouts(): number {
    return this.#layouts;
  }

  get isDropped(): boolean {
    return this.#droppedAt !== NEVER_DROPPED;
  }

  get positionLimit(): number {
    return this.#rows === undefined ? this.#values.length : this.#rows.length;
  }

  get rows(): NumberRows | undefined {
    return this.#rows;
  }

  rowAt(): number {
    const context = this.#context;
    const rows = this.#rows;
    if (rows === undefined) return NO_ROW;
    const slot = context.find();
    if (!rows.has(slot)) return NO_ROW;
    if (context.isSnapshotting) this.#rowSnapshots?.keep(slot);
    return slot * rows.codec.width;
  }

  get(): unknown {
    const context = this.#context;
    // A copy: nothing is changed in place, put is told of every change.
    if (this.#rows !== undefined) return this.#rows.read(context.find());
    const position = this.#find(context.find());
    if (position < 0) return undefined;
    const value = this.#values[position];
    if (context.isSnapshotting && typeof value === 'object') this.#touch(position);
    return value;
  }

  put(value: unknown): void {
    if (this.#rows !== undefined) {
      this.#putRow(this.#rows, value);
      return;
    }
    const context = this.#context;
    const slot = context.claim();
    const position = this.#find(slot);
    if (position >= 0 && !context.isSnapshotting) {
      const former = this.#values[position];
      // A value changed in place stands there already.
      if (former === value) return;
      if (former !== undefined) {
        this.#values[position] = value;
        return;
      }
    }
    this.#putCell(slot, position < 0 ? this.#add(slot) : position, value);
  }

  #putCell(slot: number, position: number, value: unknown): void {
    // Adding the key may have made the pane one of rows.
    if (this.#rows !== undefined) {
      this.#putRow(this.#rows, value);
      return;
    }
    if (this.#context.isSnapshotting) this.#touch(position);
    if (this.#values[position] === undefined) this.#countIn(slot);
    this.#values[position] = value;
  }

  #putRow(rows: NumberRows, value: unknown): void {
    const slot = this.#context.claim();
    if (!rows.codec.accepts(value)) {
      this.#owner.holdObjects();
      this.#layOut(undefined, undefined, rows.length);
    } else if (slot >= rows.length) this.#add(slot);
    if (this.#rows === undefined) {
      this.put(value);
      return;
    }
    if (this.#context.isSnapshotting) this.#rowSnapshots?.keep(slot);
    if (!rows.has(slot)) this.#countIn(slot);
    rows.write(slot, value);
  }

  #countIn(slot: number): void {
    this.#context.retain(slot);
    if (this.#size++ > 0) return;
    this.#openedAt = this.#context.epoch;
    this.#owner.attach(this);
  }

  remove(): void {
    const position = this.#find(this.#context.find());
    if (position >= 0) this.removeAt(position);
  }

  removeAt(position: number): void {
    if (this.#valueAt(position) === undefined) return;
    if (this.#rows === undefined) {
      if (this.#context.isSnapshotting) this.#touch(position);
      this.#values[position] = undefined;
    } else {
      if (this.#context.isSnapshotting) this.#rowSnapshots?.writeAhead(position);
      this.#rows.clear(position);
    }
    this.#size--;
    this.#context.release(this.#slotAt(position));
  }

  forEach(callback: (value: never, key: unknown) => void): void {
    const context = this.#context;
    const previousKey = context.key;
    // The callback may add keys, which may move positions.
    for (const slot of this.#slots()) {
      context.setCurrentSlot(slot);
      const value = this.get();
      if (value !== undefined) callback(value as never, context.key);
    }
    context.setCurrentKey(previousKey);
  }

  forEachReadOnly(callback: (value: never, key: unknown) => void): void {
    const context = this.#context;
    const previousKey = context.key;
    const limit = this.positionLimit;
    for (let position = 0; position < limit; position++) {
      const value = this.#valueAt(position);
      if (value === undefined) continue;
      context.setCurrentSlot(this.#slotAt(position));
      callback(value as never, context.key);
    }
    context.setCurrentKey(previousKey);
  }

  forEachSlot(callback: (slot: number) => void): void {
    const limit = this.positionLimit;
    for (let position = 0; position < limit; position++) {
      if (this.#has(position)) callback(this.#slotAt(position));
    }
  }

  mapValues(change: (value: unknown) => unknown): void {
    if (this.#rows !== undefined) this.#layOut(undefined, undefined, this.#rows.length);
    for (let position = 0; position < this.#values.length; position++) {
      if (this.#values[position] !== undefined) this.#values[position] = change(this.#values[position]);
    }
  }

  /** Removes up to `count` expired cells from `from` on. @returns where to go on, or 0 at the end */
  sweep(from: number, count: number, isExpired: (value: unknown) => boolean): number {
    const end = Math.min(this.positionLimit, from + count);
    for (let position = from; position < end; position++) {
      const value = this.#valueAt(position);
      if (value !== undefined && isExpired(value)) this.removeAt(position);
    }
    return end === this.positionLimit ? 0 : end;
  }

  /** The pane is empty from now on for everybody but the snapshots that need it. */
  markDropped(epoch: number): void {
    this.#droppedAt = epoch;
    this.#size = 0;
  }

  /** Writes about `count` cells of a dropped pane to all snapshots that need them. True when all are written. */
  flushDropped(count: number): boolean {
    if (this.#rowSnapshots !== undefined) return this.#rowSnapshots.advanceAll(this.#droppedAt, count);
    const end = Math.min(this.positionLimit, this.#flushed + count);
    for (; this.#flushed < end; this.#flushed++) if (this.#has(this.#flushed)) this.#touch(this.#flushed);
    return end === this.positionLimit;
  }

  /** Empties a dropped pane. @returns the slots that it held; the caller releases them */
  takeSlots(): readonly number[] {
    const slots = this.#slots();
    this.#values = [];
    this.#rows = undefined;
    this.#rowSnapshots = undefined;
    this.#positions = new SlotPositions();
    this.#layouts++;
    return slots;
  }

  /** Writes cells from `from` on that the run has not. @returns where to go on */
  writePending(run: CellSink, from: number, count: number): number {
    if (this.#rowSnapshots !== undefined) return this.#rowSnapshots.advance(run, count);
    const end = Math.min(this.positionLimit, from + count);
    for (let position = from; position < end; position++) {
      if (this.#has(position) && this.#stampOf(position) < run.epoch) this.#touch(position);
    }
    return end;
  }

  forgetSnapshots(): void {
    this.#rowSnapshots?.forget();
  }

  #slots(): number[] {
    const slots: number[] = [];
    this.forEachSlot((slot) => slots.push(slot));
    return slots;
  }

  #slotAt(position: number): number {
    return this.#positions === undefined ? position : this.#positions.slots[position]!;
  }

  #has(position: number): boolean {
    return this.#rows === undefined ? this.#values[position] !== undefined : this.#rows.has(position);
  }

  #valueAt(position: number): unknown {
    return this.#rows === undefined ? this.#values[position] : this.#rows.read(position);
  }

  #find(slot: number): number {
    if (this.#positions === undefined) return slot < this.positionLimit ? slot : NO_POSITION;
    return slot < 0 ? NO_POSITION : this.#findListed(this.#positions, slot);
  }

  #findListed(positions: SlotPositions, slot: number): number {
    if (slot === this.#lastSlot) return this.#lastPosition;
    const position = positions.find(slot);
    if (position >= 0) {
      this.#lastSlot = slot;
      this.#lastPosition = position;
    }
    return position;
  }

  #add(slot: number): number {
    if (this.#positions === undefined) return this.#addDense(slot);
    const count = this.#values.length;
    const { slotLimit } = this.#context;
    if (count >= MIN_DENSE_SIZE && count * this.#owner.slotsPerValue >= slotLimit && this.#mayLayOut()) {
      this.#layOut(undefined, this.#createRows(slotLimit), slotLimit);
      return slot;
    }
    const position = this.#positions.add(slot);
    this.#values.push(undefined);
    this.#lastSlot = slot;
    this.#lastPosition = position;
    return position;
  }

  /** See P7. */
  #mayLayOut(): boolean {
    return !this.#context.isSnapshotting || this.#openedAt === this.#context.epoch;
  }

  #addDense(slot: number): number {
    // Half as full as when it became dense: no back and forth.
    if (this.#size * this.#owner.slotsPerValue * 2 < slot && this.#mayLayOut()) {
      this.#layOut(new SlotPositions(), undefined, 0);
      return this.#add(slot);
    }
    if (this.#rows !== undefined) this.#rows.grow(slot + 1);
    else while (this.#values.length <= slot) this.#values.push(undefined);
    return slot;
  }

  /** @returns undefined: the values are no rows of numbers */
  #createRows(length: number): NumberRows | undefined {
    const codec = this.#owner.rowCodec;
    if (codec === undefined) return undefined;
    if (this.#values.every((value) => value === undefined || codec.accepts(value)))
      return new NumberRows(codec, length);
    this.#owner.holdObjects();
    return undefined;
  }

  /**
   * Moves all cells.
   * @param positions undefined: to their slots
   * @param rows undefined: as objects
   * @param limit positions there are to be at once
   */
  #layOut(positions: SlotPositions | undefined, rows: NumberRows | undefined, limit: number): void {
    const { epoch, isSnapshotting } = this.#context;
    if (isSnapshotting) this.#writeAll();
    const values: unknown[] = [];
    if (rows === undefined) for (let position = 0; position < limit; position++) values.push(undefined);
    const count = this.positionLimit;
    for (let from = 0; from < count; from++) {
      const value = this.#valueAt(from);
      if (value === undefined) continue;
      const slot = this.#slotAt(from);
      const to = positions === undefined ? slot : positions.add(slot);
      if (rows === undefined) values[to] = value;
      else rows.write(to, value);
    }
    this.#positions = positions;
    this.#values = values;
    this.#rows = rows;
    this.#rowSnapshots = rows && this.#createRowSnapshots(rows);
    this.#stamps = isSnapshotting ? new Int32Array(values.length).fill(epoch) : NO_STAMPS;
    this.#layouts++;
    this.#lastSlot = -1;
  }

  #createRowSnapshots(rows: NumberRows): RowSnapshots {
    const { id, segmentBits } = this.#owner;
    return new RowSnapshots(rows, this.#context, segmentBits, (run, slot, value) =>
      run.writeCell(id, slot, this.namespace, value),
    );
  }

  /** To every snapshot under way. */
  #writeAll(): void {
    if (this.#rowSnapshots !== undefined) this.#rowSnapshots.advanceAll(this.#context.epoch, Number.MAX_SAFE_INTEGER);
    else
      for (let position = 0; position < this.#values.length; position++) if (this.#has(position)) this.#touch(position);
  }

  #stampOf(position: number): number {
    return position < this.#stamps.length ? this.#stamps[position]! : 0;
  }

  #touch(position: number): void {
    const context = this.#context;
    if (position >= this.#stamps.length) this.#growStamps(position);
    const stamp = this.#stamps[position]!;
    if (stamp === context.epoch) return;
    this.#stamps[position] = context.epoch;
    const value = this.#values[position];
    if (value === undefined) return;
    const slot = this.#slotAt(position);
    for (const run of context.runs) {
      if (run.epoch > stamp && run.epoch <= this.#droppedAt) run.writeCell(this.#owner.id, slot, this.namespace, value);
    }
  }

  #growStamps(position: number): void {
    const length = Math.max(position + 1, this.#values.length, this.#stamps.length * 2);
    this.#stamps = growInt32(this.#stamps, length);
  }
}

export class HeapPaneTable implements CellTable, PaneState {
  readonly id: number;
  /** Of segments that snapshots keep, as a power of two. */
  readonly segmentBits: number;
  readonly #context: KeyContext;
  readonly #panes = new Map<unknown, HeapPane>();
  readonly #orphans = new Set<HeapPane>();
  /** Of the pane dropped last (P5). */
  #lingeringSlots: readonly number[] = [];
  #rowCodec: NumberRowCodec | undefined;
  #slotsPerValue = DENSE_SLOTS_PER_VALUE;
  #sweepPanes: Iterator<HeapPane> | undefined;
  #sweepPane: HeapPane | undefined;

  constructor(id: number, context: KeyContext, segmentBits = ROW_SEGMENT_BITS) {
    this.id = id;
    this.segmentBits = segmentBits;
    this.#context = context;
  }

  /** How values of dense panes are held; undefined: as objects. */
  get rowCodec(): NumberRowCodec | undefined {
    return this.#rowCodec;
  }

  /** A pane is dense when at least one slot in so many has a value. */
  get slotsPerValue(): number {
    return this.#slotsPerValue;
  }

  holdNumbers(fields: readonly string[]): void {
    this.#rowCodec = new NumberRowCodec(fields);
    this.#slotsPerValue = Math.min(DENSE_SLOTS_PER_VALUE, DENSE_NUMBERS_PER_ROW / fields.length);
  }

  /** A value is no row of numbers, whatever was declared. */
  holdObjects(): void {
    this.#rowCodec = undefined;
  }

  openCells(): Cells {
    return new HeapPaneCells(this);
  }

  find(namespace: unknown): HeapPane | undefined {
    return this.#panes.get(namespaceId(namespace));
  }

  open(namespace: unknown): HeapPane {
    const id = namespaceId(namespace);
    let pane = this.#panes.get(id);
    if (pane === undefined) {
      pane = new HeapPane(namespace, this, this.#context);
      this.#panes.set(id, pane);
    }
    return pane;
  }

  /** A pane got its first value (again): it must be found by its namespace. */
  attach(pane: HeapPane): void {
    assert(!pane.isDropped, 'a dropped pane takes no values');
    const id = namespaceId(pane.namespace);
    if (this.#panes.get(id) !== pane) this.#panes.set(id, pane);
  }

  drop(namespace: unknown): void {
    const id = namespaceId(namespace);
    const pane = this.#panes.get(id);
    if (pane === undefined) return;
    this.#panes.delete(id);
    pane.markDropped(this.#context.epoch);
    if (this.#context.isSnapshotting) this.#orphans.add(pane);
    else this.#letLinger(pane.takeSlots());
  }

  #letLinger(slots: readonly number[]): void {
    for (const slot of this.#lingeringSlots) this.#context.release(slot);
    this.#lingeringSlots = slots;
  }

  /** Forgets a pane that lost its last value through the cells of the current key. */
  discardEmpty(pane: HeapPane): void {
    if (pane.size === 0 && this.find(pane.namespace) === pane) this.#panes.delete(namespaceId(pane.namespace));
  }

  *all(): IterableIterator<HeapPane> {
    for (const pane of this.#panes.values()) if (pane.size > 0) yield pane;
  }

  size(): number {
    let size = 0;
    for (const pane of this.#panes.values()) size += pane.size;
    return size;
  }

  forEachKey(callback: (key: unknown) => void): void {
    const slots = new Set<number>();
    for (const pane of this.#panes.values()) pane.forEachSlot((slot) => slots.add(slot));
    this.#context.visitSlots([...slots], callback);
  }

  mapValues(change: (value: unknown) => unknown): void {
    for (const pane of this.#panes.values()) pane.mapValues(change);
  }

  sweep(from: number, count: number, isExpired: (value: unknown) => boolean): number {
    if (this.#sweepPane === undefined) {
      this.#sweepPanes ??= this.#panes.values();
      const next = this.#sweepPanes.next();
      if (next.done === true) {
        this.#sweepPanes = undefined;
        return 0;
      }
      this.#sweepPane = next.value;
    }
    const pane = this.#sweepPane;
    const next = pane.sweep(from, count, isExpired);
    if (next === 0) {
      this.discardEmpty(pane);
      this.#sweepPane = undefined;
    }
    return next;
  }

  /** Map iterators see later deletions and additions: dropped panes become orphans, added ones carry the new stamp. */
  createCursor(run: CellSink): SnapshotCursor {
    const panes = this.#panes.values();
    let pane: HeapPane | undefined;
    let position = 0;
    let layouts = 0;
    return {
      advance: (maxCells) => {
        let left = maxCells;
        while (left > 0) {
          if (pane === undefined) {
            const next = panes.next();
            if (next.done === true) return this.#advanceOrphans(left);
            pane = next.value;
            position = 0;
            layouts = pane.layouts;
            left--;
          }
          if (pane.layouts !== layouts) {
            position = 0;
            layouts = pane.layouts;
          }
          const from = position;
          position = pane.writePending(run, from, left);
          left -= position - from;
          if (position === pane.positionLimit) pane = undefined;
        }
        return false;
      },
    };
  }

  /** No snapshot is being written any more. */
  releaseOrphans(): void {
    for (const pane of this.#orphans) this.#letLinger(pane.takeSlots());
    this.#orphans.clear();
    for (const pane of this.#panes.values()) pane.forgetSnapshots();
  }

  /** Writes orphans to every snapshot that needs them; those done can go. */
  #advanceOrphans(maxCells: number): boolean {
    for (const pane of this.#orphans) {
      if (!pane.flushDropped(maxCells)) return false;
      this.#letLinger(pane.takeSlots());
      this.#orphans.delete(pane);
    }
    return true;
  }
}

/** Cells at a namespace chosen before use; the pane of the last namespace is kept. */
class HeapPaneCells implements Cells {
  readonly #table: HeapPaneTable;
  #namespace: unknown = undefined;
  #pane: HeapPane | undefined;

  constructor(table: HeapPaneTable) {
    this.#table = table;
  }

  setCurrentNamespace(namespace: unknown): void {
    if (namespace === this.#namespace && this.#pane !== undefined && this.#pane.size > 0) return;
    this.#namespace = namespace;
    this.#pane = this.#table.find(namespace);
  }

  read(): unknown {
    return this.#current()?.get();
  }

  write(value: unknown): void {
    this.#pane = this.#current() ?? this.#table.open(this.#namespace);
    this.#pane.put(value);
  }

  remove(): void {
    const pane = this.#current();
    if (pane === undefined) return;
    pane.remove();
    this.#table.discardEmpty(pane);
  }

  /** Another view may have dropped or made the pane meanwhile: an empty one is looked up again. */
  #current(): HeapPane | undefined {
    if (this.#pane !== undefined && this.#pane.size > 0) return this.#pane;
    return (this.#pane = this.#table.find(this.#namespace));
  }
}
