// The current key and the dense slot number it has in this backend, plus the epochs by which snapshots know what they have.
//   X1. A slot lives as long as anything refers to it (a cell, a pane entry, a timer): retain/release count it.
//   X2. epoch = number of snapshots begun. Whatever carries a stamp lower than a run's epoch has not been written to that
//       run yet and must be written before it changes ("copy on first touch").
import { KeyIndex, NO_SLOT } from './key-index.ts';

/** The current key was not looked up yet. */
const UNRESOLVED = -2;
/** The channel has no id for the key. */
const NO_KEY_ID = -1;
/** No number of removals. */
const NEVER = -1;
/** They are kept as int32. */
const MAX_REMOVALS = 2 ** 31 - 1;
const INITIAL_SLOTS = 64;

/** Where cells go that are part of an unfinished snapshot. */
export interface CellSink {
  /** Cells stamped lower belong to this run. */
  readonly epoch: number;
  /** @param tableId id of the table; a namespace is ignored by tables without */
  writeCell(tableId: number, slot: number, namespace: unknown, value: unknown): void;
}

export class KeyContext {
  /** Key of each slot; undefined for free slots. */
  readonly keys: unknown[] = [];
  /** Key group of each slot. */
  groups = new Uint16Array(INITIAL_SLOTS);
  /** Snapshots begun so far. */
  epoch = 0;
  /** True while any snapshot is being written: the only thing the hot path asks. */
  isSnapshotting = false;
  /** Snapshots being written, oldest first. */
  readonly runs: CellSink[] = [];

  /** Current key; set it with setCurrentKey. */
  key: unknown = undefined;
  /** Slot of the current key, NO_SLOT or UNRESOLVED. */
  slot: number = UNRESOLVED;

  readonly #index = new KeyIndex();
  readonly #groupOf: (key: unknown) => number;
  readonly #free: number[] = [];
  #references = new Int32Array(INITIAL_SLOTS);
  #liveSlots = 0;
  /** Slots freed since what key setters remember was last forgotten. */
  #removals = 0;
  readonly #forgetKnown: (() => void)[] = [];

  constructor(groupOf: (key: unknown) => number) {
    this.#groupOf = groupOf;
  }

  /** One past the highest slot ever used. */
  get slotLimit(): number {
    return this.keys.length;
  }

  get liveSlots(): number {
    return this.#liveSlots;
  }

  setCurrentKey(key: unknown): void {
    // No shortcut for an equal key: comparing two strings costs as much as it would save.
    this.key = key;
    this.slot = UNRESOLVED;
  }

  /**
   * setCurrentKey for one channel, which knows string keys by small ids (RecordConsumer.setCurrentKey): their slots are
   * remembered by id. One that was right after the last removal of any slot still is; else its key is looked at.
   */
  createKeySetter(): (key: unknown, keyId: number) => void {
    /** By id: [slot, removals when it was right]. */
    let known = new Int32Array(0);
    this.#forgetKnown.push(() => known.fill(NEVER));
    const look = (id: number, isNew: boolean): void => {
      if (2 * id >= known.length) known = growKnownSlots(known, 2 * id + 2);
      const former = isNew ? NO_SLOT : known[2 * id]!;
      const slot = former >= 0 && this.keys[former] === this.key ? former : this.#index.find(this.key);
      this.slot = slot;
      known[2 * id] = slot;
      known[2 * id + 1] = slot < 0 ? NEVER : this.#removals;
    };
    return (key, keyId) => {
      this.key = key;
      if (keyId >= 0) {
        if (known[2 * keyId + 1] === this.#removals) this.slot = known[2 * keyId]!;
        else look(keyId, false);
      } else if (keyId === NO_KEY_ID) this.slot = UNRESOLVED;
      else look(-2 - keyId, true);
    };
  }

  setCurrentSlot(slot: number): void {
    this.key = this.keys[slot];
    this.slot = slot;
  }

  /** Slot of the current key, or NO_SLOT. */
  find(): number {
    const slot = this.slot;
    if (slot !== UNRESOLVED) return slot;
    return (this.slot = this.#index.find(this.key));
  }

  /** Slot of the current key, made when missing. The caller retains it or gives it back with releaseUnused. */
  claim(): number {
    const slot = this.find();
    return slot >= 0 ? slot : (this.slot = this.#add(this.key));
  }

  retain(slot: number): void {
    this.#references[slot]!++;
  }

  release(slot: number): void {
    if (--this.#references[slot]! === 0) this.#remove(slot);
  }

  /** Calls back for each slot's key with the key current. The slots live at least until all were visited. */
  visitSlots(slots: readonly number[], callback: (key: unknown) => void): void {
    const previousKey = this.key;
    for (const slot of slots) this.retain(slot);
    for (const slot of slots) {
      this.setCurrentSlot(slot);
      callback(this.key);
    }
    for (const slot of slots) this.release(slot);
    this.setCurrentKey(previousKey);
  }

  /** Frees a claimed slot that nobody retained. */
  releaseUnused(slot: number): void {
    if (this.#references[slot] === 0 && this.keys.length > slot && this.#isLive(slot)) this.#remove(slot);
  }

  /** Call before a bulk load of `count` keys (see key-index I2). */
  reserve(count: number): void {
    this.#index.reserveIntegers(count);
    this.#reserveSlots(this.keys.length + count);
  }

  beginRun(run: CellSink): void {
    this.runs.push(run);
    this.isSnapshotting = true;
  }

  endRun(run: CellSink): void {
    const at = this.runs.indexOf(run);
    if (at >= 0) this.runs.splice(at, 1);
    this.isSnapshotting = this.runs.length > 0;
  }

  #isLive(slot: number): boolean {
    return this.#index.find(this.keys[slot]) === slot;
  }

  #add(key: unknown): number {
    const slot = this.#free.pop() ?? this.keys.length;
    if (slot === this.keys.length) {
      this.keys.push(key);
      this.#reserveSlots(slot + 1);
    } else {
      this.keys[slot] = key;
    }
    this.#references[slot] = 0;
    this.groups[slot] = this.#groupOf(key);
    this.#index.insert(key, slot);
    this.#liveSlots++;
    return slot;
  }

  #remove(slot: number): void {
    if (++this.#removals === MAX_REMOVALS) this.#restartRemovals();
    this.#index.remove(this.keys[slot]);
    this.keys[slot] = undefined;
    this.#free.push(slot);
    this.#liveSlots--;
    if (this.slot === slot) this.slot = NO_SLOT;
  }

  #restartRemovals(): void {
    this.#removals = 0;
    for (const forget of this.#forgetKnown) forget();
  }

  #reserveSlots(count: number): void {
    if (count <= this.groups.length) return;
    const capacity = Math.max(count, this.groups.length * 2);
    this.groups = growUint16(this.groups, capacity);
    this.#references = growInt32(this.#references, capacity);
  }
}

function growKnownSlots(known: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.max(length, known.length * 2, 2 * INITIAL_SLOTS)).fill(NEVER);
  grown.set(known);
  return grown;
}

function growUint16(array: Uint16Array, capacity: number): Uint16Array<ArrayBuffer> {
  const grown = new Uint16Array(capacity);
  grown.set(array);
  return grown;
}

/** A larger copy; new cells are 0. */
export function growInt32(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(array);
  return grown;
}
