// Keyed state in memory: the default backend.
import type { StateFileFactory } from '../../checkpoint/state-file-factory.ts';
import { type BackendTable, CoreKeyedBackend } from '../core-keyed-backend.ts';
import { FullSnapshotRun } from '../full-snapshot-run.ts';
import type { KeyedSnapshotRun } from '../keyed-state-backend.ts';
import type { StateSchema } from '../state-schema.ts';
import { HeapColumn } from './heap-column.ts';
import { HeapPaneTable } from './heap-panes.ts';

/** Rough bytes of an entry beyond what its value refers to: slot, key, cell. */
const ENTRY_OVERHEAD_BYTES = 48;

export class HeapKeyedStateBackend extends CoreKeyedBackend {
  protected createTable(id: number, schema: StateSchema): BackendTable {
    return schema.namespaceType === undefined ? new HeapColumn(id, this.context) : new HeapPaneTable(id, this.context);
  }

  snapshot(_checkpointId: number, files: StateFileFactory): KeyedSnapshotRun {
    const { context, keySerializer, keyGroupRange, maxParallelism, monotonicMs } = this;
    const setting = { context, keySerializer, keyGroupRange, maxParallelism, monotonicMs };
    return new FullSnapshotRun(this.registry.states, files, setting, () => this.#releaseOrphans());
  }

  notifyCheckpointComplete(_checkpointId: number): void {}

  notifyCheckpointAborted(_checkpointId: number): void {}

  statistics(): { readonly entries: number; readonly sizeBytes: number } {
    let entries = 0;
    for (const { table } of this.registry.states) entries += typeof table.size === 'number' ? table.size : table.size();
    return { entries, sizeBytes: entries * ENTRY_OVERHEAD_BYTES };
  }

  async dispose(): Promise<void> {}

  #releaseOrphans(): void {
    if (this.context.isSnapshotting) return;
    for (const { table } of this.registry.states) if (table instanceof HeapPaneTable) table.releaseOrphans();
  }
}
