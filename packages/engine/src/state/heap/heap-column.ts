// Heap cells of a state without namespaces: a column of values by slot.
import type { Cells, CellTable, SnapshotCursor } from '../cells.ts';
import { type CellSink, growInt32, type KeyContext } from '../key-context.ts';

const INITIAL_STAMPS = 64;

export class HeapColumn implements CellTable, Cells {
  readonly id: number;
  readonly #context: KeyContext;
  /** By slot; undefined: no cell. Shorter than the slots when the last ones have none. */
  readonly #values: unknown[] = [];
  /** By slot: epoch of the newest snapshot that needs nothing more of this cell. Only kept while snapshots are written. */
  #stamps = new Int32Array(INITIAL_STAMPS);
  #size = 0;

  constructor(id: number, context: KeyContext) {
    this.id = id;
    this.#context = context;
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
    if (context.isSnapshotting && typeof value === 'object') this.#touch(slot);
    return value;
  }

  write(value: unknown): void {
    const context = this.#context;
    const slot = context.claim();
    const values = this.#values;
    if (context.isSnapshotting) this.#touch(slot);
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

  createCursor(run: CellSink): SnapshotCursor {
    const limit = this.#values.length;
    let slot = 0;
    return {
      advance: (maxCells) => {
        const end = Math.min(limit, slot + maxCells);
        for (; slot < end; slot++)
          if (this.#values[slot] !== undefined && this.#stampOf(slot) < run.epoch) this.#touch(slot);
        return slot === limit;
      },
    };
  }

  #removeAt(slot: number): void {
    if (slot >= this.#values.length || this.#values[slot] === undefined) return;
    if (this.#context.isSnapshotting) this.#touch(slot);
    this.#values[slot] = undefined;
    this.#size--;
    this.#context.release(slot);
  }

  #stampOf(slot: number): number {
    return slot < this.#stamps.length ? this.#stamps[slot]! : 0;
  }

  /** Writes the cell to every snapshot that still needs it (see key-context X2). */
  #touch(slot: number): void {
    const context = this.#context;
    if (slot >= this.#stamps.length) {
      this.#stamps = growInt32(this.#stamps, Math.max(slot + 1, this.#values.length, this.#stamps.length * 2));
    }
    const stamp = this.#stamps[slot]!;
    if (stamp === context.epoch) return;
    this.#stamps[slot] = context.epoch;
    const value = slot < this.#values.length ? this.#values[slot] : undefined;
    if (value === undefined) return;
    const runs = context.runs;
    for (let i = 0; i < runs.length; i++)
      if (runs[i]!.epoch > stamp) runs[i]!.writeCell(this.id, slot, undefined, value);
  }
}
