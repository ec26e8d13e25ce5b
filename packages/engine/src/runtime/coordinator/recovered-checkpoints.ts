// What of a job's own checkpoints a restart of the process finds.
//   RC1. A job that had a checkpoint never starts without one.
//   RC2. A job never goes back behind the newest checkpoint that its sinks were told of, unless a setting says that it may: what they committed
//        for it would be committed again.
import { join } from 'node:path';
import type { CheckpointStorage } from '../../checkpoint/checkpoint-storage.ts';
import type { StoredCheckpoint } from '../../checkpoint/metadata-reader.ts';
import { METADATA_FILE } from '../../checkpoint/savepoint-path.ts';
import { appError } from '../../errors.ts';
import type { JobRecord } from './job-store.ts';

export interface RecoveredCheckpoints {
  /** Newest first; empty: the job had none. */
  readonly kept: readonly StoredCheckpoint[];
  /** Used by any checkpoint so far; 0: none. */
  readonly greatestId: number;
  /** Directory of the newest, which is gone; undefined: it is there. */
  readonly lost: string | undefined;
}

export interface RecoveryOptions {
  readonly retained: number;
  /** RC2. */
  readonly allowOlder: boolean;
}

/** @throws CHECKPOINTS_LOST, CHECKPOINT_NEWEST_LOST, METADATA_CORRUPT, METADATA_NEWER */
export async function findRecoveredCheckpoints(
  record: JobRecord,
  storage: CheckpointStorage,
  { retained, allowOlder }: RecoveryOptions,
): Promise<RecoveredCheckpoints> {
  const kept = (await storage.findCompleted()).slice(0, retained);
  const newestId = await storage.newestRecorded();
  const greatestId = Math.max(await storage.greatestId(), newestId);
  const [newest] = kept;
  if (newest === undefined && record.hasCheckpoint === true)
    throw appError('CHECKPOINTS_LOST', [record.jobId, storage.jobDirectory]);
  if (newest === undefined || newest.metadata.checkpointId >= newestId) return { kept, greatestId, lost: undefined };
  const lost = storage.directoryOf(newestId);
  if (!allowOlder)
    throw appError('CHECKPOINT_NEWEST_LOST', [record.jobId, join(lost, METADATA_FILE), newest.directory]);
  return { kept, greatestId, lost };
}
