// Ended jobs: archive/<job id>.json holds everything of one, archive/index.jsonl a line of each. A line per job is in memory, and of their pages
// as many as the cache takes: thousands of ended jobs cost neither start nor heap.
//   A1. An archive is durable before its line is added, and its file is gone before its line is: a start that finds the two at odds believes
//       the files.
//   A2. Limits hold at every reading: what is too old or too many is not shown, wherever its file is by then. Held jobs stay.
//   A3. An archive that cannot be read fails the pages of its own job and nothing else.
import { basename, join } from 'node:path';
import { withDiscarded } from '../../../checkpoint/checkpoint-statistics.ts';
import { type DurableFiles, TEMPORARY_SUFFIX } from '../../../checkpoint/durable-files.ts';
import { toError } from '../../../errors.ts';
import { encodeDurable } from '../durable-json.ts';
import type { JobOverviewView } from '../views.ts';
import { ArchiveCache } from './archive-cache.ts';
import { ArchiveIndex } from './archive-index.ts';
import { type ArchivedJob, type ArchiveEntry, decodeArchivedJob, toArchiveEntry } from './archived-job.ts';

export interface JobArchiveOptions {
  readonly directory: string;
  readonly files: DurableFiles;
  readonly nowMs: () => number;
  /** The oldest go first. */
  readonly maxJobs: number;
  readonly maxAgeMs: number;
  /** Of archives in memory, by their size on disk. */
  readonly cacheBytes: number;
  /** Its record is still there: without its archive the next start would run it again. */
  readonly isHeld: (jobId: string) => boolean;
  readonly onProblem: (message: string, error: unknown) => void;
}

const INDEX_FILE = 'index.jsonl';
const ARCHIVE_SUFFIX = '.json';

export class JobArchive {
  readonly #options: JobArchiveOptions;
  readonly #index: ArchiveIndex;
  readonly #cache: ArchiveCache<ArchivedJob>;
  /** By job id; oldest first. */
  #entries = new Map<string, ArchiveEntry>();
  /** Whose files could not be written yet: they are nowhere else. */
  readonly #unwritten = new Map<string, ArchivedJob>();
  /** Expired ones whose files are still there. */
  readonly #expired = new Set<string>();
  #removing: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: JobArchiveOptions) {
    const { directory, files, onProblem } = options;
    this.#options = options;
    this.#cache = new ArchiveCache(options.cacheBytes);
    const entries = () => this.#entries.values();
    this.#index = new ArchiveIndex({ path: join(directory, INDEX_FILE), files, entries, onProblem });
  }

  /** Oldest first. */
  overviews(): readonly JobOverviewView[] {
    this.#expire();
    return Array.from(this.#entries.values(), ({ overview }) => overview);
  }

  entry(jobId: string): ArchiveEntry | undefined {
    this.#expire();
    return this.#entries.get(jobId);
  }

  /** Reads it from disk unless it is cached. @throws JOB_ARCHIVE_CORRUPT */
  job(jobId: string): ArchivedJob | undefined {
    if (this.entry(jobId) === undefined) return undefined;
    return this.#unwritten.get(jobId) ?? this.#cache.get(jobId) ?? this.#read(jobId);
  }

  /** From now on its pages are served from here, even when this throws because it cannot be written. */
  async save(job: ArchivedJob): Promise<void> {
    const { jobId } = job.detail;
    const entry = toArchiveEntry(job);
    this.#expired.delete(jobId);
    this.#entries.set(jobId, entry);
    await this.#write(job);
    if (this.#entries.get(jobId) === entry) await this.#index.add(entry);
    this.#expire();
  }

  /** C4: a checkpoint or savepoint is shown as gone before its files go. */
  async markDiscarded(directory: string): Promise<void> {
    const showing = [...this.#entries].filter(([, { directories }]) => directories.includes(directory));
    for (const [jobId] of showing) {
      const job = this.#readable(jobId);
      if (job === undefined) continue;
      const checkpoints = withDiscarded(job.detail.checkpoints, directory);
      if (checkpoints === job.detail.checkpoints) continue;
      const changed = { ...job, detail: { ...job.detail, checkpoints } };
      this.#entries.set(jobId, toArchiveEntry(changed));
      await this.#write(changed);
    }
  }

  /** Finds what is archived: by the index, and by reading what it does not know. */
  async open(): Promise<void> {
    const known = await this.#index.read();
    const found: ArchiveEntry[] = [];
    let isAsIndexed = true;
    for (const jobId of await this.#storedJobs()) {
      const entry = known.get(jobId) ?? (await this.#readEntry(jobId));
      if (!known.delete(jobId)) isAsIndexed = false;
      if (entry !== undefined) found.push(entry);
    }
    found.sort((a, b) => a.archivedMs - b.archivedMs);
    this.#entries = new Map(found.map((entry) => [entry.overview.jobId, entry]));
    if (!isAsIndexed || known.size > 0) await this.#index.rewrite();
    this.#expire();
  }

  /** When no file is being removed any more. What is left of the expired ones goes at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#removing;
  }

  async #storedJobs(): Promise<readonly string[]> {
    const { files, directory } = this.#options;
    const names = (await files.list(directory)).map(({ name }) => name);
    for (const name of names) if (name.endsWith(TEMPORARY_SUFFIX)) await files.remove(join(directory, name));
    return names.filter((name) => name.endsWith(ARCHIVE_SUFFIX)).map((name) => basename(name, ARCHIVE_SUFFIX));
  }

  /** A3. */
  async #readEntry(jobId: string): Promise<ArchiveEntry | undefined> {
    const path = this.#path(jobId);
    try {
      const content = await this.#options.files.read(path);
      return content && toArchiveEntry(decodeArchivedJob(jobId, path, content));
    } catch (error) {
      this.#options.onProblem(toError(error).message, error);
      return undefined;
    }
  }

  #read(jobId: string): ArchivedJob | undefined {
    const path = this.#path(jobId);
    const content = this.#options.files.readNow(path);
    if (content === undefined) {
      // Removed by hand.
      this.#entries.delete(jobId);
      return undefined;
    }
    const job = decodeArchivedJob(jobId, path, content);
    this.#cache.set(jobId, job, content.length);
    return job;
  }

  /** A3. */
  #readable(jobId: string): ArchivedJob | undefined {
    try {
      return this.job(jobId);
    } catch (error) {
      this.#options.onProblem(toError(error).message, error);
      return undefined;
    }
  }

  async #write(job: ArchivedJob): Promise<void> {
    const { jobId } = job.detail;
    this.#cache.delete(jobId);
    this.#unwritten.set(jobId, job);
    await this.#options.files.writeAtomic(this.#path(jobId), encodeDurable(job));
    if (this.#unwritten.get(jobId) === job) this.#unwritten.delete(jobId);
    // Expired while it was being written.
    if (!this.#entries.has(jobId)) this.#forget(jobId);
  }

  /** A2. */
  #expire(): void {
    const { maxJobs, maxAgeMs, nowMs, isHeld } = this.#options;
    const oldestMs = nowMs() - maxAgeMs;
    for (const [jobId, { archivedMs }] of this.#entries) {
      if (this.#entries.size <= maxJobs && archivedMs >= oldestMs) return;
      if (!isHeld(jobId)) this.#forget(jobId);
    }
  }

  /** Its file goes behind everybody's back: there may be thousands. */
  #forget(jobId: string): void {
    this.#entries.delete(jobId);
    this.#unwritten.delete(jobId);
    this.#cache.delete(jobId);
    this.#expired.add(jobId);
    this.#removing ??= this.#removeExpired();
  }

  async #removeExpired(): Promise<void> {
    // First the caller's own turn ends: it may forget more.
    await Promise.resolve();
    for (const jobId of this.#expired) {
      if (this.#isClosed) break;
      this.#expired.delete(jobId);
      await this.#removeFile(jobId);
    }
    this.#removing = undefined;
  }

  /** A1. */
  async #removeFile(jobId: string): Promise<void> {
    try {
      await this.#options.files.remove(this.#path(jobId));
      await this.#index.remove(jobId);
    } catch (error) {
      this.#options.onProblem(`The archive of job ${jobId} is too old and was not removed`, error);
    }
  }

  #path(jobId: string): string {
    return join(this.#options.directory, `${jobId}${ARCHIVE_SUFFIX}`);
  }
}
