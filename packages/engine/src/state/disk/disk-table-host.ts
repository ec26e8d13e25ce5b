// What the tables of one disk backend share.
import type { KeyContext } from '../key-context.ts';
import type { StoreView, StoreWriter } from './cell-store.ts';
import type { DiskCellCodec } from './disk-cell-codec.ts';

/** The store, the cache's limits, the serializers. */
export interface DiskTableHost {
  readonly context: KeyContext;
  readonly codec: DiskCellCodec;
  /** Cells of a dropped namespace that go with the drop; others in steps. */
  readonly dropCells: number;
  openView(): StoreView;
  mayHaveRows(): boolean;
  get(storeKey: Uint8Array): Uint8Array | undefined;
  write(change: (writer: StoreWriter) => void): void;
  /** False for changes that no delta will need. */
  isLogged(epoch: number): boolean;
  recordChange(storeKey: Uint8Array, epoch: number): void;
  onCached(): void;
  onUncached(): void;
  onDirty(change: number): void;
}
