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

  /**
   * @param directory parent of the savepoint's own one; without it the configured one
   * @returns the savepoint's directory, once it is complete
   */
  async triggerSavepoint(directory?: string): Promise<string> {
    return (await this.#job.ask({ kind: 'savepoint', directory })) as string;
  }

  /**
   * @param advanceToEndOfEventTime also fires all timers and windows: the job is not meant to be resumed
   * @returns the savepoint's directory, once the job has finished
   */
  async stopWithSavepoint(advanceToEndOfEventTime: boolean, directory?: string): Promise<string> {
    return (await this.#job.ask({ kind: 'stop', drain: advanceToEndOfEventTime, directory })) as string;
  }

  /** As last reported, about a second old; those of one's own kinds list every subtask's value while the job runs. */
  async getAccumulators(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#job.ask({ kind: 'accumulators' })) as Readonly<Record<string, unknown>>;
  }

  async getJobExecutionResult(): Promise<JobExecutionResult> {
    return new JobExecutionResult(await this.#job.result);
  }
}
