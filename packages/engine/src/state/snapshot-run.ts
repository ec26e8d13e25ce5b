// What snapshots of all backends have in common: cursors write cells in small steps, and so does whoever is about to change
// something the cursors have not reached (key-context X2). What a cell is written as is the backend's.
//   R1. A cell that cannot be written fails the snapshot, never the record that came upon it.
//   R2. A run ends once: after its last step, at its failure, or when it is given up.
import type { StateFileWriter } from '../checkpoint/state-file-factory.ts';
import type { StateFileMeta } from '../checkpoint/state-file-format.ts';
import type { KeyedStateHandle, StateFileHandle } from '../checkpoint/state-handles.ts';
import { assert, toError } from '../errors.ts';
import { SERIALIZER_VERSION, type Serializer } from '../serialization/index.ts';
import type { SnapshotCursor } from './cells.ts';
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
}

type State = RegisteredState<SnapshotTable>;

export abstract class SnapshotRun implements KeyedSnapshotRun, CellSink {
  readonly epoch: number;
  protected readonly context: KeyContext;
  protected readonly states: readonly State[];
  protected readonly writer: KeyedFileWriter;
  /** By state: tells values that are left out. */
  protected readonly isExpired: readonly (((value: unknown) => boolean) | undefined)[];
  /** What is left to write, in order. */
  protected readonly work: SnapshotCursor[];
  /** Why the snapshot cannot be completed. */
  protected failure: unknown;
  readonly #monotonicMs: () => number;
  readonly #meta: StateFileMeta;
  #ended = false;
  #finished: Promise<readonly KeyedStateHandle[]> | undefined;

  /** @param isComplete tells states that are written whole */
  constructor(
    states: readonly State[],
    openFile: () => StateFileWriter,
    isComplete: (state: State) => boolean,
    setting: SnapshotSetting,
  ) {
    const { context, keySerializer, keyGroupRange, maxParallelism, monotonicMs } = setting;
    this.context = context;
    this.#monotonicMs = monotonicMs;
    this.states = [...states];
    this.epoch = ++context.epoch;
    this.writer = new KeyedFileWriter(openFile, keyGroupRange, keySerializer, states.map(codecOf));
    this.#meta = {
      keySerializer: keySerializer.description,
      serializerVersion: SERIALIZER_VERSION,
      maxParallelism,
      keyGroups: keyGroupRange,
      states: states.map((state) => ({
        ...describeSchema(state.schema),
        id: state.id,
        complete: isComplete(state),
        ...(state.hasParts ? { parts: true } : {}),
      })),
    };
    this.isExpired = states.map((state) => state.isExpired);
    context.beginRun(this);
    this.work = states.map((state) => state.table.createCursor(this));
  }

  abstract writeCell(stateId: number, slot: number, namespace: unknown, value: unknown): void;
  /** The handle that the file with the rest of the state makes. */
  protected abstract toHandle(file: StateFileHandle): Pick<KeyedStateHandle, 'backend' | 'files' | 'incremental'>;
  /** The run takes no more cells. */
  protected abstract onEnd(): void;

  step(budgetMs: number): boolean {
    const deadlineMs = this.#monotonicMs() + budgetMs;
    for (let cursor = this.work[0]; cursor !== undefined && !this.#ended; cursor = this.work[0]) {
      if (cursor.advance(CELLS_PER_CLOCK_CHECK)) this.work.shift();
      if (this.failure !== undefined) this.#fail();
      if (this.work.length > 0 && this.#monotonicMs() >= deadlineMs) return false;
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
    await this.writer.abort();
  }

  async #finishFile(): Promise<readonly KeyedStateHandle[]> {
    if (this.failure !== undefined) throw toError(this.failure);
    const { states, keyGroups } = this.#meta;
    if (states.length === 0) return [];
    const file = await this.writer.finish(this.#meta);
    const descriptions = states.map(({ id: _id, complete: _complete, parts: _parts, ...description }) => description);
    return [{ ...this.toHandle(file), keyGroups, states: descriptions }];
  }

  #fail(): never {
    this.#end();
    throw toError(this.failure);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.work.length = 0;
    this.context.endRun(this);
    this.onEnd();
  }
}

function codecOf(state: State) {
  return { serializer: state.serializer, namespaceSerializer: state.namespaceSerializer };
}
