// Operator (non-keyed) state of one operator and subtask.
import type { OperatorStateStore } from '../api/state.ts';
import type { StateFileFactory } from '../checkpoint/state-file-factory.ts';
import type { OperatorStateHandle } from '../checkpoint/state-handles.ts';
import type { StateDescription } from './keyed-state-backend.ts';

export interface OperatorStateBackend extends OperatorStateStore {
  restore(handles: readonly OperatorStateHandle[]): Promise<void>;
  /** Copies synchronously, writes asynchronously. Undefined: there is nothing to save. */
  snapshot(checkpointId: number, files: StateFileFactory): Promise<OperatorStateHandle | undefined>;
  describeStates(): readonly StateDescription[];
}
