// One full snapshot of the heap backend.
import type { StateFileFactory } from '../checkpoint/state-file-factory.ts';
import type { KeyedStateHandle, StateFileHandle } from '../checkpoint/state-handles.ts';
import type { CellTable } from './cells.ts';
import type { RegisteredState, SnapshotTable } from './keyed-state-registry.ts';
import { SnapshotRun, type SnapshotSetting } from './snapshot-run.ts';

export class FullSnapshotRun extends SnapshotRun {
  readonly #onEnd: () => void;

  /** @param onEnd called once when the run takes no more cells: it is written, or given up */
  constructor(
    states: readonly RegisteredState<SnapshotTable & CellTable>[],
    files: StateFileFactory,
    setting: SnapshotSetting,
    onEnd: () => void,
  ) {
    super(
      states,
      () => files.create('exclusive'),
      () => true,
      setting,
    );
    this.#onEnd = onEnd;
  }

  writeCell(stateId: number, slot: number, namespace: unknown, value: unknown): void {
    const isExpired = this.isExpired[stateId];
    if (this.failure !== undefined || isExpired?.(value) === true) return;
    const { context } = this;
    try {
      this.writer.put(stateId, context.groups[slot]!, 0, context.keys[slot], namespace, value);
    } catch (error) {
      this.failure = error;
    }
  }

  protected toHandle(file: StateFileHandle): Pick<KeyedStateHandle, 'backend' | 'files' | 'incremental'> {
    return { backend: 'heap', files: [file], incremental: false };
  }

  protected onEnd(): void {
    this.#onEnd();
  }
}
