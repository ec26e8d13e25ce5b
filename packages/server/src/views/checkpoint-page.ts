// Checkpoint pages from the engine's statistics. Pure.
import type { checkpointEndpoints, ResponseOf } from '@yeoul/contract';
import { type CheckpointStatisticsView, type JobDetailView, summarizeNumbers } from '@yeoul/engine/runtime';
import { toFileUri } from './file-uri.ts';
import { NOTHING, type SummaryPage, toSummaryPage } from './number-summary-page.ts';

type StatisticsPage = ResponseOf<typeof checkpointEndpoints.getCheckpoints>;
type CheckpointPage = ResponseOf<typeof checkpointEndpoints.getCheckpoint>;
type CompletedPage = Extract<CheckpointPage, { '@class': 'completed' }>;
type FailedPage = Extract<CheckpointPage, { '@class': 'failed' }>;
type TaskPage = ResponseOf<typeof checkpointEndpoints.getTaskCheckpoint>;
type SubtaskLine = TaskPage['subtasks'][number];

export type CheckpointView = CheckpointStatisticsView['history'][number];
export type TaskCheckpointView = CheckpointView['tasks'][number];
type SubtaskCheckpointView = NonNullable<TaskCheckpointView['subtasks'][number]>;

/** What Flink shows where there is no interval: Long.MAX_VALUE. */
const NEVER = 2n ** 63n - 1n;
/** What Java has for "any number". */
const MAX_INT = 2 ** 31 - 1;
/** Of later versions. Checkpoints are aligned, so that nothing under way is persisted with them. */
const NOTHING_PERSISTED = 0;

export function toStatisticsPage(job: JobDetailView): StatisticsPage {
  const { history, summary } = job.checkpoints;
  const { counts, latest } = toCheckpointsNow(job);
  return {
    counts,
    summary: {
      state_size: toSummaryPage(summary.stateBytes),
      end_to_end_duration: toSummaryPage(summary.endToEndMs),
      // Barriers wait in their channels, records are not buffered beside them.
      alignment_buffered: NOTHING,
      checkpointed_size: toSummaryPage(summary.checkpointedBytes),
      persisted_data: NOTHING,
    },
    latest,
    history: history.map(subsumedBy(job)).map(withoutTasks),
  };
}

/** What the statistics say without those of the past. */
export function toCheckpointsNow(job: JobDetailView): Pick<StatisticsPage, 'counts' | 'latest'> {
  const { counts, latest } = job.checkpoints;
  const completed = latest.completed && subsumedBy(job)(latest.completed);
  return {
    counts: {
      restored: counts.restored,
      total: counts.total,
      in_progress: counts.inProgress,
      completed: counts.completed,
      failed: counts.failed,
    },
    latest: {
      completed: completed === undefined ? null : (withoutTasks(completed) as CompletedPage),
      savepoint: latest.savepoint === undefined ? null : (withoutTasks(latest.savepoint) as CompletedPage),
      failed: latest.failed === undefined ? null : (withoutTasks(latest.failed) as FailedPage),
      restored: toRestored(latest.restored),
    },
  };
}

/** The job alone uses its checkpoints: they go with it. */
function isOwned({ externalized }: JobDetailView['checkpointing']): boolean {
  return externalized === 'NO_EXTERNALIZED_CHECKPOINTS';
}

/** In Flink 1.9 a savepoint takes the place of the checkpoints before it: the job's own are shown as gone from then on. */
function subsumedBy({ checkpoints, checkpointing }: JobDetailView): (checkpoint: CheckpointView) => CheckpointView {
  const { savepoint } = checkpoints.latest;
  if (savepoint === undefined || !isOwned(checkpointing)) return (checkpoint) => checkpoint;
  return (checkpoint) => {
    const isSubsumed = checkpoint.kind !== 'savepoint' && checkpoint.id < savepoint.id;
    return isSubsumed ? { ...checkpoint, discarded: true } : checkpoint;
  };
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
    checkpointed_size: checkpoint.checkpointedBytes,
    persisted_data: NOTHING_PERSISTED,
    savepointFormat: checkpoint.kind === 'savepoint' ? 'CANONICAL' : null,
    checkpoint_type: toCheckpointType(checkpoint),
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

/** @see Apache Flink 1.20, CheckpointStatistics.RestAPICheckpointType */
function toCheckpointType({ kind }: CheckpointView): NonNullable<CheckpointPage['checkpoint_type']> {
  return kind === 'savepoint' ? 'SAVEPOINT' : 'CHECKPOINT';
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
    checkpointed_size: task.checkpointedBytes,
    persisted_data: NOTHING_PERSISTED,
  };
}

export function toTaskPage(checkpoint: CheckpointView, task: TaskCheckpointView): TaskPage {
  const done = task.subtasks.filter((subtask) => subtask !== undefined);
  const summarize = (read: (subtask: SubtaskCheckpointView) => number): SummaryPage =>
    toSummaryPage(summarizeNumbers(done.map(read).map(Math.round)));
  return {
    ...taskFields(checkpoint, task),
    summary: {
      state_size: summarize(({ stateBytes }) => stateBytes),
      end_to_end_duration: summarize(({ endToEndMs }) => endToEndMs),
      checkpoint_duration: {
        sync: summarize(({ syncMs }) => syncMs),
        async: summarize(({ asyncMs }) => asyncMs),
      },
      alignment: { buffered: NOTHING, duration: summarize(({ alignmentMs }) => alignmentMs), persisted: NOTHING },
      checkpointed_size: summarize(({ checkpointedBytes }) => checkpointedBytes),
      start_delay: summarize(({ startDelayMs }) => startDelayMs),
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
    alignment: { buffered: 0, duration: Math.round(subtask.alignmentMs), persisted: NOTHING_PERSISTED },
    checkpointed_size: subtask.checkpointedBytes,
    start_delay: Math.round(subtask.startDelayMs),
    unaligned_checkpoint: false,
    aborted: false,
    status: 'completed',
  };
}

export function toConfigPage({
  checkpointing,
  stateBackend,
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
    state_backend: stateBackend,
    checkpoint_storage: 'FileSystemCheckpointStorage',
    unaligned_checkpoints: false,
    tolerable_failed_checkpoints: Math.min(checkpointing.tolerableFailures, MAX_INT),
    aligned_checkpoint_timeout: 0,
    checkpoints_after_tasks_finish: true,
    state_changelog_enabled: false,
  };
}
