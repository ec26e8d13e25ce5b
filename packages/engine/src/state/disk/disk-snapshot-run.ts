// One snapshot of the disk backend. Layer 0 comes from the store as it was at the barrier: all rows (full) or those in the
// change log (delta). Layer 1 comes from the cache and wins: what the store had not seen (full), what changed since the base
// (delta). Timers are in memory and always written whole.
import type { StateFileFactory } from '../../checkpoint/state-file-factory.ts';
import { RowOperation, type StateFileMeta } from '../../checkpoint/state-file-format.ts';
import type { KeyedStateHandle, StateFileHandle } from '../../checkpoint/state-handles.ts';
import { assert, toError } from '../../errors.ts';
import { SERIALIZER_VERSION, type Serializer } from '../../serialization/index.ts';
import type { SnapshotCursor } from '../cells.ts';
import type { BackendTable } from '../core-keyed-backend.ts';
import type { KeyContext } from '../key-context.ts';
import { KeyedFileWriter } from '../keyed-file-writer.ts';
import type { KeyedSnapshotRun, KeyGroupRange } from '../keyed-state-backend.ts';
import type { RegisteredState } from '../keyed-state-registry.ts';
import { describeSchema } from '../state-schema.ts';
import { makePrefix, parseStoreKey, type StoreView } from './cell-store.ts';
import { type ChangeGroup, toStoreKey } from './change-log.ts';
import type { DiskRun } from './disk-page.ts';

const CELLS_PER_CLOCK_CHECK = 512;
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

export interface DiskSnapshotSetting {
  readonly context: KeyContext;
  readonly keySerializer: Serializer;
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;
  readonly monotonicMs: () => number;
  /** The store at the barrier; undefined: it has no rows. */
  readonly view: StoreView | undefined;
  /** Decodes values, for states whose expired cells are left out. */
  readonly decodeValue: (stateId: number, bytes: Uint8Array) => unknown;
  /** Called with the handle's files when they are written. */
  readonly onWritten: (run: DiskSnapshotRun, files: readonly StateFileHandle[]) => void;
}

type States = readonly RegisteredState<BackendTable>[];

export class DiskSnapshotRun implements KeyedSnapshotRun, DiskRun {
  readonly epoch: number;
  readonly base: SnapshotBase;
  readonly #setting: DiskSnapshotSetting;
  readonly #states: States;
  readonly #writer: KeyedFileWriter;
  readonly #meta: StateFileMeta;
  readonly #isExpired: readonly (((value: unknown) => boolean) | undefined)[];
  readonly #work: SnapshotCursor[];
  #ended = false;
  #failure: unknown;
  #finished: Promise<readonly KeyedStateHandle[]> | undefined;

  constructor(states: States, files: StateFileFactory, base: SnapshotBase, setting: DiskSnapshotSetting) {
    const { context, keySerializer, keyGroupRange, maxParallelism } = setting;
    this.base = base;
    this.#setting = setting;
    this.#states = [...states];
    this.epoch = ++context.epoch;
    const openFile = () => files.create(files.selfContained ? 'exclusive' : 'shared');
    this.#writer = new KeyedFileWriter(openFile, keyGroupRange, keySerializer, states.map(codecOf));
    this.#meta = {
      keySerializer: keySerializer.description,
      serializerVersion: SERIALIZER_VERSION,
      maxParallelism,
      keyGroups: keyGroupRange,
      states: states.map((state) => ({
        ...describeSchema(state.schema),
        id: state.id,
        complete: base.kind === 'full' || state.schema.kind === 'timers',
      })),
    };
    this.#isExpired = states.map((state) => state.isExpired);
    context.beginRun(this);
    this.#work = states.map((state) => state.table.createCursor(this));
    if (setting.view !== undefined) this.#work.push(this.#storedCursor(setting.view));
  }

  wants(isDirty: boolean, changedEpoch: number): boolean {
    return this.base.kind === 'full' ? isDirty : changedEpoch >= this.base.epoch;
  }

  writeCell(stateId: number, slot: number, namespace: unknown, value: unknown): void {
    if (this.#failure !== undefined) return;
    const { context } = this.#setting;
    const group = context.groups[slot]!;
    const isGone = value === undefined || this.#isExpired[stateId]?.(value) === true;
    try {
      if (isGone) this.#writer.remove(stateId, group, CACHED_LAYER, context.keys[slot], namespace);
      else this.#writer.put(stateId, group, CACHED_LAYER, context.keys[slot], namespace, value);
    } catch (error) {
      // It may be a record's processing that came here: only the snapshot fails.
      this.#failure = error;
    }
  }

  step(budgetMs: number): boolean {
    const deadlineMs = this.#setting.monotonicMs() + budgetMs;
    for (let work = this.#work[0]; work !== undefined && !this.#ended; work = this.#work[0]) {
      if (work.advance(CELLS_PER_CLOCK_CHECK)) this.#work.shift();
      if (this.#failure !== undefined) this.#fail();
      if (this.#work.length > 0 && this.#setting.monotonicMs() >= deadlineMs) return false;
    }
    this.#end();
    return true;
  }

  finish(): Promise<readonly KeyedStateHandle[]> {
    assert(this.#ended, 'a snapshot is finished after its last step');
    this.#finished ??= this.#finishFile();
    return this.#finished;
  }

  async abort(): Promise<void> {
    this.#end();
    await this.#writer.abort();
  }

  async #finishFile(): Promise<readonly KeyedStateHandle[]> {
    if (this.#failure !== undefined) throw toError(this.#failure);
    const { states, keyGroups } = this.#meta;
    if (states.length === 0) return [];
    const file = await this.#writer.finish(this.#meta);
    const files = this.base.kind === 'full' ? [file] : [...this.base.files, file];
    this.#setting.onWritten(this, files);
    const descriptions = states.map(({ id: _id, complete: _complete, ...description }) => description);
    return [{ backend: 'disk', keyGroups, files, incremental: files.length > 1, states: descriptions }];
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
    for (const state of this.#states) {
      if (state.schema.kind === 'timers') continue;
      for (const { key, value } of view.scan(makePrefix(state.id))) {
        this.#writeStored(key, value);
        yield;
      }
    }
  }

  /** Newest group first; a cell that an older group names again is done. */
  *#changedRows(view: StoreView, sinceEpoch: number, groups: readonly ChangeGroup[]): Generator<void> {
    const done = new Set<string>();
    for (const group of [...groups].reverse()) {
      for (const [text, epoch] of group) {
        yield;
        if (epoch < sinceEpoch || done.has(text)) continue;
        if (groups.length > 1) done.add(text);
        const key = toStoreKey(text);
        this.#writeStored(key, view.get(key));
      }
    }
  }

  #writeStored(storeKey: Uint8Array, value: Uint8Array | undefined): void {
    const { stateId, namespace, keyGroup, key } = parseStoreKey(storeKey);
    const isExpired = this.#isExpired[stateId];
    const isGone = value === undefined || isExpired?.(this.#setting.decodeValue(stateId, value)) === true;
    if (!isGone) this.#writer.append(stateId, keyGroup, STORED_LAYER, RowOperation.Put, [key, namespace, value]);
    else if (this.base.kind === 'delta')
      this.#writer.append(stateId, keyGroup, STORED_LAYER, RowOperation.Remove, [key, namespace]);
  }

  #fail(): never {
    this.#end();
    throw toError(this.#failure);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#work.length = 0;
    this.#setting.context.endRun(this);
    this.#setting.view?.close();
  }
}

function codecOf(state: RegisteredState<BackendTable>) {
  return { serializer: state.serializer, namespaceSerializer: state.namespaceSerializer };
}
