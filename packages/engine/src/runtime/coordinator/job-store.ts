// The durable part of the cluster, under its data directory:
//   jobs/<job id>.json       accepted jobs that have not ended
//   programs/<sha-256>.cjs   bundles of those jobs, shared by content
//   archive/                 ended jobs, bounded in number and age
//   C6. A job is accepted when its record is durable, and ends when its archive entry is; the record goes after it. An entry with a record
//       is a job that ended while its clean-up was under way.
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { TerminalSavepoint } from '../../checkpoint/checkpoint-coordinator.ts';
import { type DurableFiles, TEMPORARY_SUFFIX } from '../../checkpoint/durable-files.ts';
import { appError, toError } from '../../errors.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import type { ProgramDescriptor } from '../messages.ts';
import type { ArchivedJob } from './archive/archived-job.ts';
import { JobArchive } from './archive/job-archive.ts';
import { decodeJobRecord, encodeJobRecord } from './job-record-file.ts';

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
  readonly nowMs: () => number;
  readonly maxArchived: number;
  readonly maxArchiveAgeMs: number;
  readonly archiveCacheBytes: number;
  readonly onProblem: (message: string, error: unknown) => void;
}

export class JobStore {
  readonly archive: JobArchive;
  readonly #options: JobStoreOptions;
  /** Jobs that have a record. */
  readonly #recorded = new Set<string>();
  readonly #unreadable: string[] = [];

  constructor(options: JobStoreOptions) {
    const { files, nowMs, onProblem } = options;
    this.#options = options;
    this.archive = new JobArchive({
      directory: this.#path('archive'),
      files,
      nowMs,
      maxJobs: options.maxArchived,
      maxAgeMs: options.maxArchiveAgeMs,
      cacheBytes: options.archiveCacheBytes,
      isHeld: (jobId) => this.#recorded.has(jobId),
      onProblem,
    });
  }

  /** Files of records that could not be read: jobs that had not ended, and that nothing is known of. */
  get unreadable(): readonly string[] {
    return this.#unreadable;
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

  /** @throws PROGRAM_DAMAGED when the stored bundle is not the one that was submitted */
  async verifyProgram({ program: { bundlePath }, programDigest }: JobRecord): Promise<void> {
    if (programDigest === undefined) return;
    const content = await this.#options.files.read(bundlePath);
    if (content === undefined) throw appError('PROGRAM_DAMAGED', [bundlePath, 'is missing']);
    const digest = createHash('sha256').update(content).digest('hex');
    if (digest !== programDigest)
      throw appError('PROGRAM_DAMAGED', [bundlePath, 'is damaged (its digest does not match)']);
  }

  async saveRecord(record: JobRecord): Promise<void> {
    this.#recorded.add(record.jobId);
    const { dataDirectory, files } = this.#options;
    await files.writeAtomic(this.#recordPath(record.jobId), encodeJobRecord(record, dataDirectory));
  }

  /** The last step of a job's end. */
  async removeRecord(jobId: string): Promise<void> {
    await this.#options.files.remove(this.#recordPath(jobId));
    this.#recorded.delete(jobId);
  }

  /** From now on its pages are served from the archive, even when this throws because it cannot be written. */
  saveArchive(job: ArchivedJob): Promise<void> {
    return this.archive.save(job);
  }

  /** What cannot be read is reported and left where it is. @returns records of jobs that have not ended, oldest first */
  async load(): Promise<readonly JobRecord[]> {
    const records = await this.#loadRecords();
    for (const { jobId } of records) this.#recorded.add(jobId);
    await this.archive.open();
    await this.#removeUnusedPrograms(records);
    return records.sort((a, b) => a.acceptedMs - b.acceptedMs);
  }

  #path(folder: string): string {
    return join(this.#options.dataDirectory, folder);
  }

  #recordPath(jobId: string): string {
    return join(this.#path('jobs'), `${jobId}.json`);
  }

  async #loadRecords(): Promise<JobRecord[]> {
    const { dataDirectory, files, onProblem } = this.#options;
    const records: JobRecord[] = [];
    for (const { name } of await files.list(this.#path('jobs'))) {
      const path = join(this.#path('jobs'), name);
      if (name.endsWith(TEMPORARY_SUFFIX)) await files.remove(path);
      if (!name.endsWith('.json')) continue;
      try {
        records.push(decodeJobRecord((await files.read(path)) ?? new Uint8Array(), dataDirectory));
      } catch (cause) {
        this.#unreadable.push(path);
        const error = appError('JOB_STORE_CORRUPT', [path, toError(cause).message], { cause });
        onProblem(error.message, error);
      }
    }
    return records;
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
