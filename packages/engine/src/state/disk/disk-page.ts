// The cached cells of one namespace (or of a state without namespaces) of the disk backend.
//   D1. A cell is unknown (not cached: the store has its value, if it has one), clean (as in the store) or dirty. A known cell
//       without a value is known to be absent; dirty and absent is a removal that the store has not seen.
//   D2. changed = epoch of the newest change of a known cell since it became known, -1: none.
//   D3. Before a known cell changes or leaves the cache, every run that needs it has written it (touch). A cell that becomes
//       known while a run is under way is not the run's: it reads the store as it was at its barrier.
//   D4. A dirty cell becomes clean once the store has it, and stays cached: only clean cells leave the cache.
//   D5. A dropped page only forgets its cells. For runs begun before the drop they are what they were, for later ones removals.

import { SlotPositions } from '../heap/slot-positions.ts';
import { type CellSink, growInt32, type KeyContext } from '../key-context.ts';
import { MAX_PARALLELISM_LIMIT } from '../key-groups.ts';
import type { Pane } from '../pane.ts';

export const CellStatus = { Unknown: 0, Clean: 1, Dirty: 2 } as const;

/** What is noted of a cell, as offsets into the page's marks. */
const Mark = {
  /** CellStatus, plus USED once the eviction hand came by and it was used since. */
  Status: 0,
  /** Epoch of the newest change, plus 1; 0: none. */
  Changed: 1,
  /** Epoch of the newest snapshot that needs nothing more of the cell. */
  Stamp: 2,
  /** Epoch, plus 1, at which a cell known to be absent got its value: only the cache has heard of it until the next. 0: unknown. */
  Born: 3,
} as const;
const MARKS = 4;
const USED = 4;
const STATUS_MASK = 3;
const INITIAL_CELLS = 4;
/** A cell just loaded has no changes: those it had are in the change log. */
const NEVER = -1;
/** So few are written to the store in one go anyway. */
const UNSORTED_DIRTY = 1024;

/** A snapshot of the disk backend, as pages see it. */
export interface DiskRun extends CellSink {
  /** True when the run takes this known cell from the cache. */
  wants(isDirty: boolean, changedEpoch: number): boolean;
  /** A cell of a page that was dropped before the run began. */
  removeDropped(tableId: number, slot: number, page: DiskPage): void;
}

/** What a page needs of its table. */
export interface PageOwner {
  readonly id: number;
  readonly context: KeyContext;
  /** Reads the current value of a cell that is not cached; undefined: absent. */
  load(page: DiskPage, slot: number): unknown;
  /** A cell became known: makes room when the cache is full, if need be by evicting this very cell. */
  onCached(): void;
  onUncached(): void;
  /** So many cells more (or, negative, less) are dirty. */
  onDirty(change: number): void;
  visitPage(page: DiskPage, callback: (value: unknown, key: unknown) => void): void;
}

export class DiskPage implements Pane {
  readonly namespace: unknown;
  /** What the store's keys of the page begin with. */
  prefix: Uint8Array;
  /** Handed out by PaneState: stays in the table until dropped. */
  isPinned = false;
  /** Some of its cells are in the store; undefined: nobody has looked yet. */
  hasRows: boolean | undefined;
  readonly #owner: PageOwner;
  readonly context: KeyContext;
  /** Undefined: position = slot. */
  readonly #positions: SlotPositions | undefined;
  readonly #values: unknown[] = [];
  /** By position * MARKS: see Mark. One array, so that a cell's marks share a cache line. */
  #marks = new Int32Array(INITIAL_CELLS * MARKS);
  #known = 0;
  #dirty = 0;
  #changes = 0;
  #droppedEpoch: number | undefined;

  constructor(owner: PageOwner, namespace: unknown, prefix: Uint8Array, isNamespaced: boolean) {
    this.#owner = owner;
    this.context = owner.context;
    this.namespace = namespace;
    this.prefix = prefix;
    this.#positions = isNamespaced ? new SlotPositions() : undefined;
  }

  get known(): number {
    return this.#known;
  }

  /** Changes by the program so far. */
  get changes(): number {
    return this.#changes;
  }

  /** The epoch at which the page was dropped. */
  get droppedEpoch(): number | undefined {
    return this.#droppedEpoch;
  }

  /** The page is not its table's any more: what is left to do is to forget its cells. */
  drop(): void {
    this.#changes++;
    this.#droppedEpoch = this.context.epoch;
    this.isPinned = false;
    this.#countDirty(-this.#dirty);
  }

  get positionLimit(): number {
    return this.#values.length;
  }

  get(): unknown {
    const context = this.context;
    const slot = context.claim();
    const position = this.#claimPosition(slot);
    if (this.statusAt(position) === CellStatus.Unknown) return this.#load(position, slot);
    this.#marks[position * MARKS + Mark.Status]! |= USED;
    const value = this.#values[position];
    if (context.isSnapshotting && typeof value === 'object') this.#touch(position);
    return value;
  }

  put(value: unknown): void {
    this.#change(value);
  }

  remove(): void {
    this.#change(undefined);
  }

  forEach(callback: (value: never, key: unknown) => void): void {
    this.#owner.visitPage(this, callback as (value: unknown, key: unknown) => void);
  }

  forEachReadOnly(callback: (value: never, key: unknown) => void): void {
    this.forEach(callback);
  }

  slotAt(position: number): number {
    return this.#positions === undefined ? position : this.#positions.slots[position]!;
  }

  statusAt(position: number): number {
    return this.#marks[position * MARKS + Mark.Status]! & STATUS_MASK;
  }

  valueAt(position: number): unknown {
    return this.#values[position];
  }

  /** Epoch of the newest change, -1: none. */
  changedAt(position: number): number {
    return this.#marks[position * MARKS + Mark.Changed]! - 1;
  }

  /** True when the cell was used since the last call. */
  takeUsed(position: number): boolean {
    const at = position * MARKS + Mark.Status;
    const isUsed = (this.#marks[at]! & USED) !== 0;
    this.#marks[at]! &= STATUS_MASK;
    return isUsed;
  }

  /** The store has the cell's value now. */
  markClean(position: number): void {
    if (this.context.isSnapshotting) this.#touch(position);
    const at = position * MARKS;
    this.#marks[at + Mark.Status] = CellStatus.Clean | (this.#marks[at + Mark.Status]! & USED);
    this.#marks[at + Mark.Born] = 0;
    this.#countDirty(-1);
  }

  /** Forgets a known cell; the store must not have missed anything of it. */
  forget(position: number): void {
    if (this.context.isSnapshotting) this.#touch(position);
    if (this.statusAt(position) === CellStatus.Dirty && this.#droppedEpoch === undefined) this.#countDirty(-1);
    const at = position * MARKS;
    this.#marks[at + Mark.Status] = CellStatus.Unknown;
    this.#marks[at + Mark.Changed] = 0;
    this.#values[position] = undefined;
    this.#known--;
    this.#owner.onUncached();
    this.context.release(this.slotAt(position));
  }

  /** Replaces the value of a known cell without calling it a change of the program. */
  replaceAt(position: number, value: unknown): void {
    this.#values[position] = value;
  }

  /** True for a value that only the cache has heard of, since the newest barrier (of a dropped page: the one before the drop). */
  isNewbornAt(position: number): boolean {
    return this.#marks[position * MARKS + Mark.Born] === (this.#droppedEpoch ?? this.context.epoch) + 1;
  }

  isKnown(slot: number): boolean {
    const position = this.#find(slot);
    return position >= 0 && this.statusAt(position) !== CellStatus.Unknown;
  }

  /** Positions of the dirty cells, by key group. */
  dirtyPositions(): Int32Array {
    const found = new Int32Array(this.#dirty);
    let count = 0;
    for (let position = 0; count < found.length; position++)
      if (this.statusAt(position) === CellStatus.Dirty) found[count++] = position;
    return count <= UNSORTED_DIRTY ? found : this.#sortByGroup(found);
  }

  /** Hands cells from `from` on to the run that it wants and has not. @returns where to go on */
  writePending(run: DiskRun, from: number, count: number): number {
    const end = Math.min(this.#values.length, from + count);
    for (let position = from; position < end; position++) {
      const isPending = this.#marks[position * MARKS + Mark.Stamp]! < run.epoch;
      if (isPending && this.statusAt(position) !== CellStatus.Unknown) this.#touch(position);
    }
    return end;
  }

  #find(slot: number): number {
    if (this.#positions !== undefined) return this.#positions.find(slot);
    return slot < this.#values.length ? slot : -1;
  }

  #claimPosition(slot: number): number {
    let position = this.#find(slot);
    if (position >= 0) return position;
    position = this.#positions === undefined ? slot : this.#positions.add(slot);
    while (this.#values.length <= position) this.#values.push(undefined);
    const needed = this.#values.length * MARKS;
    if (needed > this.#marks.length) this.#marks = growInt32(this.#marks, Math.max(needed, this.#marks.length * 2));
    return position;
  }

  /** Nothing of it is a run's: see D3. */
  #load(position: number, slot: number): unknown {
    const value = this.#owner.load(this, slot);
    this.#becomeKnown(position, slot, value, CellStatus.Clean, NEVER);
    return value;
  }

  #change(value: unknown): void {
    const context = this.context;
    const slot = context.claim();
    const position = this.#claimPosition(slot);
    const at = position * MARKS;
    this.#changes++;
    if (this.statusAt(position) === CellStatus.Unknown)
      return this.#becomeKnown(position, slot, value, CellStatus.Dirty, context.epoch);
    if (context.isSnapshotting) this.#touch(position);
    if (value === undefined && this.isNewbornAt(position)) return this.forget(position);
    if (this.#isUntouchedAbsence(position)) this.#marks[at + Mark.Born] = context.epoch + 1;
    if (this.statusAt(position) !== CellStatus.Dirty) this.#countDirty(1);
    this.#marks[at + Mark.Status] = CellStatus.Dirty | USED;
    this.#marks[at + Mark.Changed] = context.epoch + 1;
    this.#values[position] = value;
  }

  /** No run under way needs it: it reads the store as it was at its barrier. The cell may be evicted again on return. */
  #becomeKnown(position: number, slot: number, value: unknown, status: number, changedEpoch: number): void {
    const at = position * MARKS;
    this.#marks[at + Mark.Status] = status | USED;
    this.#marks[at + Mark.Changed] = changedEpoch + 1;
    this.#marks[at + Mark.Stamp] = this.context.epoch;
    this.#marks[at + Mark.Born] = 0;
    this.#values[position] = value;
    this.#known++;
    if (status === CellStatus.Dirty) this.#countDirty(1);
    this.context.retain(slot);
    this.#owner.onCached();
  }

  #countDirty(change: number): void {
    this.#dirty += change;
    this.#owner.onDirty(change);
  }

  #sortByGroup(positions: Int32Array): Int32Array {
    const { groups } = this.context;
    const starts = new Int32Array(MAX_PARALLELISM_LIMIT + 1);
    for (const position of positions) starts[groups[this.slotAt(position)]! + 1]!++;
    for (let group = 1; group < starts.length; group++) starts[group]! += starts[group - 1]!;
    const sorted = new Int32Array(positions.length);
    for (const position of positions) sorted[starts[groups[this.slotAt(position)]!]!++] = position;
    return sorted;
  }

  #isUntouchedAbsence(position: number): boolean {
    const isAbsent = this.statusAt(position) === CellStatus.Clean && this.#values[position] === undefined;
    return isAbsent && this.#marks[position * MARKS + Mark.Changed] === 0;
  }

  #touch(position: number): void {
    const context = this.context;
    const at = position * MARKS + Mark.Stamp;
    const stamp = this.#marks[at]!;
    if (stamp === context.epoch) return;
    this.#marks[at] = context.epoch;
    if (this.statusAt(position) === CellStatus.Unknown) return;
    const runs = context.runs as readonly CellSink[] as readonly DiskRun[];
    for (const run of runs) if (run.epoch > stamp) this.#writeTo(run, position);
  }

  #writeTo(run: DiskRun, position: number): void {
    const isDirty = this.statusAt(position) === CellStatus.Dirty;
    if (this.#droppedEpoch !== undefined && run.epoch > this.#droppedEpoch) {
      if (!this.isNewbornAt(position)) run.removeDropped(this.#owner.id, this.slotAt(position), this);
    } else if (run.wants(isDirty, this.changedAt(position))) {
      run.writeCell(this.#owner.id, this.slotAt(position), this.namespace, this.#values[position]);
    }
  }
}
