// Checkpoint pages from the engine's statistics. Pure.
import type { checkpointEndpoints, ResponseOf } from '@yeoul/contract';
import type { CheckpointStatisticsView, JobDetailView } from '@yeoul/engine/runtime';
import { toFileUri } from './file-uri.ts';

type StatisticsPage = ResponseOf<typeof checkpointEndpoints.getCheckpoints>;
type CheckpointPage = ResponseOf<typeof checkpointEndpoints.getCheckpoint>;
type CompletedPage = Extract<CheckpointPage, { '@class': 'completed' }>;
type FailedPage = Extract<CheckpointPage, { '@class': 'failed' }>;
type TaskPage = ResponseOf<typeof checkpointEndpoints.getTaskCheckpoint>;
type SubtaskLine = TaskPage['subtasks'][number];
type Summary = StatisticsPage['summary']['state_size'];

export type CheckpointView = CheckpointStatisticsView['history'][number];
export type TaskCheckpointView = CheckpointView['tasks'][number];
type SubtaskCheckpointView = NonNullable<TaskCheckpointView['subtasks'][number]>;

/** What Flink shows where there is no interval: Long.MAX_VALUE. */
const NEVER = 2n ** 63n - 1n;
/** Barriers wait in their channels, records are not buffered beside them. */
const NOTHING_BUFFERED: Summary = { min: 0, max: 0, avg: 0 };

export function toStatisticsPage({ checkpoints, checkpointing }: JobDetailView): StatisticsPage {
  const { counts, summary } = checkpoints;
  const { latest, history } = isOwned(checkpointing) ? withSubsumed(checkpoints) : checkpoints;
  return {
    counts: {
      restored: counts.restored,
      total: counts.total,
      in_progress: counts.inProgress,
      completed: counts.completed,
      failed: counts.failed,
    },
    summary: {
      state_size: toSummary(summary.stateBytes),
      end_to_end_duration: toSummary(summary.endToEndMs),
      alignment_buffered: NOTHING_BUFFERED,
    },
    latest: {
      completed: latest.completed === undefined ? null : (withoutTasks(latest.completed) as CompletedPage),
      savepoint: latest.savepoint === undefined ? null : (withoutTasks(latest.savepoint) as CompletedPage),
      failed: latest.failed === undefined ? null : (withoutTasks(latest.failed) as FailedPage),
      restored: toRestored(latest.restored),
    },
    history: history.map(withoutTasks),
  };
}

/** The job alone uses its checkpoints: they go with it. */
function isOwned({ externalized }: JobDetailView['checkpointing']): boolean {
  return externalized === 'NO_EXTERNALIZED_CHECKPOINTS';
}

/** In Flink 1.9 a savepoint takes the place of the checkpoints before it: the job's own are shown as gone from then on. */
function withSubsumed(view: CheckpointStatisticsView): Pick<CheckpointStatisticsView, 'latest' | 'history'> {
  const { savepoint, completed } = view.latest;
  if (savepoint === undefined) return view;
  const mark = (checkpoint: CheckpointView): CheckpointView => {
    const isSubsumed = checkpoint.kind !== 'savepoint' && checkpoint.id < savepoint.id;
    return isSubsumed ? { ...checkpoint, discarded: true } : checkpoint;
  };
  const latest = { ...view.latest, completed: completed && mark(completed) };
  return { latest, history: view.history.map(mark) };
}

function toRestored(restored: CheckpointStatisticsView['latest']['restored']): StatisticsPage['latest']['restored'] {
  if (restored === undefined) return null;
  return {
    id: restored.id,
    restore_timestamp: restored.restoreTimestampMs,
    is_savepoint: restored.kind === 'savepoint',
    external_path: toFileUri(restored.externalPath),
  };
}

function withoutTasks(checkpoint: CheckpointView): CheckpointPage {
  return toCheckpointPage({ ...checkpoint, tasks: [] });
}

export function toCheckpointPage(checkpoint: CheckpointView): CheckpointPage {
  const { status, tasks } = checkpoint;
  const fields = {
    id: checkpoint.id,
    status,
    is_savepoint: checkpoint.kind === 'savepoint',
    trigger_timestamp: checkpoint.triggerTimestampMs,
    latest_ack_timestamp: checkpoint.latestAckTimestampMs,
    state_size: checkpoint.stateBytes,
    end_to_end_duration: checkpoint.endToEndMs,
    alignment_buffered: 0,
    num_subtasks: checkpoint.subtaskCount,
    num_acknowledged_subtasks: checkpoint.acknowledgedCount,
    tasks: Object.fromEntries(tasks.toSorted(byVertexId).map((task) => [task.vertexId, taskFields(checkpoint, task)])),
  };
  if (status === 'IN_PROGRESS') return { '@class': 'in_progress', ...fields };
  if (status === 'FAILED') {
    const failure_timestamp = checkpoint.failureTimestampMs ?? -1;
    return { '@class': 'failed', ...fields, failure_timestamp, failure_message: checkpoint.failureMessage ?? null };
  }
  const { externalPath, discarded } = checkpoint;
  const external_path = externalPath === undefined ? null : toFileUri(externalPath);
  return { '@class': 'completed', ...fields, external_path, discarded };
}

function byVertexId(a: TaskCheckpointView, b: TaskCheckpointView): number {
  return a.vertexId < b.vertexId ? -1 : 1;
}

function taskFields({ id, status }: CheckpointView, task: TaskCheckpointView) {
  return {
    id,
    status,
    latest_ack_timestamp: task.latestAckTimestampMs,
    state_size: task.stateBytes,
    end_to_end_duration: task.endToEndMs,
    alignment_buffered: 0,
    num_subtasks: task.parallelism,
    num_acknowledged_subtasks: task.acknowledged,
  };
}

export function toTaskPage(checkpoint: CheckpointView, task: TaskCheckpointView): TaskPage {
  const done = task.subtasks.filter((subtask) => subtask !== undefined);
  const summarize = (read: (subtask: SubtaskCheckpointView) => number) => summaryOf(done.map(read));
  return {
    ...taskFields(checkpoint, task),
    summary: {
      state_size: summarize(({ stateBytes }) => stateBytes),
      end_to_end_duration: summarize(({ endToEndMs }) => endToEndMs),
      checkpoint_duration: {
        sync: summarize(({ syncMs }) => syncMs),
        async: summarize(({ asyncMs }) => asyncMs),
      },
      alignment: { buffered: NOTHING_BUFFERED, duration: summarize(({ alignmentMs }) => alignmentMs) },
    },
    subtasks: task.subtasks.map(toSubtaskLine),
  };
}

function toSubtaskLine(subtask: SubtaskCheckpointView | undefined, index: number): SubtaskLine {
  if (subtask === undefined) return { '@class': 'pending', index, status: 'pending_or_failed' };
  return {
    '@class': 'completed',
    index,
    ack_timestamp: subtask.ackTimestampMs,
    end_to_end_duration: subtask.endToEndMs,
    state_size: subtask.stateBytes,
    checkpoint: { sync: Math.round(subtask.syncMs), async: Math.round(subtask.asyncMs) },
    alignment: { buffered: 0, duration: Math.round(subtask.alignmentMs) },
    start_delay: Math.round(subtask.startDelayMs),
    status: 'completed',
  };
}

function summaryOf(values: readonly number[]): Summary {
  if (values.length === 0) return { min: 0, max: 0, avg: 0 };
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    min: Math.round(Math.min(...values)),
    max: Math.round(Math.max(...values)),
    avg: Math.floor(sum / values.length),
  };
}

function toSummary({ min, max, average }: { min: number; max: number; average: number }): Summary {
  return { min, max, avg: average };
}

export function toConfigPage({
  checkpointing,
}: JobDetailView): ResponseOf<typeof checkpointEndpoints.getCheckpointConfig> {
  const { externalized } = checkpointing;
  return {
    mode: checkpointing.mode,
    interval: checkpointing.intervalMs ?? NEVER,
    timeout: checkpointing.timeoutMs,
    min_pause: checkpointing.minPauseMs,
    max_concurrent: checkpointing.maxConcurrent,
    externalization: {
      enabled: externalized !== 'NO_EXTERNALIZED_CHECKPOINTS',
      delete_on_cancellation: externalized !== 'RETAIN_ON_CANCELLATION',
    },
  };
}
