// Jobs: where versions differ, or an answer may be lost.
import { jobEndpoints, type QueryOf } from '@yeoul/contract';
import { FlinkApiError } from '../errors/api-error.ts';
import type { RequestOptions } from '../http/connection.ts';
import type { JobStatus } from '../job-status.ts';
import { isTerminal } from '../job-status.ts';
import { callEndpoint } from '../methods/bind-methods.ts';
import { orLookUp } from './look-up.ts';
import type { OperationContext } from './operation-context.ts';
import type { SavepointOperations, SavepointOptions, StopOptions, Triggered } from './savepoint-operations.ts';

export interface JobOperations {
  /** Live, in one small answer where the server has it (1.18 and later, Yeoul), else from the list of jobs. */
  status(jobId: string, options?: RequestOptions): Promise<{ status: JobStatus }>;
  /** A job that is cancelled already is a success; one that ended otherwise is a FlinkApiError with status 409, in all versions. */
  cancel(jobId: string, options?: CancelOptions): Promise<Record<string, never>>;
  /** Triggers a savepoint; `waitForSavepoint` waits for it. */
  savepoint(jobId: string, options?: SavepointOptions): Promise<Triggered>;
  /** Triggers a stop with a savepoint; `waitForSavepoint` waits for it. */
  stop(jobId: string, options?: StopOptions): Promise<Triggered>;
}

export interface CancelOptions extends RequestOptions {
  readonly mode?: QueryOf<typeof jobEndpoints.cancelJob>['mode'];
}

export function createJobOperations(context: OperationContext, savepoints: SavepointOperations): JobOperations {
  return {
    status: (jobId, options = {}) => readStatus(context, jobId, options),
    cancel: (jobId, options = {}) => cancel(context, jobId, options),
    savepoint: (jobId, options) => savepoints.trigger(jobId, options),
    stop: (jobId, options) => savepoints.stop(jobId, options),
  };
}

async function readStatus(
  context: OperationContext,
  jobId: string,
  options: RequestOptions,
): Promise<{ status: JobStatus }> {
  const request = { ...options, path: { jobid: jobId } };
  if (!(await context.versions.has('jobStatus', options))) return readStatusFromList(context, jobId, options);
  try {
    return await callEndpoint(context.connection, jobEndpoints.getJobStatus, request);
  } catch (error) {
    throw isJobNotFound(error) ? notFound(context, jobId, error) : error;
  }
}

/** Later versions say 500. */
function isJobNotFound(error: unknown): boolean {
  return error instanceof FlinkApiError && error.errors.some((text) => text.includes('FlinkJobNotFoundException'));
}

async function readStatusFromList({ connection, ...rest }: OperationContext, jobId: string, options: RequestOptions) {
  const { jobs } = await connection.call(jobEndpoints.listJobs, options);
  const job = jobs.find(({ id }) => id === jobId.toLowerCase());
  if (job === undefined) throw notFound({ connection, ...rest }, jobId);
  return { status: job.status };
}

function notFound({ connection }: OperationContext, jobId: string, cause?: unknown): FlinkApiError {
  const url = `${connection.options.baseUrl}/jobs/${jobId}/status`;
  return new FlinkApiError({ status: 404, errors: [`Job ${jobId} not found`], method: 'GET', url }, { cause });
}

async function cancel(context: OperationContext, jobId: string, options: CancelOptions) {
  const { mode, ...rest } = options;
  const request = { ...rest, path: { jobid: jobId }, query: { mode } };
  const find = async () => {
    const { status } = await readStatus(context, jobId, rest);
    return status === 'CANCELLING' || status === 'CANCELED' ? {} : undefined;
  };
  try {
    return await orLookUp(context, () => callEndpoint(context.connection, jobEndpoints.cancelJob, request), {
      options,
      jobId,
      find,
    });
  } catch (error) {
    if (!(error instanceof FlinkApiError) || error.status !== 404) throw error;
    return explainNotCancelled(context, jobId, rest, error);
  }
}

/** 1.9 does not find a job that has ended. */
async function explainNotCancelled(
  context: OperationContext,
  jobId: string,
  options: RequestOptions,
  error: FlinkApiError,
): Promise<Record<string, never>> {
  const status = await readStatus(context, jobId, options).then(
    (answer) => answer.status,
    () => undefined,
  );
  if (status === 'CANCELED') return {};
  if (status === undefined || !isTerminal(status)) throw error;
  const message = `Job cancellation failed because the job has already reached another terminal state (${status}).`;
  const { method, url } = error;
  throw new FlinkApiError({ status: 409, errors: [message], method, url }, { cause: error });
}
