// An ended job: what is stored of it, and the line of it that is at hand without reading that.
import { appError, toError } from '../../../errors.ts';
import type { JobExecutionResultData } from '../../messages.ts';
import { decodeDurable } from '../durable-json.ts';
import type { JobDetailView, JobOverviewView } from '../views.ts';

export interface ArchivedJob {
  readonly archivedMs: number;
  /** Its checkpoints stay after its end. */
  readonly keepsCheckpoints: boolean;
  readonly detail: JobDetailView;
  readonly result: JobExecutionResultData;
}

/** What the list of jobs shows of it, and what must be known of it without its pages. */
export interface ArchiveEntry {
  readonly archivedMs: number;
  readonly keepsCheckpoints: boolean;
  readonly overview: JobOverviewView;
  /** Directories of checkpoints and savepoints that its pages show as being there (C4). */
  readonly directories: readonly string[];
}

export function toArchiveEntry({ archivedMs, keepsCheckpoints, detail }: ArchivedJob): ArchiveEntry {
  const { history, latest } = detail.checkpoints;
  const shown = [...history, latest.completed, latest.savepoint];
  const directories = shown.flatMap((checkpoint) =>
    checkpoint?.externalPath === undefined || checkpoint.discarded ? [] : checkpoint.externalPath,
  );
  return { archivedMs, keepsCheckpoints, overview: toOverview(detail), directories: [...new Set(directories)] };
}

/** @throws JOB_ARCHIVE_CORRUPT: not what was stored of that job */
export function decodeArchivedJob(jobId: string, path: string, content: Uint8Array): ArchivedJob {
  const fail = (reason: string, cause?: unknown) => appError('JOB_ARCHIVE_CORRUPT', [jobId, path, reason], { cause });
  const job = decodeOr(content, (cause) => fail(toError(cause).message, cause)) as Partial<ArchivedJob> | null;
  if (job?.detail?.jobId !== jobId || typeof job.archivedMs !== 'number')
    throw fail('it is not the archive of that job');
  return job as ArchivedJob;
}

function decodeOr(content: Uint8Array, fail: (cause: unknown) => Error): unknown {
  try {
    return decodeDurable(content);
  } catch (cause) {
    throw fail(cause);
  }
}

function toOverview(detail: JobDetailView): JobOverviewView {
  const { jobId, name, type, state, startTimeMs, endTimeMs, durationMs, lastModificationMs, taskCount, tasks } = detail;
  return { jobId, name, type, state, startTimeMs, endTimeMs, durationMs, lastModificationMs, taskCount, tasks };
}
