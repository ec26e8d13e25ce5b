// What _metadata says: everything that is needed to resume, and to look into a savepoint offline. Plain data.
import type { StateDescription } from '../state/keyed-state-backend.ts';
import type { KeyedStateHandle, OperatorStateHandle, StateFileHandle } from './state-handles.ts';

export type CheckpointKind = 'checkpoint' | 'savepoint';

export interface CheckpointMetadata {
  readonly kind: CheckpointKind;
  readonly checkpointId: number;
  readonly jobId: string;
  readonly jobName: string;
  readonly triggerTimestampMs: number;
  readonly completionTimestampMs: number;
  readonly engineVersion: string;
  /** sha-256 of the program bundle, hex; undefined for programs that are no file. */
  readonly programDigest: string | undefined;
  readonly graphHash: string;
  /** Where 'shared' files are, relative to the directory of _metadata; undefined when there are none. */
  readonly sharedDirectory: string | undefined;
  readonly operators: readonly OperatorMetadata[];
}

export interface OperatorMetadata {
  readonly operatorId: string;
  readonly uid: string | undefined;
  readonly name: string;
  readonly vertexId: string;
  readonly vertexName: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Every state of the operator, over all subtasks. */
  readonly states: readonly StateDescription[];
  /** Subtasks that had finished, and so have no state. */
  readonly finishedSubtasks: readonly number[];
  /** Subtasks with state whose operators had finished; absent: none. */
  readonly operatorsFinishedSubtasks?: readonly number[];
  /** Subtasks with state, by index. */
  readonly subtasks: readonly SubtaskMetadata[];
}

export interface SubtaskMetadata {
  readonly index: number;
  readonly keyed: readonly KeyedStateHandle[];
  readonly operator: readonly OperatorStateHandle[];
}

/** Every file of a checkpoint, inline ones included. */
export function stateFilesOf(metadata: Pick<CheckpointMetadata, 'operators'>): readonly StateFileHandle[] {
  return metadata.operators.flatMap(({ subtasks }) => subtasks.flatMap(filesOfSubtask));
}

/** Bytes of state that the checkpoint refers to. */
export function stateSizeOf(metadata: Pick<CheckpointMetadata, 'operators'>): number {
  return stateFilesOf(metadata).reduce((sum, file) => sum + file.sizeBytes, 0);
}

export function filesOfSubtask(subtask: Pick<SubtaskMetadata, 'keyed' | 'operator'>): readonly StateFileHandle[] {
  return [...subtask.keyed.flatMap(({ files }) => files), ...subtask.operator.map(({ file }) => file)];
}

/** Names (in the shared directory) of the shared files among these. */
export function sharedPathsOf(files: readonly StateFileHandle[]): readonly string[] {
  return files.flatMap(({ location }) =>
    location.kind === 'file' && location.scope === 'shared' ? [location.path] : [],
  );
}
