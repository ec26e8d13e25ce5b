// Jobs, vertices, subtasks and attempts by id, with Flink's refusals when there is none.
import { restError } from '@yeoul/contract';
import type { AttemptView, JobDetailView, SubtaskView, VertexView } from '@yeoul/engine/runtime';
import type { ServerContext } from '../server-context.ts';

/** @throws RestError 404 */
export function findJob(
  { cluster }: ServerContext,
  jobId: string,
  describeMissing: (jobId: string) => string = (id) => `Job ${id} not found`,
): JobDetailView {
  try {
    return cluster.jobDetail(jobId);
  } catch (error) {
    if (hasCode(error, 'JOB_NOT_FOUND')) throw restError(404, describeMissing(jobId), error);
    throw error;
  }
}

/** @throws RestError 404 */
export function findVertex(
  context: ServerContext,
  { jobid, vertexid }: { readonly jobid: string; readonly vertexid: string },
  describeMissing: (vertexId: string) => string = (id) => `No vertex with ID '${id}' exists.`,
): VertexView {
  const vertex = findJob(context, jobid).vertices.find(({ id }) => id === vertexid);
  if (vertex === undefined) throw restError(404, describeMissing(vertexid));
  return vertex;
}

/** @throws RestError 404 */
export function findSubtask(
  context: ServerContext,
  path: { readonly jobid: string; readonly vertexid: string; readonly subtaskindex: number },
): SubtaskView {
  const subtask = findVertex(context, path).subtasks[path.subtaskindex];
  if (subtask === undefined) throw restError(404, `Invalid subtask index for vertex ${path.vertexid}`);
  return subtask;
}

/** @throws RestError 404 */
export function findAttempt(
  context: ServerContext,
  path: { readonly jobid: string; readonly vertexid: string; readonly subtaskindex: number; readonly attempt: number },
): AttemptView {
  const subtask = findSubtask(context, path);
  if (subtask.attempt === path.attempt) return subtask;
  if (path.attempt < 0 || path.attempt > subtask.attempt) throw restError(404, `Invalid attempt num ${path.attempt}`);
  const prior = subtask.priorAttempts.find(({ attempt }) => attempt === path.attempt);
  if (prior === undefined) throw restError(404, `Attempt ${path.attempt} not found in subtask ${subtask.taskName}`);
  return prior;
}

export function hasCode(error: unknown, ...codes: readonly string[]): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && codes.includes(error.code as string);
}
