// Waiting for a job to run or to end.
import { jobEndpoints } from '@yeoul/contract';
import { describeStack } from '../errors/java-text.ts';
import { FlinkJobEndedError } from '../errors/wait-errors.ts';
import type { RequestOptions } from '../http/connection.ts';
import { isTerminal, type JobStatus, type TerminalJobStatus } from '../job-status.ts';
import { callEndpoint } from '../methods/bind-methods.ts';
import type { JobOperations } from '../operations/job-operations.ts';
import type { OperationContext } from '../operations/operation-context.ts';
import { poll, type WaitOptions } from './poll.ts';

/** 5 minutes: slots may have to be waited for. */
const RUNNING_TIMEOUT_MILLIS = 300_000;

export interface JobWaiters {
  /**
   * Until the job and all of its tasks run, so that a savepoint can be taken; a bounded job may have FINISHED by then. Default limit 5 minutes.
   * @throws FlinkJobEndedError when it failed or was cancelled
   */
  waitUntilRunning(jobId: string, options?: WaitOptions): Promise<{ status: 'RUNNING' | 'FINISHED' }>;
  /** Until the job has finished, failed or was cancelled. No limit by default: a streaming job does not end by itself. */
  waitUntilTerminal(jobId: string, options?: WaitOptions): Promise<{ status: TerminalJobStatus }>;
}

export function createJobWaiters(context: OperationContext, jobs: JobOperations): JobWaiters {
  return {
    waitUntilRunning: (jobId, options = {}) => waitUntilRunning(context, jobs, jobId, options),
    waitUntilTerminal: (jobId, options = {}) => waitUntilTerminal(context, jobs, jobId, options),
  };
}

function waitUntilRunning(context: OperationContext, jobs: JobOperations, jobId: string, options: WaitOptions) {
  let seen: JobStatus | 'unknown' = 'unknown';
  return poll<{ status: 'RUNNING' | 'FINISHED' }>(context, {
    options,
    defaultTimeoutMillis: RUNNING_TIMEOUT_MILLIS,
    failure: () => `Job ${jobId} is ${seen}; its tasks did not all run`,
    ask: async (request) => {
      const { status } = await jobs.status(jobId, request);
      seen = status;
      if (status === 'FINISHED') return { status };
      if (isTerminal(status)) throw await toEndedError(context, jobId, status, request);
      return status === 'RUNNING' && (await doAllTasksRun(context, jobId, request)) ? { status } : undefined;
    },
  });
}

/** The overview is live in all versions; the job's own page may be 3 s old. */
async function doAllTasksRun({ connection }: OperationContext, jobId: string, request: RequestOptions) {
  const { jobs } = await connection.call(jobEndpoints.getJobsOverview, request);
  const job = jobs.find(({ jid }) => jid === jobId.toLowerCase());
  return job !== undefined && job.tasks.total > 0 && job.tasks.running + job.tasks.finished === job.tasks.total;
}

function waitUntilTerminal(context: OperationContext, jobs: JobOperations, jobId: string, options: WaitOptions) {
  let seen: JobStatus | 'unknown' = 'unknown';
  return poll<{ status: TerminalJobStatus }>(context, {
    options,
    defaultTimeoutMillis: Number.POSITIVE_INFINITY,
    failure: () => `Job ${jobId} is ${seen}; it did not end`,
    ask: async (request) => {
      const { status } = await jobs.status(jobId, request);
      seen = status;
      return isTerminal(status) ? { status } : undefined;
    },
  });
}

/** Says why, as far as the server tells. */
export async function toEndedError(
  { connection }: OperationContext,
  jobId: string,
  status: TerminalJobStatus,
  request: RequestOptions,
): Promise<FlinkJobEndedError> {
  const facts = { jobId, status };
  if (status !== 'FAILED') return new FlinkJobEndedError(`Job ${jobId} was ${status}`, facts);
  const call = { ...request, path: { jobid: jobId } };
  const reason = await callEndpoint(connection, jobEndpoints.getJobExceptions, call).then(
    (page) => describeStack(String(page['root-exception'] ?? '')),
    () => undefined,
  );
  return new FlinkJobEndedError(`Job ${jobId} FAILED${reason === undefined ? '' : `: ${reason}`}`, facts);
}
