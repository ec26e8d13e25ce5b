// Savepoints from their trigger to their end.
//   W1. A location that was learned is never lost: what fails after it is thrown as FlinkSavepointTakenError, which has it.
import { type ResponseOf, savepointEndpoints } from '@yeoul/contract';
import { FlinkClientError } from '../errors/client-error.ts';
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
import { poll, type WaitOptions } from './poll.ts';

/** 10 minutes: Flink's own default for a checkpoint. */
const SAVEPOINT_TIMEOUT_MILLIS = 600_000;
/** 5 minutes: deleting files, perhaps many, perhaps far away. */
const DISPOSAL_TIMEOUT_MILLIS = 300_000;

export interface SavepointResult {
  /** Path or URI, for `savepointPath` and `disposeSavepoint`. */
  readonly location: string;
  readonly triggerId: string;
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
  const finish = async (jobId: string, { triggerId }: Triggered, options: TimedOptions) =>
    untilEnded(context, jobs, jobId, await waitForSavepoint(context, jobId, triggerId, options.left()), options.left());
  return {
    waitForSavepoint: (jobId, triggerId, options = {}) => waitForSavepoint(context, jobId, triggerId, options),
    waitForDisposal: (triggerId, options = {}) => waitForDisposal(context, triggerId, options),
    async takeSavepoint(jobId, options = {}) {
      const timed = startTime(context, options, SAVEPOINT_TIMEOUT_MILLIS);
      const { triggerId } = await savepoints.trigger(jobId, timed.call());
      return waitForSavepoint(context, jobId, triggerId, timed.left());
    },
    async cancelWithSavepoint(jobId, options = {}) {
      const timed = startTime(context, options, SAVEPOINT_TIMEOUT_MILLIS);
      return finish(jobId, await savepoints.trigger(jobId, { ...timed.call(), cancelJob: true }), timed);
    },
    async stopWithSavepoint(jobId, options = {}) {
      const timed = startTime(context, options, SAVEPOINT_TIMEOUT_MILLIS);
      return finish(jobId, await savepoints.stop(jobId, timed.call()), timed);
    },
    async disposeSavepoint(savepointPath, options = {}) {
      const timed = startTime(context, options, DISPOSAL_TIMEOUT_MILLIS);
      const { triggerId } = await savepoints.dispose(savepointPath, timed.call());
      return waitForDisposal(context, triggerId, timed.left());
    },
  };
}

interface TimedOptions<T extends WaitOptions = WaitOptions> {
  /** For one call, at most as long as the client's calls take. */
  call(): Omit<T, 'pollMillis'>;
  /** For what is left of the whole. */
  left(): WaitOptions;
}

/** One limit over several steps. */
function startTime<T extends WaitOptions>(
  { connection }: OperationContext,
  options: T,
  defaultMillis: number,
): TimedOptions<T> {
  const { clock, timeoutMillis: callMillis } = connection.options;
  const { pollMillis, ...rest } = options;
  const endMillis = clock.nowMillis() + (options.timeoutMillis ?? defaultMillis);
  const leftMillis = () => Math.max(1, endMillis - clock.nowMillis());
  return {
    call: () => ({ ...rest, timeoutMillis: Math.min(callMillis, leftMillis()) }),
    left: () => ({ signal: options.signal, pollMillis, timeoutMillis: leftMillis() }),
  };
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
