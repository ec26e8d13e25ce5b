import { JobExecutionResult } from './job-execution-result.ts';
import type { SubmittedJob } from './program-context.ts';

/** A job that was started with executeAsync. */
export class JobClient {
  readonly #job: SubmittedJob;

  constructor(job: SubmittedJob) {
    this.#job = job;
  }

  getJobID(): string {
    return this.#job.jobId;
  }

  getJobStatus(): Promise<string> {
    return this.#job.status();
  }

  cancel(): Promise<void> {
    return this.#job.cancel();
  }

  async getJobExecutionResult(): Promise<JobExecutionResult> {
    return new JobExecutionResult(await this.#job.result);
  }
}
