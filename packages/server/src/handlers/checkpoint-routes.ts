// Checkpoints of a job.
import { checkpointEndpoints, restError } from '@yeoul/contract';
import type { JobDetailView } from '@yeoul/engine/runtime';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import {
  type CheckpointView,
  toCheckpointPage,
  toConfigPage,
  toStatisticsPage,
  toTaskPage,
} from '../views/checkpoint-page.ts';
import { toCheckpointStatusPage } from '../views/operation-page.ts';
import { findJob } from './find-job.ts';
import { findOperation, readTriggerId, refuseEndedJob } from './trigger-operation.ts';

export function checkpointRoutes(context: ServerContext): readonly Route[] {
  return [...pageRoutes(context), ...triggerRoutes(context)];
}

function triggerRoutes(context: ServerContext): readonly Route[] {
  const { cluster } = context;
  return [
    route(checkpointEndpoints.triggerCheckpoint, async ({ path: { jobid }, body }) => {
      const triggerId = readTriggerId(checkpointEndpoints.triggerCheckpoint, body.triggerId);
      checkType(findStreamingJob(context, jobid), body.checkpointType ?? 'CONFIGURED');
      return { 'request-id': await refuseEndedJob(() => cluster.triggerCheckpoint(jobid, triggerId)) };
    }),
    route(checkpointEndpoints.getCheckpointStatus, ({ path: { jobid, triggerid } }) => {
      const operation = findOperation(cluster, triggerid);
      if (operation?.kind !== 'checkpoint' || operation.jobId !== jobid) {
        throw restError(404, `There is no checkpoint operation with triggerId=${triggerid} for job ${jobid}.`);
      }
      return toCheckpointStatusPage(operation);
    }),
  ];
}

/** The backend decides what is written: all of what is in memory, changes of what is on disk. @throws RestError 400 */
function checkType({ stateBackend }: JobDetailView, type: 'CONFIGURED' | 'FULL' | 'INCREMENTAL'): void {
  if (type === 'FULL' && stateBackend === 'disk') {
    throw restError(400, 'Checkpoints of state on disk are INCREMENTAL; a savepoint is full');
  }
  if (type === 'INCREMENTAL' && stateBackend === 'heap') {
    throw restError(400, 'Checkpoints of state in memory are FULL; the disk backend has incremental ones');
  }
}

function pageRoutes(context: ServerContext): readonly Route[] {
  return [
    route(checkpointEndpoints.getCheckpoints, ({ path }) => toStatisticsPage(findStreamingJob(context, path.jobid))),
    route(checkpointEndpoints.getCheckpointConfig, ({ path: { jobid } }) =>
      toConfigPage(findStreamingJob(context, jobid, `Checkpointing is not enabled for this job (${jobid}).`)),
    ),
    route(checkpointEndpoints.getCheckpoint, ({ path }) => toCheckpointPage(findCheckpoint(context, path))),
    route(checkpointEndpoints.getTaskCheckpoint, ({ path }) => {
      const checkpoint = findCheckpoint(context, path);
      const task = checkpoint.tasks.find(({ vertexId }) => vertexId === path.vertexid);
      if (task === undefined) throw restError(404, `There is no checkpoint statistics for task ${path.vertexid}.`);
      return toTaskPage(checkpoint, task);
    }),
  ];
}

/** Batch jobs take no checkpoints. @throws RestError 404 */
function findStreamingJob(
  context: ServerContext,
  jobId: string,
  refusal = 'Checkpointing has not been enabled.',
): JobDetailView {
  const job = findJob(context, jobId);
  if (job.type === 'BATCH') throw restError(404, refusal);
  return job;
}

/** In the history, or the latest of its kind. @throws RestError 404 */
function findCheckpoint(
  context: ServerContext,
  { jobid, checkpointid }: { readonly jobid: string; readonly checkpointid: number },
): CheckpointView {
  const { history, latest } = findStreamingJob(context, jobid).checkpoints;
  const known = [...history, latest.completed, latest.savepoint, latest.failed];
  const found = known.find((checkpoint) => checkpoint?.id === checkpointid);
  if (found === undefined)
    throw restError(404, `Could not find checkpointing statistics for checkpoint ${checkpointid}.`);
  return found;
}
