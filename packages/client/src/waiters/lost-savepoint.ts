// A savepoint whose trigger was answered into the void, on a server that takes no trigger ids (Flink before 1.15): it is looked for in the history
// of the job's checkpoints. A savepoint that somebody else began in the same moment may be taken for it; it has the job's state as well.
import { checkpointEndpoints, jobEndpoints } from '@yeoul/contract';
import type { Checkpoint } from '../answer-types.ts';
import type { FlinkOutcomeUnknownError } from '../errors/connection-error.ts';
import { describeStack } from '../errors/java-text.ts';
import { FlinkOperationError } from '../errors/wait-errors.ts';
import type { RequestOptions } from '../http/connection.ts';
import { callEndpoint } from '../methods/bind-methods.ts';
import type { OperationContext } from '../operations/operation-context.ts';
import { poll, type WaitOptions } from './poll.ts';

/** 10 s: three times as long as Flink keeps its pages. */
const SHOWN_AFTER_MILLIS = 10_000;

/** @returns the server's clock, epoch ms: what it begins from now on is not older */
export async function readServerTime(
  context: OperationContext,
  jobId: string,
  request: RequestOptions,
): Promise<number> {
  const { now } = await context.connection.call(jobEndpoints.getJob, { ...request, path: { jobid: jobId } });
  return now;
}

/**
 * @param sinceMillis of the server's clock, before the savepoint was triggered
 * @param lost thrown again when there is no savepoint to be seen
 */
export function waitForLostSavepoint(
  context: OperationContext,
  jobId: string,
  sinceMillis: number,
  lost: FlinkOutcomeUnknownError,
  options: WaitOptions,
): Promise<{ location: string; triggerId: undefined }> {
  const { clock } = context.connection.options;
  const startMillis = clock.nowMillis();
  return poll(context, {
    options,
    defaultTimeoutMillis: Number.POSITIVE_INFINITY,
    failure: () => `A savepoint of job ${jobId} was not complete`,
    ask: async (request) => {
      const call = { ...request, path: { jobid: jobId } };
      const { history } = await callEndpoint(context.connection, checkpointEndpoints.getCheckpoints, call);
      const found = (history as Checkpoint[]).findLast(
        (entry) => entry.is_savepoint && entry.trigger_timestamp >= sinceMillis,
      );
      if (found === undefined && clock.nowMillis() - startMillis > SHOWN_AFTER_MILLIS) throw lost;
      return found === undefined ? undefined : readEnd(jobId, found);
    },
  });
}

function readEnd(jobId: string, checkpoint: Checkpoint): { location: string; triggerId: undefined } | undefined {
  switch (checkpoint['@class']) {
    case 'in_progress':
      return undefined;
    case 'completed':
      return { location: checkpoint.external_path ?? '', triggerId: undefined };
    case 'failed': {
      const text = checkpoint.failure_message ?? 'no reason given';
      const message = `Savepoint of job ${jobId} failed: ${describeStack(text) ?? text}`;
      throw new FlinkOperationError(message, { class: '', 'stack-trace': text });
    }
  }
}
