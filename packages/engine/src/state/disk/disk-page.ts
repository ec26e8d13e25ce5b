// The cached cells of one namespace (or of a state without namespaces) of the disk backend.
//   D1. A cell is unknown (not cached: the store has its value, if it has one), clean (as in the store) or dirty. A known cell
//       without a value is known to be absent; dirty and absent is a removal that the store has not seen.
//   D2. changed = epoch of the newest change of a known cell, -1: none since the backend began to keep track.
//   D3. Before a known cell changes or leaves the cache, every run that needs it has written it (touch). A cell that becomes
//       known while a run is under way is not the run's: it reads the store as it was at its barrier.

import { SlotPositions } from '../heap/slot-positions.ts';
import type { CellSink, KeyContext } from '../key-context.ts';
import type { Pane } from '../pane.ts';

export const CellStatus = { Unknown: 0, Clean: 1, Dirty: 2 } as const;

/** A snapshot of the disk backend, as pages see it. */
export interface DiskRun extends CellSink {
  /** True when the run takes this known cell from the cache. */
  wants(isDirty: boolean, changedEpoch: number): boolean;
}

/** What a page needs of its table. */
export interface PageOwner {
  readonly id: number;
  readonly context: KeyContext;
  /** Reads the current value of a cell that is not cached; undefined: absent. */
  load(page: DiskPage, slot: number): { readonly value: unknown; readonly changedEpoch: number };
  /** A cell became known: makes room when the cache is full. Never evicts the current slot. */
  onCached(): void;
  onUncached(): void;
  visitPage(page: DiskPage, callback: (value: unknown, key: unknown) => void): void;
}

export class DiskPage implements Pane {
  readonly namespace: unknown;
  /** Serialized namespace; empty for states without. */
  namespaceBytes: Uint8Array;
  /** Handed out by PaneState: stays in the table until dropped. */
  isPinned = false;
  readonly #owner: PageOwner;
  readonly #context: KeyContext;
  /** Undefined: position = slot. */
  readonly #positions: SlotPositions | undefined;
  readonly #values: unknown[] = [];
  readonly #status: number[] = [];
  readonly #changed: number[] = [];
  readonly #stamps: number[] = [];
  /** Epoch at which a cell known to be absent got its value, -1: unknown. Nothing but the cache has heard of it until then. */
  readonly #born: number[] = [];
  /** Used since the eviction hand came by. */
  readonly #used: boolean[] = [];
  #known = 0;

  constructor(owner: PageOwner, namespace: unknown, namespaceBytes: Uint8Array, isNamespaced: boolean) {
    this.#owner = owner;
    this.#context = owner.context;
    this.namespace = namespace;
    this.namespaceBytes = namespaceBytes;
    this.#positions = isNamespaced ? new SlotPositions() : undefined;
  }

  get known(): number {
    return this.#known;
  }

  get positionLimit(): number {
    return this.#values.length;
  }

  get(): unknown {
    const position = this.#claimKnown();
    const value = this.#values[position];
    if (this.#context.isSnapshotting && typeof value === 'object') this.#touch(position);
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
    return this.#status[position]!;
  }

  valueAt(position: number): unknown {
    return this.#values[position];
  }

  changedAt(position: number): number {
    return this.#changed[position]!;
  }

  /** True when the cell was used since the last call. */
  takeUsed(position: number): boolean {
    const used = this.#used[position]!;
    this.#used[position] = false;
    return used;
  }

  /** Forgets a known cell; what was dirty must be in the store by now or on its way there. */
  forget(position: number): void {
    if (this.#context.isSnapshotting) this.#touch(position);
    this.#status[position] = CellStatus.Unknown;
    this.#values[position] = undefined;
    this.#changed[position] = -1;
    this.#known--;
    this.#owner.onUncached();
    this.#context.release(this.slotAt(position));
  }

  /** Replaces the value of a known cell without calling it a change of the program. */
  replaceAt(position: number, value: unknown): void {
    this.#values[position] = value;
  }

  /** Hands cells from `from` on to the run that it wants and has not. @returns where to go on */
  writePending(run: DiskRun, from: number, count: number): number {
    const end = Math.min(this.#values.length, from + count);
    for (let position = from; position < end; position++) {
      if (this.#status[position] !== CellStatus.Unknown && this.#stamps[position]! < run.epoch) this.#touch(position);
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
    while (this.#values.length <= position) {
      this.#values.push(undefined);
      this.#status.push(CellStatus.Unknown);
      this.#changed.push(-1);
      this.#stamps.push(0);
      this.#born.push(-1);
      this.#used.push(false);
    }
    return position;
  }

  /** Position of the current key's cell, loaded when it was unknown. */
  #claimKnown(): number {
    const slot = this.#context.claim();
    const position = this.#claimPosition(slot);
    this.#used[position] = true;
    if (this.#status[position] !== CellStatus.Unknown) return position;
    const loaded = this.#owner.load(this, slot);
    this.#stamps[position] = this.#context.epoch;
    this.#becomeKnown(position, slot, CellStatus.Clean);
    this.#values[position] = loaded.value;
    this.#changed[position] = loaded.changedEpoch;
    this.#born[position] = -1;
    return position;
  }

  #isUntouchedAbsence(position: number): boolean {
    return (
      this.#status[position] === CellStatus.Clean &&
      this.#values[position] === undefined &&
      this.#changed[position]! < 0
    );
  }

  #change(value: unknown): void {
    const slot = this.#context.claim();
    const position = this.#claimPosition(slot);
    this.#used[position] = true;
    if (this.#status[position] === CellStatus.Unknown) {
      this.#stamps[position] = this.#context.epoch;
      this.#becomeKnown(position, slot, CellStatus.Dirty);
      this.#born[position] = -1;
    } else {
      if (this.#context.isSnapshotting) this.#touch(position);
      if (value === undefined && this.#born[position] === this.#context.epoch) return this.forget(position);
      if (this.#isUntouchedAbsence(position)) this.#born[position] = this.#context.epoch;
    }
    this.#values[position] = value;
    this.#status[position] = CellStatus.Dirty;
    this.#changed[position] = this.#context.epoch;
  }

  #becomeKnown(position: number, slot: number, status: number): void {
    this.#status[position] = status;
    this.#known++;
    this.#context.retain(slot);
    this.#owner.onCached();
  }

  #touch(position: number): void {
    const context = this.#context;
    const stamp = this.#stamps[position]!;
    if (stamp === context.epoch) return;
    this.#stamps[position] = context.epoch;
    const status = this.#status[position]!;
    if (status === CellStatus.Unknown) return;
    const runs = context.runs as readonly CellSink[] as readonly DiskRun[];
    for (const run of runs) {
      if (run.epoch > stamp && run.wants(status === CellStatus.Dirty, this.#changed[position]!)) {
        run.writeCell(this.#owner.id, this.slotAt(position), this.namespace, this.#values[position]);
      }
    }
  }
}
