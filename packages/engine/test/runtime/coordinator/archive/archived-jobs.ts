// Ended jobs as the archive gets them.
import type { ArchivedJob } from '../../../../src/runtime/coordinator/archive/archived-job.ts';

export function jobIdOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** @param savepoints directories that its pages show */
export function archivedJob(number: number, archivedMs: number, savepoints: readonly string[] = []): ArchivedJob {
  const jobId = jobIdOf(number);
  const history = savepoints.map((externalPath, id) => ({ id, kind: 'savepoint', externalPath, discarded: false }));
  const latest = { completed: undefined, savepoint: history[0], failed: undefined, restored: undefined };
  const detail = {
    jobId,
    name: `job ${number}`,
    state: 'FINISHED',
    startTimeMs: archivedMs - 10,
    endTimeMs: archivedMs,
    durationMs: 10,
    lastModificationMs: archivedMs,
    taskCount: 2,
    tasks: { FINISHED: 2 },
    checkpoints: { history, latest },
    notes: 'x'.repeat(1000),
  };
  const result = { jobId, netRuntimeMs: 10, accumulators: {} };
  return { archivedMs, keepsCheckpoints: false, detail, result } as unknown as ArchivedJob;
}
