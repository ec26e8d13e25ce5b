// Which cells changed and then left the cache: a delta needs them besides the cached ones. Grouped by the snapshot interval
// they left the cache in.
//   L1. For every change at an epoch ≥ coveredFrom whose cell left the cache, there is an entry with that epoch or a later one.
//       So a delta may build on a checkpoint of epoch B exactly when B ≥ coveredFrom.
//   L2. Groups up to a snapshot's barrier are not changed any more: the run reads them while the next group fills.
//   L3. At most MAX_ENTRIES entries. When they are used up all are dropped, and coveredFrom moves to the next barrier.

/** About 100 bytes each. */
const MAX_ENTRIES = 1_000_000;

/** Store key (latin1) → epoch of the change. */
export type ChangeGroup = ReadonlyMap<string, number>;

export class ChangeLog {
  #groups: Map<string, number>[] = [new Map()];
  #entries = 0;
  /** Epoch of the newest barrier. */
  #epoch = 0;
  /** Nothing before the first barrier is needed: its checkpoint is a full one. */
  #coveredFrom = 1;

  /** True when a delta may build on the checkpoint of this epoch. */
  covers(epoch: number): boolean {
    return epoch >= this.#coveredFrom;
  }

  record(storeKey: Uint8Array, epoch: number): void {
    if (epoch < this.#coveredFrom) return;
    if (this.#entries >= MAX_ENTRIES) return this.#dropAll();
    const group = this.#groups[this.#groups.length - 1]!;
    const id = toText(storeKey);
    if (!group.has(id)) this.#entries++;
    group.set(id, epoch);
  }

  /** The barrier of the snapshot with this epoch. @returns all changes before it */
  seal(epoch: number): readonly ChangeGroup[] {
    const sealed = this.#groups;
    this.#epoch = epoch;
    this.#groups = [...sealed, new Map()];
    return sealed;
  }

  /** Changes before `epoch` are in a completed checkpoint. */
  forgetBefore(epoch: number): void {
    const last = this.#groups.length - 1;
    this.#groups = this.#groups.filter((group, i) => i === last || hasEpochFrom(group, epoch));
    this.#countEntries();
  }

  #dropAll(): void {
    this.#groups = [new Map()];
    this.#coveredFrom = this.#epoch + 1;
    this.#countEntries();
  }

  #countEntries(): void {
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
