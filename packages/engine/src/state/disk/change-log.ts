// Which cells changed and then left the cache: a delta needs them besides the cached ones. Grouped by the snapshot interval
// they left the cache in.
//   L1. For every change at an epoch ≥ coveredFrom whose cell left the cache, there is an entry with that epoch or a later one.
//       So a delta may build on a checkpoint of epoch B exactly when B ≥ coveredFrom.
//   L2. Groups up to a snapshot's barrier are not changed any more: the run reads them while the next group fills.
//   L3. At most MAX_LOG_BYTES of entries. When they are used up all are dropped, and coveredFrom moves to the next barrier.
//   L4. A cell may be in the log more than once.
//
// An entry is [epoch u32][key bytes u16][store key], in pages.

/** 2 to 3 million cells with small keys. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;
const FIRST_PAGE_BYTES = 4096;
const MAX_PAGE_BYTES = 1024 * 1024;
const HEADER_BYTES = 6;

interface LogPage {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  used: number;
}

/** Changes of one interval. */
export class ChangeGroup {
  readonly #pages: LogPage[] = [];
  #sizeBytes = 0;
  /** Epoch of the newest change. */
  newestEpoch = -1;

  /** Bytes of memory. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(storeKey: Uint8Array, epoch: number): void {
    const size = HEADER_BYTES + storeKey.length;
    let page = this.#pages[this.#pages.length - 1];
    if (page === undefined || page.used + size > page.bytes.length) page = this.#addPage(size);
    page.view.setUint32(page.used, epoch);
    page.view.setUint16(page.used + 4, storeKey.length);
    page.bytes.set(storeKey, page.used + HEADER_BYTES);
    page.used += size;
    if (epoch > this.newestEpoch) this.newestEpoch = epoch;
  }

  /** Store keys of changes at `fromEpoch` and later; views of the log's own memory. */
  *keys(fromEpoch: number): IterableIterator<Uint8Array> {
    for (const { bytes, view, used } of this.#pages) {
      for (let at = 0; at < used; ) {
        const end = at + HEADER_BYTES + view.getUint16(at + 4);
        if (view.getUint32(at) >= fromEpoch) yield bytes.subarray(at + HEADER_BYTES, end);
        at = end;
      }
    }
  }

  #addPage(sizeBytes: number): LogPage {
    const bytes = new Uint8Array(Math.max(sizeBytes, Math.min(MAX_PAGE_BYTES, this.#sizeBytes || FIRST_PAGE_BYTES)));
    const page = { bytes, view: new DataView(bytes.buffer), used: 0 };
    this.#pages.push(page);
    this.#sizeBytes += bytes.length;
    return page;
  }
}

export class ChangeLog {
  #groups: ChangeGroup[] = [new ChangeGroup()];
  /** Of the groups before the current one. */
  #sealedBytes = 0;
  /** Epoch of the newest barrier. */
  #epoch = 0;
  /** Nothing before the first barrier is needed: its checkpoint is a full one. */
  #coveredFrom = 1;

  /** True when a delta may build on the checkpoint of this epoch. */
  covers(epoch: number): boolean {
    return epoch >= this.#coveredFrom;
  }

  /** True when record() takes changes of this epoch. */
  takes(epoch: number): boolean {
    return epoch >= this.#coveredFrom;
  }

  record(storeKey: Uint8Array, epoch: number): void {
    if (!this.takes(epoch)) return;
    const group = this.#groups[this.#groups.length - 1]!;
    if (this.#sealedBytes + group.sizeBytes >= MAX_LOG_BYTES) return this.#dropAll();
    group.add(storeKey, epoch);
  }

  /** The barrier of the snapshot with this epoch. @returns all changes before it */
  seal(epoch: number): readonly ChangeGroup[] {
    const sealed = this.#groups;
    this.#epoch = epoch;
    this.#setGroups([...sealed, new ChangeGroup()]);
    return sealed;
  }

  /** Changes before `epoch` are in a completed checkpoint. */
  forgetBefore(epoch: number): void {
    const last = this.#groups.length - 1;
    this.#setGroups(this.#groups.filter((group, i) => i === last || group.newestEpoch >= epoch));
  }

  #dropAll(): void {
    this.#setGroups([new ChangeGroup()]);
    this.#coveredFrom = this.#epoch + 1;
  }

  #setGroups(groups: ChangeGroup[]): void {
    this.#groups = groups;
    this.#sealedBytes = groups.slice(0, -1).reduce((sum, group) => sum + group.sizeBytes, 0);
  }
}
