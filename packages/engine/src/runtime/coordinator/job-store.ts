// The durable part of the cluster, under its data directory:
//   jobs/<job id>.json       accepted jobs that have not ended
//   programs/<sha-256>.cjs   bundles of those jobs, shared by content
//   archive/<job id>.json    ended jobs, bounded in number and age
//   C6. A job is accepted when its record is durable, and ends when its archive entry is; the record goes after it. An entry with a record
//       is a job that ended while its clean-up was under way.
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { TerminalSavepoint } from '../../checkpoint/checkpoint-coordinator.ts';
import { withDiscarded } from '../../checkpoint/checkpoint-statistics.ts';
import { type DurableFiles, TEMPORARY_SUFFIX } from '../../checkpoint/durable-files.ts';
import { appError, toError } from '../../errors.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import type { ProgramDescriptor } from '../messages.ts';
import { type ArchivedJob, ArchiveEntry } from './archive-entry.ts';
import { decodeDurable, encodeDurable } from './durable-json.ts';
import type { JobOverviewView } from './views.ts';

export interface JobRecord {
  readonly jobId: string;
  readonly acceptedMs: number;
  readonly program: ProgramDescriptor;
  /** sha-256 of the bundle, hex; undefined: the program is no file of ours. */
  readonly programDigest: string | undefined;
  readonly graph: JobGraphDescription;
  /** Absolute directory of the savepoint to start from. */
  readonly savepointPath: string | undefined;
  readonly allowNonRestoredState: boolean;
  readonly checkpointsDirectory: string;
  /** A checkpoint of it was completed: without one it is not started again. */
  readonly hasCheckpoint?: true;
  /** The user cancelled it: it is not resumed. */
  readonly cancelRequested: boolean;
  /** A savepoint that ended it is complete: it is not resumed, its state is there. */
  readonly terminal: { readonly end: TerminalSavepoint; readonly directory: string } | undefined;
}

export interface JobStoreOptions {
  readonly dataDirectory: string;
  readonly files: DurableFiles;
  readonly maxArchived: number;
  readonly maxArchiveAgeMs: number;
  readonly onProblem: (message: string, error: unknown) => void;
}

export class JobStore {
  readonly #options: JobStoreOptions;
  readonly #archive = new Map<string, ArchiveEntry>();

  constructor(options: JobStoreOptions) {
    this.#options = options;
  }

  /** Newest last. */
  archived(): readonly JobOverviewView[] {
    return [...this.#archive.values()].map(({ overview }) => overview);
  }

  isArchived(jobId: string): boolean {
    return this.#archive.has(jobId);
  }

  /** Unpacked for the caller. */
  archivedJob(jobId: string): ArchivedJob | undefined {
    return this.#archive.get(jobId)?.unpack();
  }

  /** Copies a bundle in. @returns its path and digest */
  async storeProgram(bundlePath: string): Promise<{ readonly path: string; readonly digest: string }> {
    const { files } = this.#options;
    const content = await files.read(bundlePath);
    if (content === undefined) throw appError('JOB_STORE_CORRUPT', [bundlePath, 'there is no such file']);
    const digest = createHash('sha256').update(content).digest('hex');
    const path = join(this.#path('programs'), `${digest}.cjs`);
    if ((await files.kindOf(path)) === undefined) await files.writeAtomic(path, content);
    const map = await files.read(`${bundlePath}.map`);
    if (map !== undefined) await files.writeAtomic(`${path}.map`, map);
    return { path, digest };
  }

  async saveRecord(record: JobRecord): Promise<void> {
    await this.#options.files.writeAtomic(this.#recordPath(record.jobId), encodeDurable(record));
  }

  /** The last step of a job's end. */
  async removeRecord(jobId: string): Promise<void> {
    await this.#options.files.remove(this.#recordPath(jobId));
  }

  /** The entry is seen in this process even when it cannot be written. */
  async saveArchive(job: ArchivedJob): Promise<void> {
    this.#archive.set(job.detail.jobId, new ArchiveEntry(job));
    await this.#writeArchive(job);
    await this.#expireArchive(job.archivedMs);
  }

  /** C4: histories of ended jobs show a checkpoint or savepoint as gone before its files go. */
  async markDiscarded(directory: string): Promise<void> {
    for (const [jobId, entry] of this.#archive) {
      if (!entry.shows(directory)) continue;
      const job = entry.unpack();
      const checkpoints = withDiscarded(job.detail.checkpoints, directory);
      if (checkpoints === job.detail.checkpoints) continue;
      const changed = { ...job, detail: { ...job.detail, checkpoints } };
      this.#archive.set(jobId, new ArchiveEntry(changed));
      await this.#writeArchive(changed);
    }
  }

  async #writeArchive(job: ArchivedJob): Promise<void> {
    const path = join(this.#path('archive'), `${job.detail.jobId}.json`);
    await this.#options.files.writeAtomic(path, encodeDurable(job));
  }

  async removeArchive(jobId: string): Promise<void> {
    this.#archive.delete(jobId);
    await this.#options.files.remove(join(this.#path('archive'), `${jobId}.json`));
  }

  /** Reads everything; what cannot be read is reported and left where it is. @returns records of jobs that have not ended, oldest first */
  async load(nowMs: number): Promise<readonly JobRecord[]> {
    const archived = await this.#loadAll('archive', (job) => new ArchiveEntry(job as ArchivedJob));
    const byAge = archived.sort((a, b) => a.archivedMs - b.archivedMs);
    for (const entry of byAge) this.#archive.set(entry.overview.jobId, entry);
    await this.#expireArchive(nowMs);
    const records = await this.#loadAll('jobs', (record) => record as JobRecord);
    await this.#removeUnusedPrograms(records);
    return records.sort((a, b) => a.acceptedMs - b.acceptedMs);
  }

  #path(folder: string): string {
    return join(this.#options.dataDirectory, folder);
  }

  #recordPath(jobId: string): string {
    return join(this.#path('jobs'), `${jobId}.json`);
  }

  async #loadAll<T>(folder: string, read: (value: unknown) => T): Promise<T[]> {
    const { files, onProblem } = this.#options;
    const values: T[] = [];
    for (const { name } of await files.list(this.#path(folder))) {
      const path = join(this.#path(folder), name);
      if (name.endsWith(TEMPORARY_SUFFIX)) await files.remove(path);
      if (!name.endsWith('.json')) continue;
      try {
        values.push(read(decodeDurable((await files.read(path)) ?? new Uint8Array())));
      } catch (cause) {
        const error = appError('JOB_STORE_CORRUPT', [path, toError(cause).message], { cause });
        onProblem(error.message, error);
      }
    }
    return values;
  }

  async #expireArchive(nowMs: number): Promise<void> {
    const { maxArchived, maxArchiveAgeMs } = this.#options;
    const jobs = [...this.#archive.values()];
    const expired = jobs.filter((job, index) => {
      return index < jobs.length - maxArchived || nowMs - job.archivedMs > maxArchiveAgeMs;
    });
    for (const { overview } of expired) await this.removeArchive(overview.jobId);
  }

  async #removeUnusedPrograms(records: readonly JobRecord[]): Promise<void> {
    const { files, onProblem } = this.#options;
    const used = new Set(records.map(({ program }) => basename(program.bundlePath)));
    // A record that could not be read may need any of them.
    const stored = await files.list(this.#path('jobs'));
    if (stored.filter(({ name }) => name.endsWith('.json')).length !== records.length) return;
    for (const { name } of await files.list(this.#path('programs'))) {
      if (used.has(name.replace(/\.map$/, ''))) continue;
      await files.remove(join(this.#path('programs'), name)).catch((error: unknown) => {
        onProblem(`Program ${name} is not used and was not removed`, error);
      });
    }
  }
}
