// The state of one operator at one checkpoint, over all its subtasks, and how it is dealt out again.
import { assignState, type OperatorMetadata, type SubtaskMetadata, type SubtaskRestore } from '@yeoul/engine/harness';

/** Identity of the operator in a harness; there is only one. */
export const HARNESS_OPERATOR_ID = '0'.repeat(32);
const HARNESS_VERTEX_ID = '1'.repeat(32);

export interface OperatorSnapshot {
  readonly checkpointId: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** By index; subtasks that had finished have none. */
  readonly subtasks: readonly SubtaskMetadata[];
}

/** Joins the snapshots that the subtasks of one operator took at the same checkpoint. */
export function mergeSnapshots(snapshots: readonly OperatorSnapshot[]): OperatorSnapshot {
  const [first] = snapshots;
  if (first === undefined) throw new RangeError('There is no snapshot to merge');
  const subtasks = snapshots.flatMap((snapshot) => snapshot.subtasks).sort((a, b) => a.index - b.index);
  return { ...first, subtasks };
}

/** What subtask `index` of `parallelism` starts from; exactly what a cluster would give it. */
export function restoreOf(snapshot: OperatorSnapshot, parallelism: number, index: number): SubtaskRestore | undefined {
  const vertex = {
    id: HARNESS_VERTEX_ID,
    name: 'harness',
    parallelism,
    maxParallelism: snapshot.maxParallelism,
    slotSharingGroup: 'default',
    isSource: false,
    operators: [{ operatorId: HARNESS_OPERATOR_ID, name: 'harness', uid: undefined, keyed: true }],
  };
  const metadata = { ...emptyMetadata(snapshot), operators: [operatorMetadata(snapshot)] };
  return assignState(metadata, { vertices: [vertex] }, false)[HARNESS_VERTEX_ID]?.[index];
}

function operatorMetadata(snapshot: OperatorSnapshot): OperatorMetadata {
  return {
    operatorId: HARNESS_OPERATOR_ID,
    uid: undefined,
    name: 'harness',
    vertexId: HARNESS_VERTEX_ID,
    vertexName: 'harness',
    parallelism: snapshot.parallelism,
    maxParallelism: snapshot.maxParallelism,
    states: [],
    finishedSubtasks: [],
    subtasks: snapshot.subtasks,
  };
}

function emptyMetadata(snapshot: OperatorSnapshot) {
  return {
    kind: 'checkpoint' as const,
    checkpointId: snapshot.checkpointId,
    jobId: HARNESS_OPERATOR_ID,
    jobName: 'harness',
    triggerTimestampMs: 0,
    completionTimestampMs: 0,
    engineVersion: 'harness',
    programDigest: undefined,
    graphHash: '',
    sharedDirectory: undefined,
  };
}
