// One full snapshot of the heap backend: cells are written by cursors in the background and by whoever is about to change
// something the cursors have not reached (key-context X2).
import type { StateFileFactory } from '../checkpoint/state-file-factory.ts';
import type { StateFileMeta } from '../checkpoint/state-file-format.ts';
import type { KeyedStateHandle } from '../checkpoint/state-handles.ts';
import { assert, toError } from '../errors.ts';
import { SERIALIZER_VERSION, type Serializer } from '../serialization/index.ts';
import type { CellTable, SnapshotCursor } from './cells.ts';
import type { CellSink, KeyContext } from './key-context.ts';
import { KeyedFileWriter } from './keyed-file-writer.ts';
import type { KeyedSnapshotRun, KeyGroupRange } from './keyed-state-backend.ts';
import type { RegisteredState, SnapshotTable } from './keyed-state-registry.ts';
import { describeSchema } from './state-schema.ts';

/** Cells between two looks at the clock: about 0.1 ms. */
const CELLS_PER_CLOCK_CHECK = 1024;

export interface SnapshotSetting {
  readonly context: KeyContext;
  readonly keySerializer: Serializer;
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;
  readonly monotonicMs: () => number;
  /** Called once when the run takes no more cells: it is written, or given up. */
  readonly onEnd: (run: FullSnapshotRun) => void;
}

export class FullSnapshotRun implements KeyedSnapshotRun, CellSink {
  readonly epoch: number;
  readonly #setting: SnapshotSetting;
  readonly #context: KeyContext;
  readonly #writer: KeyedFileWriter;
  readonly #meta: StateFileMeta;
  readonly #isExpired: readonly (((value: unknown) => boolean) | undefined)[];
  readonly #cursors: SnapshotCursor[];
  #ended = false;
  #failure: unknown;
  #finished: Promise<readonly KeyedStateHandle[]> | undefined;

  constructor(
    states: readonly RegisteredState<SnapshotTable & CellTable>[],
    files: StateFileFactory,
    setting: SnapshotSetting,
  ) {
    const { context, keyGroupRange, maxParallelism, keySerializer } = setting;
    this.#setting = setting;
    this.#context = context;
    this.epoch = ++context.epoch;
    this.#writer = new KeyedFileWriter(
      () => files.create('exclusive'),
      keyGroupRange,
      keySerializer,
      states.map(codecOf),
    );
    this.#meta = {
      keySerializer: keySerializer.description,
      serializerVersion: SERIALIZER_VERSION,
      maxParallelism,
      keyGroups: keyGroupRange,
      states: states.map((state) => ({ ...describeSchema(state.schema), id: state.id, complete: true })),
    };
    this.#isExpired = states.map((state) => state.isExpired);
    context.beginRun(this);
    this.#cursors = states.map((state) => state.table.createCursor(this));
  }

  writeCell(stateId: number, slot: number, namespace: unknown, value: unknown): void {
    const isExpired = this.#isExpired[stateId];
    if (this.#failure !== undefined || isExpired?.(value) === true) return;
    const context = this.#context;
    try {
      this.#writer.put(stateId, context.groups[slot]!, 0, context.keys[slot], namespace, value);
    } catch (error) {
      // It may be a record's processing that came here: only the snapshot fails.
      this.#failure = error;
    }
  }

  step(budgetMs: number): boolean {
    const deadlineMs = this.#setting.monotonicMs() + budgetMs;
    for (let cursor = this.#cursors[0]; cursor !== undefined && !this.#ended; cursor = this.#cursors[0]) {
      if (cursor.advance(CELLS_PER_CLOCK_CHECK)) this.#cursors.shift();
      if (this.#failure !== undefined) this.#fail();
      if (this.#cursors.length > 0 && this.#setting.monotonicMs() >= deadlineMs) return false;
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
    const descriptions = states.map(({ id: _id, complete: _complete, ...description }) => description);
    return [{ backend: 'heap', keyGroups, files: [file], incremental: false, states: descriptions }];
  }

  #fail(): never {
    this.#end();
    throw toError(this.#failure);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cursors.length = 0;
    this.#context.endRun(this);
    this.#setting.onEnd(this);
  }
}

function codecOf(state: RegisteredState<SnapshotTable & CellTable>) {
  return { serializer: state.serializer, namespaceSerializer: state.namespaceSerializer };
}
