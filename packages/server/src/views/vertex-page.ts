// Pages of a vertex, its subtasks and attempts. Pure.
import type { ResponseOf, vertexEndpoints } from '@yeoul/contract';
import type { AttemptView, SubtaskView, VertexView } from '@yeoul/engine/runtime';
import type { TaskManagerIdentity } from '../server-context.ts';
import { toUserAccumulators } from './accumulators.ts';
import { toIoMetrics, toTimes } from './job-page.ts';
import type { PageContext } from './page-context.ts';
import { toExecutionState, toStateCounts, toStateTimes } from './states.ts';
import { toStatusDurations } from './status-durations.ts';
import { toAggregated } from './task-aggregates.ts';

type VertexPage = ResponseOf<typeof vertexEndpoints.getVertex>;
export type AttemptPage = ResponseOf<typeof vertexEndpoints.getAttempt>;
type TaskManagersPage = ResponseOf<typeof vertexEndpoints.getVertexTaskManagers>;
type TimesPage = ResponseOf<typeof vertexEndpoints.getVertexSubtaskTimes>;
type AccumulatorsPage = ResponseOf<typeof vertexEndpoints.getSubtasksAccumulators>;

const UNASSIGNED = '(unassigned)';

export function toVertexPage(vertex: VertexView, page: PageContext): VertexPage {
  const attempts = vertex.subtasks.map((subtask) => toAttempt(subtask.subtask, subtask, page));
  return {
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    now: page.nowMs,
    subtasks: vertex.subtasks.map((subtask, index) => ({
      ...attempts[index]!,
      host: endpointOf(subtask, page.taskManager),
      // Flink has it twice, for clients of its early versions.
      start_time: subtask.startTimeMs,
    })),
    maxParallelism: vertex.maxParallelism,
    aggregated: toAggregated(attempts),
  };
}

/** With the host alone, as Flink's pages of one subtask. */
export function toAttemptPage(subtask: number, attempt: AttemptView, page: PageContext): AttemptPage {
  return toAttempt(subtask, attempt, page);
}

function toAttempt(subtask: number, attempt: AttemptView, page: PageContext) {
  const { taskManager } = page;
  return {
    subtask,
    status: toExecutionState(attempt.status),
    attempt: attempt.attempt,
    host: hostName(attempt, taskManager.host),
    ...toTimes(attempt),
    metrics: toIoMetrics(attempt, page),
    endpoint: endpointOf(attempt, taskManager),
    'taskmanager-id': hostName(attempt, taskManager.id),
    'status-duration': toStatusDurations(attempt, page.nowMs),
  };
}

export function toSubtaskTimesPage(vertex: VertexView, { taskManager, nowMs }: PageContext): TimesPage {
  return {
    id: vertex.id,
    name: vertex.name,
    now: nowMs,
    subtasks: vertex.subtasks.map((subtask) => ({
      subtask: subtask.subtask,
      host: hostName(subtask, taskManager.host),
      duration: sinceScheduled(subtask, nowMs),
      timestamps: toStateTimes(subtask.timestamps),
      endpoint: endpointOf(subtask, taskManager),
    })),
  };
}

/** One line for the one task manager; none before anything is deployed. */
export function toTaskManagersPage(vertex: VertexView, page: PageContext): TaskManagersPage {
  const { taskManager, nowMs } = page;
  const endpoint = endpointOf(vertex, taskManager);
  const line = {
    host: endpoint,
    status: toExecutionState(vertex.status),
    ...toTimes(vertex),
    metrics: toIoMetrics(vertex, page),
    'status-counts': toStateCounts(vertex.tasks),
    'taskmanager-id': taskManager.id,
    endpoint,
    aggregated: toAggregated(vertex.subtasks.map((subtask) => toAttempt(subtask.subtask, subtask, page))),
  };
  return { id: vertex.id, name: vertex.name, now: nowMs, taskmanagers: [line] };
}

export function toSubtasksAccumulatorsPage(vertex: VertexView, taskManager: TaskManagerIdentity): AccumulatorsPage {
  return {
    id: vertex.id,
    parallelism: vertex.parallelism,
    subtasks: vertex.subtasks.map((subtask) => ({
      subtask: subtask.subtask,
      attempt: subtask.attempt,
      host: hostName(subtask, taskManager.host),
      'user-accumulators': toUserAccumulators(subtask.accumulators),
      endpoint: endpointOf(subtask, taskManager),
    })),
  };
}

/** A name of the task manager, once the attempt is on it. */
function hostName({ startTimeMs }: Pick<AttemptView, 'startTimeMs'>, host: string): string {
  return startTimeMs < 0 ? UNASSIGNED : host;
}

function endpointOf(attempt: Pick<AttemptView, 'startTimeMs'>, { host, dataPort }: TaskManagerIdentity): string {
  return hostName(attempt, `${host}:${dataPort}`);
}

/** @see Apache Flink 1.9, SubtasksTimesHandler: from SCHEDULED to the end or now, -1 before */
function sinceScheduled({ timestamps, endTimeMs }: SubtaskView, nowMs: number): number {
  if (timestamps.SCHEDULED === 0) return -1;
  return (endTimeMs < 0 ? nowMs : endTimeMs) - timestamps.SCHEDULED;
}
