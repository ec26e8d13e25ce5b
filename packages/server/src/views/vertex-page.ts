// Pages of a vertex, its subtasks and attempts. Pure.
import type { ResponseOf, vertexEndpoints } from '@yeoul/contract';
import type { AttemptView, SubtaskView, VertexView } from '@yeoul/engine/runtime';
import type { TaskManagerIdentity } from '../server-context.ts';
import { toUserAccumulators } from './accumulators.ts';
import { toIoMetrics, toTimes } from './job-page.ts';
import { toExecutionState, toStateCounts, toStateTimes } from './states.ts';

type VertexPage = ResponseOf<typeof vertexEndpoints.getVertex>;
type AttemptPage = ResponseOf<typeof vertexEndpoints.getAttempt>;
type TaskManagersPage = ResponseOf<typeof vertexEndpoints.getVertexTaskManagers>;
type TimesPage = ResponseOf<typeof vertexEndpoints.getVertexSubtaskTimes>;
type AccumulatorsPage = ResponseOf<typeof vertexEndpoints.getSubtasksAccumulators>;

const UNASSIGNED = '(unassigned)';

export function toVertexPage(vertex: VertexView, taskManager: TaskManagerIdentity, nowMs: number): VertexPage {
  return {
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    now: nowMs,
    subtasks: vertex.subtasks.map((subtask) => ({
      ...toAttemptPage(subtask.subtask, subtask, hostAndPort(subtask, taskManager), nowMs),
      // Flink has it twice, for clients of its early versions.
      start_time: subtask.startTimeMs,
    })),
    maxParallelism: vertex.maxParallelism,
  };
}

export function toAttemptPage(subtask: number, attempt: AttemptView, host: string, nowMs: number): AttemptPage {
  return {
    subtask,
    status: toExecutionState(attempt.status),
    attempt: attempt.attempt,
    host,
    ...toTimes(attempt),
    metrics: toIoMetrics(attempt, nowMs),
  };
}

export function toSubtaskTimesPage(vertex: VertexView, { host }: TaskManagerIdentity, nowMs: number): TimesPage {
  return {
    id: vertex.id,
    name: vertex.name,
    now: nowMs,
    subtasks: vertex.subtasks.map((subtask) => ({
      subtask: subtask.subtask,
      host: hostName(subtask, host),
      duration: sinceScheduled(subtask, nowMs),
      timestamps: toStateTimes(subtask.timestamps),
    })),
  };
}

/** One line for the one task manager; none before anything is deployed. */
export function toTaskManagersPage(
  vertex: VertexView,
  taskManager: TaskManagerIdentity,
  nowMs: number,
): TaskManagersPage {
  const line = {
    host: vertex.startTimeMs < 0 ? UNASSIGNED : `${taskManager.host}:${taskManager.dataPort}`,
    status: toExecutionState(vertex.status),
    ...toTimes(vertex),
    metrics: toIoMetrics(vertex, nowMs),
    'status-counts': toStateCounts(vertex.tasks),
    'taskmanager-id': taskManager.id,
  };
  return { id: vertex.id, name: vertex.name, now: nowMs, taskmanagers: [line] };
}

export function toSubtasksAccumulatorsPage(vertex: VertexView, { host }: TaskManagerIdentity): AccumulatorsPage {
  return {
    id: vertex.id,
    parallelism: vertex.parallelism,
    subtasks: vertex.subtasks.map((subtask) => ({
      subtask: subtask.subtask,
      attempt: subtask.attempt,
      host: hostName(subtask, host),
      'user-accumulators': toUserAccumulators(subtask.accumulators),
    })),
  };
}

/** Host names alone, as subtask pages have them. */
export function hostName({ startTimeMs }: Pick<AttemptView, 'startTimeMs'>, host: string): string {
  return startTimeMs < 0 ? UNASSIGNED : host;
}

function hostAndPort(attempt: AttemptView, { host, dataPort }: TaskManagerIdentity): string {
  return hostName(attempt, `${host}:${dataPort}`);
}

/** @see Apache Flink 1.9, SubtasksTimesHandler: from SCHEDULED to the end or now, -1 before */
function sinceScheduled({ timestamps, endTimeMs }: SubtaskView, nowMs: number): number {
  if (timestamps.SCHEDULED === 0) return -1;
  return (endTimeMs < 0 ? nowMs : endTimeMs) - timestamps.SCHEDULED;
}
