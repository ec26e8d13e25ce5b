// Where backends write their pieces of one checkpoint.
import type { StateFileHandle } from './state-handles.ts';

export interface StateFileWriter {
  /** Takes ownership of the bytes; back-pressure is the caller's (write in slices). */
  write(bytes: Uint8Array): void;
  readonly sizeBytes: number;
  /** Flushes, fsyncs, closes. Small content comes back inline. */
  close(): Promise<StateFileHandle>;
  abort(): Promise<void>;
}

export interface StateFileFactory {
  /** 'shared' files outlive the checkpoint (incremental); 'exclusive' ones go with it. Savepoints only take 'exclusive'. */
  create(scope: 'exclusive' | 'shared'): StateFileWriter;
  /** True when everything must be exclusive and complete in itself (savepoints). */
  readonly selfContained: boolean;
}
