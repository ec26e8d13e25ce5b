import type { JobExecutionResultSource } from './program-context.ts';

/** How a job ended. */
export class JobExecutionResult {
  readonly #source: JobExecutionResultSource;

  constructor(source: JobExecutionResultSource) {
    this.#source = source;
  }

  getJobID(): string {
    return this.#source.jobId;
  }

  /** Milliseconds. */
  getNetRuntime(): number {
    return this.#source.netRuntimeMs;
  }

  getAccumulatorResult<R>(name: string): R | undefined {
    return this.#source.accumulators[name] as R | undefined;
  }

  getAllAccumulatorResults(): Readonly<Record<string, unknown>> {
    return this.#source.accumulators;
  }
}
