// Checkpoints that are asked for, from their trigger to their end. Flink 1.17 and later, Yeoul.
import { checkpointEndpoints, type ResponseOf } from '@yeoul/contract';
import { describeStack } from '../errors/java-text.ts';
import { FlinkOperationError } from '../errors/wait-errors.ts';
import { callEndpoint } from '../methods/bind-methods.ts';
import type { OperationContext } from '../operations/operation-context.ts';
import { poll, type WaitOptions } from './poll.ts';
import { startBudget } from './time-budget.ts';

/** 10 minutes: Flink's own default for a checkpoint. */
const CHECKPOINT_TIMEOUT_MILLIS = 600_000;

export interface CheckpointOptions extends WaitOptions {
  /** Default CONFIGURED: as the periodic ones. */
  readonly checkpointType?: 'CONFIGURED' | 'FULL' | 'INCREMENTAL' | undefined;
}

export interface CheckpointResult {
  /** In the job's history, `jobs.checkpoint`. */
  readonly checkpointId: number;
  readonly triggerId: string;
}

export interface CheckpointWaiters {
  /** Takes a checkpoint beside the periodic ones. Default limit 10 minutes. @throws FlinkOperationError when it failed */
  takeCheckpoint(jobId: string, options?: CheckpointOptions): Promise<CheckpointResult>;
  /** Until such a checkpoint is complete. Default limit 10 minutes. @throws FlinkOperationError when it failed */
  waitForCheckpoint(jobId: string, triggerId: string, options?: WaitOptions): Promise<CheckpointResult>;
}

export function createCheckpointWaiters(context: OperationContext): CheckpointWaiters {
  return {
    async takeCheckpoint(jobId, options = {}) {
      const budget = startBudget(context, options, CHECKPOINT_TIMEOUT_MILLIS);
      const { checkpointType, ...call } = budget.call();
      const request = { ...call, path: { jobid: jobId }, body: { checkpointType } };
      const answer = await callEndpoint(context.connection, checkpointEndpoints.triggerCheckpoint, request);
      return waitForCheckpoint(context, jobId, answer['request-id'], budget.left());
    },
    waitForCheckpoint: (jobId, triggerId, options = {}) => waitForCheckpoint(context, jobId, triggerId, options),
  };
}

type CheckpointStatus = ResponseOf<typeof checkpointEndpoints.getCheckpointStatus>;

function waitForCheckpoint(context: OperationContext, jobId: string, triggerId: string, options: WaitOptions) {
  const path = { jobid: jobId, triggerid: triggerId };
  return poll<CheckpointResult>(context, {
    options,
    defaultTimeoutMillis: CHECKPOINT_TIMEOUT_MILLIS,
    failure: () => `Checkpoint ${triggerId} of job ${jobId} was not complete`,
    ask: async (request) => {
      const answer = await context.connection.call(checkpointEndpoints.getCheckpointStatus, { ...request, path });
      return readCheckpoint(answer, jobId, triggerId);
    },
  });
}

function readCheckpoint({ status, operation }: CheckpointStatus, jobId: string, triggerId: string) {
  if (status.id !== 'COMPLETED') return undefined;
  const failure = operation?.failureCause;
  if (failure !== undefined) {
    const reason = describeStack(failure['stack-trace']) ?? failure.class;
    throw new FlinkOperationError(`Checkpoint of job ${jobId} failed: ${reason}`, failure);
  }
  return operation?.checkpointId === undefined ? undefined : { checkpointId: operation.checkpointId, triggerId };
}
