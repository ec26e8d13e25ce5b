// How triggered operations stand. Pure. There is no FAILED on the wire: a failure completes with its cause.
import type { checkpointEndpoints, ResponseOf, savepointEndpoints } from '@yeoul/contract';
import type { LocalCluster } from '@yeoul/engine/runtime';
import { type FailureCause, type FailureLink, framesOf, toFailureCause } from '../java/failure-cause.ts';
import { toFileUri } from './file-uri.ts';

export type OperationView = ReturnType<LocalCluster['operation']>;
type SavepointStatusPage = ResponseOf<typeof savepointEndpoints.getSavepointStatus>;
type CheckpointStatusPage = ResponseOf<typeof checkpointEndpoints.getCheckpointStatus>;
type DisposalStatusPage = ResponseOf<typeof savepointEndpoints.getDisposalStatus>;

const COMPLETION = 'java.util.concurrent.CompletionException';

export function toSavepointStatusPage(operation: OperationView): SavepointStatusPage {
  const { status, location } = operation;
  if (status === 'IN_PROGRESS') return { status: { id: status }, operation: null };
  const outcome = status === 'FAILED' ? { 'failure-cause': toSavepointFailure(operation) } : {};
  const place = location === undefined ? {} : { location: toFileUri(location) };
  return { status: { id: 'COMPLETED' }, operation: { ...place, ...outcome } };
}

export function toCheckpointStatusPage(operation: OperationView): CheckpointStatusPage {
  const { status, checkpointId } = operation;
  if (status === 'IN_PROGRESS') return { status: { id: status }, operation: null };
  const outcome = checkpointId === undefined ? { failureCause: toSavepointFailure(operation) } : { checkpointId };
  return { status: { id: 'COMPLETED' }, operation: outcome };
}

export function toDisposalStatusPage(operation: OperationView): DisposalStatusPage {
  const { status } = operation;
  if (status === 'IN_PROGRESS') return { status: { id: status }, operation: null };
  const outcome = status === 'FAILED' ? { 'failure-cause': toDisposalFailure(operation) } : {};
  return { status: { id: 'COMPLETED' }, operation: outcome };
}

function toSavepointFailure({ failure }: OperationView): FailureCause {
  const cause = {
    className: 'org.apache.flink.runtime.checkpoint.CheckpointException',
    message: failure?.message ?? 'unknown',
    frames: framesOf(failure?.stack),
  };
  return toFailureCause(completedWith(cause));
}

function toDisposalFailure({ failure, directory }: OperationView): FailureCause {
  const path = toFileUri(directory);
  const disposal = {
    className: 'org.apache.flink.util.FlinkException',
    message: `Could not dispose savepoint ${path}.`,
  };
  const isMissing = failure?.code === 'METADATA_MISSING';
  const cause = {
    className: isMissing ? 'java.io.FileNotFoundException' : 'java.io.IOException',
    message: isMissing
      ? `Cannot find checkpoint or savepoint file/directory '${path}' on file system 'file'.`
      : (failure?.message ?? 'unknown'),
    frames: framesOf(failure?.stack),
  };
  return toFailureCause([...completedWith(disposal), cause]);
}

/** As a future of Java wraps what it failed with. */
function completedWith(cause: FailureLink): readonly FailureLink[] {
  return [{ className: COMPLETION, message: `${cause.className}: ${cause.message}` }, cause];
}
