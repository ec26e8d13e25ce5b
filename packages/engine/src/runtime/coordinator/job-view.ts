// Views of a job from its execution graph. Pure.
import type { JobVertexDescription } from '../../graph/job-graph.ts';
import type { TaskReport } from '../messages.ts';
import { mergeAccumulators } from './accumulator-merge.ts';
import type { Execution, ExecutionGraph, ExecutionVertex } from './execution-graph.ts';
import { aggregateState, countStates, type ExecutionState } from './execution-state.ts';
import type { OwnAccumulator } from './own-accumulator-merger.ts';
import type { AttemptView, IoMetricsView, SubtaskView, VertexView } from './views.ts';

type OwnAccumulators = ReadonlyMap<string, OwnAccumulator>;

export function viewVertices(
  executions: ExecutionGraph,
  nowMs: number,
  own: OwnAccumulators = new Map(),
): readonly VertexView[] {
  return executions.graph.vertices.map((vertex) => {
    const ownOfVertex = new Map([...own].filter(([, { vertexId }]) => vertexId === vertex.id));
    return viewVertex(vertex, executions.subtasks(vertex.id), nowMs, ownOfVertex);
  });
}

function viewVertex(
  vertex: JobVertexDescription,
  subtasks: readonly ExecutionVertex[],
  nowMs: number,
  own: OwnAccumulators,
): VertexView {
  const views = subtasks.map((subtask) => viewSubtask(subtask, nowMs));
  const tasks = countStates(views.map(({ status }) => status));
  const starts = views.map(({ startTimeMs }) => startTimeMs).filter((start) => start > 0);
  const startTimeMs = starts.length > 0 ? Math.min(...starts) : -1;
  const isOver = subtasks.every(({ current }) => current.isTerminal);
  const endTimeMs = isOver ? Math.max(...views.map((view) => view.endTimeMs)) : -1;
  return {
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    maxParallelism: vertex.maxParallelism,
    status: aggregateState(tasks, vertex.parallelism),
    startTimeMs,
    endTimeMs,
    durationMs: durationOf(startTimeMs, endTimeMs, nowMs),
    tasks,
    metrics: sumMetrics(views.map(({ metrics }) => metrics)),
    accumulators: mergeAccumulators(
      subtasks.map(({ current }) => current.report),
      own,
    ),
    subtasks: views,
  };
}

function viewSubtask(subtask: ExecutionVertex, nowMs: number): SubtaskView {
  return {
    ...viewAttempt(subtask.current, nowMs),
    subtask: subtask.subtaskIndex,
    taskName: subtask.taskName,
    priorAttempts: subtask.prior.map((attempt) => viewAttempt(attempt, nowMs)),
  };
}

function viewAttempt(execution: Execution, nowMs: number): AttemptView {
  const timestamps = { ...execution.machine.timestamps };
  const startTimeMs = timestamps.DEPLOYING > 0 ? timestamps.DEPLOYING : -1;
  const endTimeMs = execution.isTerminal ? timestamps[execution.state] : -1;
  const { failure } = execution;
  return {
    executionId: execution.executionId,
    attempt: execution.attemptNumber,
    status: execution.state,
    slotIndex: execution.slotIndex,
    startTimeMs,
    endTimeMs,
    durationMs: durationOf(startTimeMs, endTimeMs, nowMs),
    timestamps,
    metrics: toIoMetrics(execution.report),
    accumulators: mergeAccumulators([execution.report]),
    failure: failure && {
      message: failure.message,
      stackTrace: failure.stack ?? `${failure.name}: ${failure.message}`,
    },
  };
}

/** -1 when it never started. */
export function durationOf(startTimeMs: number, endTimeMs: number, nowMs: number): number {
  if (startTimeMs < 0) return -1;
  return (endTimeMs < 0 ? nowMs : endTimeMs) - startTimeMs;
}

function toIoMetrics(report: TaskReport | undefined): IoMetricsView {
  const task = report?.task ?? {};
  return {
    readBytes: task.numBytesIn ?? (task.numBytesInLocal ?? 0) + (task.numBytesInRemote ?? 0),
    writeBytes: task.numBytesOut ?? 0,
    readRecords: task.numRecordsIn ?? 0,
    writeRecords: task.numRecordsOut ?? 0,
    busyMs: task.accumulateBusyTimeMs ?? 0,
    backPressuredMs: task.accumulateBackPressuredTimeMs ?? 0,
    idleMs: task.accumulateIdleTimeMs ?? 0,
    isComplete: report !== undefined,
  };
}

function sumMetrics(metrics: readonly IoMetricsView[]): IoMetricsView {
  const sum = (read: (view: IoMetricsView) => number) => metrics.reduce((total, view) => total + read(view), 0);
  return {
    readBytes: sum((view) => view.readBytes),
    writeBytes: sum((view) => view.writeBytes),
    readRecords: sum((view) => view.readRecords),
    writeRecords: sum((view) => view.writeRecords),
    busyMs: sum((view) => view.busyMs),
    backPressuredMs: sum((view) => view.backPressuredMs),
    idleMs: sum((view) => view.idleMs),
    isComplete: metrics.every((view) => view.isComplete),
  };
}

/** Vertices by their aggregated state, as the job's status-counts. */
export function countVertexStates(vertices: readonly VertexView[]): ReturnType<typeof countStates> {
  return countStates(vertices.map(({ status }) => status));
}

/** Subtasks by state. */
export function countSubtaskStates(executions: ExecutionGraph): Readonly<Record<ExecutionState, number>> {
  return countStates(executions.all.map(({ current }) => current.state));
}
