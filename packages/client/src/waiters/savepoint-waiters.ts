// Savepoints from their trigger to their end.
//   W1. A location that was learned is never lost: what fails after it is thrown as FlinkSavepointTakenError, which has it.
import { type ResponseOf, savepointEndpoints } from '@yeoul/contract';
import { FlinkApiError } from '../errors/api-error.ts';
import { FlinkClientError } from '../errors/client-error.ts';
import { FlinkOutcomeUnknownError } from '../errors/connection-error.ts';
import { describeStack } from '../errors/java-text.ts';
import { FlinkOperationError, FlinkSavepointTakenError } from '../errors/wait-errors.ts';
import type { TerminalJobStatus } from '../job-status.ts';
import type { OperationContext } from '../operations/operation-context.ts';
import type {
  SavepointOperations,
  SavepointOptions,
  StopOptions,
  Triggered,
} from '../operations/savepoint-operations.ts';
import { type JobWaiters, toEndedError } from './job-waiters.ts';
import { readServerTime, waitForLostSavepoint } from './lost-savepoint.ts';
import { poll, type WaitOptions } from './poll.ts';
import { startBudget, type TimeBudget } from './time-budget.ts';

/** 10 minutes: Flink's own default for a checkpoint. */
const SAVEPOINT_TIMEOUT_MILLIS = 600_000;
/** 5 minutes: deleting files, perhaps many, perhaps far away. */
const DISPOSAL_TIMEOUT_MILLIS = 300_000;

export interface SavepointResult {
  /** Path or URI, for `savepointPath` and `disposeSavepoint`. */
  readonly location: string;
  /** Undefined when the answer that had it was lost, and the savepoint was found in the history. */
  readonly triggerId: string | undefined;
}

export interface SavepointWaiters {
  /** Until a savepoint or stop is complete. Default limit 10 minutes. @throws FlinkOperationError when it failed */
  waitForSavepoint(jobId: string, triggerId: string, options?: WaitOptions): Promise<SavepointResult>;
  /** Until a disposal is complete. Default limit 5 minutes. @throws FlinkOperationError when it failed */
  waitForDisposal(triggerId: string, options?: WaitOptions): Promise<void>;
  /** Takes a savepoint; the job goes on. Default limit 10 minutes. */
  takeSavepoint(jobId: string, options?: WaitOptions & Omit<SavepointOptions, 'cancelJob'>): Promise<SavepointResult>;
  /** Takes a savepoint, then cancels: the way of a schedule. Resolves when the job has ended. Default limit 10 minutes. */
  cancelWithSavepoint(
    jobId: string,
    options?: WaitOptions & Omit<SavepointOptions, 'cancelJob'>,
  ): Promise<SavepointResult>;
  /** Stops with a savepoint: the way of a configuration change. Resolves when the job has ended. Default limit 10 minutes. */
  stopWithSavepoint(jobId: string, options?: WaitOptions & StopOptions): Promise<SavepointResult>;
  /** Deletes a savepoint. Default limit 5 minutes. */
  disposeSavepoint(savepointPath: string, options?: WaitOptions): Promise<void>;
}

export function createSavepointWaiters(
  context: OperationContext,
  savepoints: SavepointOperations,
  jobs: JobWaiters,
): SavepointWaiters {
  const take = async <T extends WaitOptions>(jobId: string, options: T, begin: Begin<T>, endsJob: boolean) => {
    const budget = startBudget(context, options, SAVEPOINT_TIMEOUT_MILLIS);
    const savepoint = await triggerAndWait(context, jobId, budget, begin);
    return endsJob ? untilEnded(context, jobs, jobId, savepoint, budget.left()) : savepoint;
  };
  return {
    waitForSavepoint: (jobId, triggerId, options = {}) => waitForSavepoint(context, jobId, triggerId, options),
    waitForDisposal: (triggerId, options = {}) => waitForDisposal(context, triggerId, options),
    takeSavepoint: (jobId, options = {}) => take(jobId, options, (call) => savepoints.trigger(jobId, call), false),
    cancelWithSavepoint: (jobId, options = {}) =>
      take(jobId, options, (call) => savepoints.trigger(jobId, { ...call, cancelJob: true }), true),
    stopWithSavepoint: (jobId, options = {}) => take(jobId, options, (call) => savepoints.stop(jobId, call), true),
    async disposeSavepoint(savepointPath, options = {}) {
      const budget = startBudget(context, options, DISPOSAL_TIMEOUT_MILLIS);
      const { triggerId } = await savepoints.dispose(savepointPath, budget.call());
      return waitForDisposal(context, triggerId, budget.left());
    },
  };
}

type Begin<T extends WaitOptions> = (call: Omit<T, 'pollMillis'>) => Promise<Triggered>;

async function triggerAndWait<T extends WaitOptions>(
  context: OperationContext,
  jobId: string,
  budget: TimeBudget<T>,
  begin: Begin<T>,
): Promise<SavepointResult> {
  const hasIds = await context.versions.has('triggerId', budget.call());
  const sinceMillis = hasIds ? undefined : await readServerTime(context, jobId, budget.call()).catch(orNoSuchJob);
  try {
    const { triggerId } = await begin(budget.call());
    return await waitForSavepoint(context, jobId, triggerId, budget.left());
  } catch (error) {
    if (sinceMillis === undefined || !(error instanceof FlinkOutcomeUnknownError)) throw error;
    return waitForLostSavepoint(context, jobId, sinceMillis, error, budget.left());
  }
}

/** The trigger itself says that there is no such job. */
function orNoSuchJob(error: unknown): undefined {
  if (!(error instanceof FlinkApiError)) throw error;
}

type SavepointStatus = ResponseOf<typeof savepointEndpoints.getSavepointStatus>;
type DisposalStatus = ResponseOf<typeof savepointEndpoints.getDisposalStatus>;

function waitForSavepoint(context: OperationContext, jobId: string, triggerId: string, options: WaitOptions) {
  const path = { jobid: jobId, triggerid: triggerId };
  return poll<SavepointResult>(context, {
    options,
    defaultTimeoutMillis: SAVEPOINT_TIMEOUT_MILLIS,
    failure: () => `Savepoint ${triggerId} of job ${jobId} was not complete`,
    ask: async (request) => {
      const answer = await context.connection.call(savepointEndpoints.getSavepointStatus, { ...request, path });
      return readSavepoint(answer, jobId, triggerId);
    },
  });
}

function readSavepoint({ status, operation }: SavepointStatus, jobId: string, triggerId: string) {
  if (status.id !== 'COMPLETED') return undefined;
  const failure = operation?.['failure-cause'];
  if (failure !== undefined) {
    throw new FlinkOperationError(`Savepoint of job ${jobId} failed: ${describeFailure(failure)}`, failure);
  }
  return operation?.location === undefined ? undefined : { location: operation.location, triggerId };
}

async function waitForDisposal(context: OperationContext, triggerId: string, options: WaitOptions): Promise<void> {
  await poll<true>(context, {
    options,
    defaultTimeoutMillis: DISPOSAL_TIMEOUT_MILLIS,
    failure: () => `Disposal ${triggerId} was not complete`,
    ask: async (request) => {
      const path = { triggerid: triggerId };
      return readDisposal(await context.connection.call(savepointEndpoints.getDisposalStatus, { ...request, path }));
    },
  });
}

function readDisposal({ status, operation }: DisposalStatus): true | undefined {
  if (status.id !== 'COMPLETED') return undefined;
  if (operation !== null && 'failure-cause' in operation) {
    const failure = operation['failure-cause'];
    throw new FlinkOperationError(`The savepoint was not deleted: ${describeFailure(failure)}`, failure);
  }
  return true;
}

function describeFailure(failure: { readonly class: string; readonly 'stack-trace': string }): string {
  return describeStack(failure['stack-trace']) ?? failure.class;
}

/** W1. */
async function untilEnded(
  context: OperationContext,
  jobs: JobWaiters,
  jobId: string,
  savepoint: SavepointResult,
  options: WaitOptions,
): Promise<SavepointResult> {
  try {
    const { status } = await jobs.waitUntilTerminal(jobId, options);
    if (status === ('FAILED' satisfies TerminalJobStatus)) throw await toEndedError(context, jobId, status, options);
    return savepoint;
  } catch (error) {
    throw error instanceof FlinkClientError ? new FlinkSavepointTakenError(savepoint, error) : error;
  }
}
