// One snapshot of the disk backend. Layer 0 comes from the store as it was at the barrier: all rows (full) or those in the
// change log (delta). Layer 1 comes from the cache and wins: what the store had not seen (full), what changed since the base
// (delta). Timers are in memory and always written whole.
import type { StateFileFactory } from '../../checkpoint/state-file-factory.ts';
import { RowOperation } from '../../checkpoint/state-file-format.ts';
import type { KeyedStateHandle, StateFileHandle } from '../../checkpoint/state-handles.ts';
import type { SnapshotCursor } from '../cells.ts';
import type { BackendTable } from '../core-keyed-backend.ts';
import type { RegisteredState } from '../keyed-state-registry.ts';
import { SnapshotRun, type SnapshotSetting } from '../snapshot-run.ts';
import { makePrefix, parseStoreKey, type StoreView } from './cell-store.ts';
import type { ChangeGroup } from './change-log.ts';
import type { DiskRun } from './disk-page.ts';

const STORED_LAYER = 0;
const CACHED_LAYER = 1;

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
    if (setting.view !== undefined) this.work.push(this.#storedCursor(setting.view));
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

  protected toHandle(file: StateFileHandle): Pick<KeyedStateHandle, 'backend' | 'files' | 'incremental'> {
    const files = this.base.kind === 'full' ? [file] : [...this.base.files, file];
    this.#setting.onWritten(this, files);
    return { backend: 'disk', files, incremental: files.length > 1 };
  }

  protected onEnd(): void {
    this.#setting.view?.close();
  }

  #storedCursor(view: StoreView): SnapshotCursor {
    const rows =
      this.base.kind === 'full' ? this.#allRows(view) : this.#changedRows(view, this.base.epoch, this.base.changes);
    return {
      advance: (maxCells) => {
        for (let i = 0; i < maxCells; i++) if (rows.next().done === true) return true;
        return false;
      },
    };
  }

  *#allRows(view: StoreView): Generator<void> {
    for (const state of this.states) {
      if (state.schema.kind === 'timers') continue;
      for (const { key, value } of view.scan(makePrefix(state.id))) {
        this.#writeStored(key, value);
        yield;
      }
    }
  }

  *#changedRows(view: StoreView, sinceEpoch: number, groups: readonly ChangeGroup[]): Generator<void> {
    for (const group of groups) {
      for (const key of group.keys(sinceEpoch)) {
        this.#writeStored(key, view.get(key));
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
      this.writer.append(stateId, keyGroup, STORED_LAYER, RowOperation.Remove, [key, namespace]);
  }
}
