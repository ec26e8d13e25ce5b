// Ended jobs that were read, the least recently used going first.

interface CachedJob<T> {
  readonly job: T;
  readonly sizeBytes: number;
}

export class ArchiveCache<T> {
  readonly #maxBytes: number;
  /** Least recently used first. */
  readonly #jobs = new Map<string, CachedJob<T>>();
  #sizeBytes = 0;

  /** @param maxBytes of the jobs as they are on disk; 0: nothing is kept. @see Apache Flink, jobstore.cache-size */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(jobId: string): T | undefined {
    const cached = this.#jobs.get(jobId);
    if (cached === undefined) return undefined;
    this.#jobs.delete(jobId);
    this.#jobs.set(jobId, cached);
    return cached.job;
  }

  set(jobId: string, job: T, sizeBytes: number): void {
    this.delete(jobId);
    if (sizeBytes > this.#maxBytes) return;
    this.#jobs.set(jobId, { job, sizeBytes });
    this.#sizeBytes += sizeBytes;
    for (const oldest of this.#jobs.keys()) {
      if (this.#sizeBytes <= this.#maxBytes) return;
      this.delete(oldest);
    }
  }

  delete(jobId: string): void {
    this.#sizeBytes -= this.#jobs.get(jobId)?.sizeBytes ?? 0;
    this.#jobs.delete(jobId);
  }
}
