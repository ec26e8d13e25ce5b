// An ended job as it is kept in memory: its line of the overview, and everything else packed, a tenth of its size. Pages of ended jobs are
// rarely asked for, and there may be thousands.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { JobExecutionResultData } from '../messages.ts';
import { decodeDurable, encodeDurable } from './durable-json.ts';
import type { JobDetailView, JobOverviewView } from './views.ts';

export interface ArchivedJob {
  readonly archivedMs: number;
  /** Its checkpoints stay after its end. */
  readonly keepsCheckpoints: boolean;
  readonly detail: JobDetailView;
  readonly result: JobExecutionResultData;
}

/** Fast: what deeper levels save is not worth the time of thousands of jobs at start. */
const LEVEL = 1;

export class ArchiveEntry {
  readonly archivedMs: number;
  readonly overview: JobOverviewView;
  /** Directories of checkpoints and savepoints that its pages show. */
  readonly #directories: readonly string[];
  readonly #packed: Uint8Array;

  constructor(job: ArchivedJob) {
    const { checkpoints } = job.detail;
    const shown = [...checkpoints.history, checkpoints.latest.completed, checkpoints.latest.savepoint];
    this.archivedMs = job.archivedMs;
    this.overview = toOverview(job.detail);
    this.#directories = [...new Set(shown.flatMap((checkpoint) => checkpoint?.externalPath ?? []))];
    // A copy: what deflate returns keeps its whole buffer of 16 KiB alive.
    this.#packed = new Uint8Array(deflateRawSync(encodeDurable(job), { level: LEVEL }));
  }

  shows(directory: string): boolean {
    return this.#directories.includes(directory);
  }

  unpack(): ArchivedJob {
    return decodeDurable(inflateRawSync(this.#packed)) as ArchivedJob;
  }
}

function toOverview(detail: JobDetailView): JobOverviewView {
  const { jobId, name, state, startTimeMs, endTimeMs, durationMs, lastModificationMs, taskCount, tasks } = detail;
  return { jobId, name, state, startTimeMs, endTimeMs, durationMs, lastModificationMs, taskCount, tasks };
}
