// Which cells changed since the last completed checkpoint and are not in the cache any more: a delta needs them besides the
// cached ones. Grouped by the snapshot interval they left the cache in.
//   L1. For every cell in the store whose newest change came at epoch e ≥ baseEpoch, there is an entry with e, or the log has
//       overflowed. A later entry of the same cell is in a later group; older entries may remain.
//   L2. Groups up to a snapshot's barrier are not changed any more: the run reads them while the next group fills.

/** Entries kept at most (about 100 bytes each); beyond it the next checkpoint is a full one. */
const MAX_ENTRIES = 1_000_000;

/** Store key (latin1) → epoch of the newest change. */
export type ChangeGroup = ReadonlyMap<string, number>;

export class ChangeLog {
  #groups: Map<string, number>[] = [new Map()];
  #entries = 0;
  #overflowed = false;
  #isRecording = false;

  get hasOverflowed(): boolean {
    return this.#overflowed;
  }

  record(storeKey: Uint8Array, epoch: number): void {
    if (!this.#isRecording || this.#overflowed) return;
    if (this.#entries >= MAX_ENTRIES) {
      this.#overflowed = true;
      this.#groups = [new Map()];
      this.#entries = 0;
      return;
    }
    const group = this.#groups[this.#groups.length - 1]!;
    const id = toText(storeKey);
    if (!group.has(id)) this.#entries++;
    group.set(id, epoch);
  }

  /** Epoch of the cell's newest logged change, or -1. */
  find(storeKey: Uint8Array): number {
    if (this.#entries === 0) return -1;
    const id = toText(storeKey);
    for (let i = this.#groups.length - 1; i >= 0; i--) {
      const epoch = this.#groups[i]!.get(id);
      if (epoch !== undefined) return epoch;
    }
    return -1;
  }

  /** A snapshot's barrier. @param isFull a full checkpoint, which makes an overflow good when it completes */
  seal(isFull: boolean): readonly ChangeGroup[] {
    this.#isRecording = true;
    const sealed = this.#groups;
    if (isFull && this.#overflowed) {
      this.#overflowed = false;
      this.#groups = [new Map()];
      this.#entries = 0;
      return [];
    }
    this.#groups = [...sealed, new Map()];
    return sealed;
  }

  /** Marks the changes so far as unknown: the base they would be added to was not completed. */
  invalidate(): void {
    this.#overflowed = true;
  }

  /** Changes before `epoch` are in a completed checkpoint. */
  forgetBefore(epoch: number): void {
    this.#groups = this.#groups.filter((group, i) => {
      const isLast = i === this.#groups.length - 1;
      return isLast || hasEpochFrom(group, epoch);
    });
    this.#entries = this.#groups.reduce((sum, group) => sum + group.size, 0);
  }
}

function hasEpochFrom(group: ChangeGroup, epoch: number): boolean {
  for (const changed of group.values()) if (changed >= epoch) return true;
  return false;
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

export function toStoreKey(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
