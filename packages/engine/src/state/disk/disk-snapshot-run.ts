// One snapshot of the disk backend. The stored layer comes from the store as it was at the barrier: all rows (full) or those
// in the change log (delta). The cached layer wins: what the store had not seen (full), what changed since the base (delta).
// Rows that are gone since the base come first: their namespace may have been dropped and used again. Timers are in memory
// and always written whole.
import type { StateFileFactory } from '../../checkpoint/state-file-factory.ts';
import { RowOperation } from '../../checkpoint/state-file-format.ts';
import type { KeyedStateHandle, StateFileHandle } from '../../checkpoint/state-handles.ts';
import type { SnapshotCursor } from '../cells.ts';
import type { BackendTable } from '../core-keyed-backend.ts';
import type { RegisteredState } from '../keyed-state-registry.ts';
import { SnapshotRun, type SnapshotSetting } from '../snapshot-run.ts';
import { makePrefix, parseStoreKey, prefixLengthOf, type StoreView } from './cell-store.ts';
import type { ChangeGroup } from './change-log.ts';
import type { DiskPage, DiskRun } from './disk-page.ts';
import { type DroppedRows, liveRanges, rangeOf } from './live-ranges.ts';

const REMOVED_LAYER = 0;
const STORED_LAYER = 1;
const CACHED_LAYER = 2;

/** What the run builds on. */
export type SnapshotBase =
  | { readonly kind: 'full' }
  | {
      readonly kind: 'delta';
      /** Epoch of the completed checkpoint it adds to. */
      readonly epoch: number;
      readonly files: readonly StateFileHandle[];
      readonly changes: readonly ChangeGroup[];
    };

export interface DiskSnapshotSetting extends SnapshotSetting {
  /** The store at the barrier; undefined: it has no rows. */
  readonly view: StoreView | undefined;
  /** By state: what it has of namespaces that were dropped before the barrier. */
  readonly dropped: ReadonlyMap<number, readonly DroppedRows[]>;
  /** Decodes values, for states whose expired cells are left out. */
  readonly decodeValue: (stateId: number, bytes: Uint8Array) => unknown;
  /** Called with the handle's files when they are written. */
  readonly onWritten: (run: DiskSnapshotRun, files: readonly StateFileHandle[]) => void;
}

export class DiskSnapshotRun extends SnapshotRun implements DiskRun {
  readonly base: SnapshotBase;
  readonly #setting: DiskSnapshotSetting;

  constructor(
    states: readonly RegisteredState<BackendTable>[],
    files: StateFileFactory,
    base: SnapshotBase,
    setting: DiskSnapshotSetting,
  ) {
    super(
      states,
      () => files.create(files.selfContained ? 'exclusive' : 'shared'),
      (state) => base.kind === 'full' || state.schema.kind === 'timers',
      setting,
    );
    this.base = base;
    this.#setting = setting;
    this.work.push(this.#storedCursor());
  }

  wants(isDirty: boolean, changedEpoch: number): boolean {
    return this.base.kind === 'full' ? isDirty : changedEpoch >= this.base.epoch;
  }

  writeCell(stateId: number, slot: number, namespace: unknown, value: unknown): void {
    if (this.failure !== undefined) return;
    const { context } = this;
    const group = context.groups[slot]!;
    const isGone = value === undefined || this.isExpired[stateId]?.(value) === true;
    try {
      if (isGone) this.writer.remove(stateId, group, CACHED_LAYER, context.keys[slot], namespace);
      else this.writer.put(stateId, group, CACHED_LAYER, context.keys[slot], namespace, value);
    } catch (error) {
      this.failure = error;
    }
  }

  removeDropped(stateId: number, slot: number, { namespace, droppedEpoch }: DiskPage): void {
    if (this.failure !== undefined || this.base.kind === 'full' || droppedEpoch! < this.base.epoch) return;
    const { context } = this;
    try {
      this.writer.remove(stateId, context.groups[slot]!, REMOVED_LAYER, context.keys[slot], namespace);
    } catch (error) {
      this.failure = error;
    }
  }

  protected toHandle(file: StateFileHandle): Pick<KeyedStateHandle, 'backend' | 'files' | 'incremental'> {
    const files = this.base.kind === 'full' ? [file] : [...this.base.files, file];
    this.#setting.onWritten(this, files);
    return { backend: 'disk', files, incremental: files.length > 1 };
  }

  protected onEnd(): void {
    this.#setting.view?.close();
  }

  #storedCursor(): SnapshotCursor {
    const { base } = this;
    const rows = base.kind === 'full' ? this.#allRows() : this.#changedRows(base.epoch, base.changes);
    return {
      advance: (maxCells) => {
        for (let i = 0; i < maxCells; i++) if (rows.next().done === true) return true;
        return false;
      },
    };
  }

  *#allRows(): Generator<void> {
    const { view } = this.#setting;
    if (view === undefined) return;
    for (const state of this.states) {
      if (state.schema.kind === 'timers') continue;
      const dead = (this.#setting.dropped.get(state.id) ?? []).map(({ prefix }) => prefix);
      for (const { start, end } of liveRanges(rangeOf(makePrefix(state.id)), dead)) {
        for (const { key, value } of view.scanRange(start, end)) {
          this.#writeStored(key, value);
          yield;
        }
      }
    }
  }

  /** Without a view there are changes, too: cells that were dropped from the cache and never stored. */
  *#changedRows(sinceEpoch: number, groups: readonly ChangeGroup[]): Generator<void> {
    const { view } = this.#setting;
    const dropped = [...this.#setting.dropped.values()].flat();
    const dead = new Set(dropped.map(({ prefix }) => textOf(prefix)));
    for (const group of groups) {
      for (const key of group.keys(sinceEpoch)) {
        const isDead = dead.size > 0 && dead.has(textOf(key.subarray(0, prefixLengthOf(key))));
        this.#writeStored(key, isDead ? undefined : view?.get(key));
        yield;
      }
    }
    if (view === undefined) return;
    const since = dropped.filter(({ epoch }) => epoch >= sinceEpoch);
    yield* this.#droppedRows(view, since);
  }

  *#droppedRows(view: StoreView, dropped: readonly DroppedRows[]): Generator<void> {
    for (const { prefix } of dropped) {
      const { start, end } = rangeOf(prefix);
      for (const key of view.scanKeys(start, end)) {
        this.#writeStored(key, undefined);
        yield;
      }
    }
  }

  #writeStored(storeKey: Uint8Array, value: Uint8Array | undefined): void {
    const { stateId, namespace, keyGroup, key } = parseStoreKey(storeKey);
    const isExpired = this.isExpired[stateId];
    const isGone = value === undefined || isExpired?.(this.#setting.decodeValue(stateId, value)) === true;
    if (!isGone) this.writer.append(stateId, keyGroup, STORED_LAYER, RowOperation.Put, [key, namespace, value]);
    else if (this.base.kind === 'delta')
      this.writer.append(stateId, keyGroup, REMOVED_LAYER, RowOperation.Remove, [key, namespace]);
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
