// Slot → position in the insertion order of a pane. Few entries: a scan; more: open addressing over positions.

export const NO_POSITION = -1;

const SCAN_LIMIT = 8;

export class SlotPositions {
  /** Slot at each position, in insertion order. */
  readonly slots: number[] = [];
  /** Position + 1 by hash of the slot, 0: free. Undefined while few. */
  #table: Int32Array | undefined;
  #shift = 0;

  find(slot: number): number {
    const table = this.#table;
    const slots = this.slots;
    if (table === undefined) return slots.indexOf(slot);
    const mask = table.length - 1;
    let at = Math.imul(slot, 0x9e3779b1) >>> this.#shift;
    for (;;) {
      const entry = table[at]!;
      if (entry === 0) return NO_POSITION;
      if (slots[entry - 1] === slot) return entry - 1;
      at = (at + 1) & mask;
    }
  }

  /** The slot must not have a position. */
  add(slot: number): number {
    const position = this.slots.push(slot) - 1;
    if (this.#table === undefined ? position >= SCAN_LIMIT : (position + 1) * 2 > this.#table.length) this.#rebuild();
    else if (this.#table !== undefined) this.#place(this.#table, slot, position);
    return position;
  }

  #rebuild(): void {
    let bits = 5;
    while (1 << bits < this.slots.length * 3) bits++;
    const table = new Int32Array(1 << bits);
    this.#shift = 32 - bits;
    for (let position = 0; position < this.slots.length; position++)
      this.#place(table, this.slots[position]!, position);
    this.#table = table;
  }

  #place(table: Int32Array, slot: number, position: number): void {
    const mask = table.length - 1;
    let at = Math.imul(slot, 0x9e3779b1) >>> this.#shift;
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = position + 1;
  }
}
