// Answers of the checkpoint pages.
import { Type } from 'typebox';
import { EpochMs, Int, Long, Nullable } from './common.ts';

/** "NaN" when there is nothing to tell. */
const Percentile = Type.Optional(Type.Union([Type.Number(), Type.Literal('NaN')]));

export const MinMaxAverage = Type.Object({
  min: Long,
  max: Long,
  avg: Long,
  // Of later versions.
  p50: Percentile,
  p90: Percentile,
  p95: Percentile,
  p99: Percentile,
  p999: Percentile,
});

/** Of later versions: what was written, what was processed and persisted while barriers were aligned. */
const laterSizes = {
  checkpointed_size: Type.Optional(Long),
  processed_data: Type.Optional(Long),
  persisted_data: Type.Optional(Long),
};
const laterSummaries = {
  checkpointed_size: Type.Optional(MinMaxAverage),
  processed_data: Type.Optional(MinMaxAverage),
  persisted_data: Type.Optional(MinMaxAverage),
};

const Status = Type.Enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']);

const taskFields = {
  id: Long,
  status: Status,
  latest_ack_timestamp: EpochMs,
  state_size: Long,
  end_to_end_duration: Long,
  alignment_buffered: Long,
  num_subtasks: Int,
  num_acknowledged_subtasks: Int,
  ...laterSizes,
};

export const TaskCheckpoint = Type.Object(taskFields);

const checkpointFields = {
  id: Long,
  status: Status,
  is_savepoint: Type.Boolean(),
  trigger_timestamp: EpochMs,
  latest_ack_timestamp: EpochMs,
  state_size: Long,
  end_to_end_duration: Long,
  alignment_buffered: Long,
  num_subtasks: Int,
  num_acknowledged_subtasks: Int,
  /** By vertex; empty in the history. */
  tasks: Type.Record(Type.String(), TaskCheckpoint),
  ...laterSizes,
  // Of later versions; their servers write the kind as className.
  className: Type.Optional(Type.String()),
  savepointFormat: Type.Optional(Nullable(Type.String())),
  checkpoint_type: Type.Optional(Type.Enum(['CHECKPOINT', 'UNALIGNED_CHECKPOINT', 'SAVEPOINT', 'SYNC_SAVEPOINT'])),
};

export const InProgressCheckpoint = Type.Object({ '@class': Type.Literal('in_progress'), ...checkpointFields });
export const CompletedCheckpoint = Type.Object({
  '@class': Type.Literal('completed'),
  ...checkpointFields,
  external_path: Nullable(Type.String()),
  discarded: Type.Boolean(),
});
export const FailedCheckpoint = Type.Object({
  '@class': Type.Literal('failed'),
  ...checkpointFields,
  failure_timestamp: EpochMs,
  failure_message: Nullable(Type.String()),
});
export const Checkpoint = Type.Union([InProgressCheckpoint, CompletedCheckpoint, FailedCheckpoint]);

export const CheckpointStatistics = Type.Object({
  counts: Type.Object({ restored: Long, total: Long, in_progress: Int, completed: Long, failed: Long }),
  summary: Type.Object({
    state_size: MinMaxAverage,
    end_to_end_duration: MinMaxAverage,
    alignment_buffered: MinMaxAverage,
    ...laterSummaries,
  }),
  latest: Type.Object({
    completed: Nullable(CompletedCheckpoint),
    savepoint: Nullable(CompletedCheckpoint),
    failed: Nullable(FailedCheckpoint),
    restored: Nullable(
      Type.Object({
        id: Long,
        restore_timestamp: EpochMs,
        is_savepoint: Type.Boolean(),
        external_path: Nullable(Type.String()),
      }),
    ),
  }),
  /** Newest first. */
  history: Type.Array(Checkpoint),
});

export const CheckpointConfig = Type.Object({
  mode: Type.Enum(['exactly_once', 'at_least_once']),
  /** 2^63-1: no periodic checkpoints; exact, so a bigint in memory. */
  interval: Type.Unsafe<number | bigint>({ type: 'integer', format: 'int64' }),
  timeout: Long,
  min_pause: Long,
  max_concurrent: Long,
  externalization: Type.Object({ enabled: Type.Boolean(), delete_on_cancellation: Type.Boolean() }),
  // Of later versions.
  state_backend: Type.Optional(Type.String()),
  checkpoint_storage: Type.Optional(Type.String()),
  unaligned_checkpoints: Type.Optional(Type.Boolean()),
  tolerable_failed_checkpoints: Type.Optional(Int),
  aligned_checkpoint_timeout: Type.Optional(Long),
  checkpoints_after_tasks_finish: Type.Optional(Type.Boolean()),
  state_changelog_enabled: Type.Optional(Type.Boolean()),
  changelog_periodic_materialization_interval: Type.Optional(Long),
  changelog_storage: Type.Optional(Type.String()),
});

export const SubtaskCheckpoint = Type.Union([
  Type.Object({ '@class': Type.Literal('pending'), index: Int, status: Type.String() }),
  Type.Object({
    '@class': Type.Literal('completed'),
    index: Int,
    ack_timestamp: EpochMs,
    end_to_end_duration: Long,
    state_size: Long,
    checkpoint: Type.Object({ sync: Long, async: Long }),
    alignment: Type.Object({
      buffered: Long,
      duration: Long,
      // Of later versions.
      processed: Type.Optional(Long),
      persisted: Type.Optional(Long),
    }),
    // Of later versions.
    checkpointed_size: Type.Optional(Long),
    start_delay: Type.Optional(Long),
    unaligned_checkpoint: Type.Optional(Type.Boolean()),
    aborted: Type.Optional(Type.Boolean()),
    status: Type.String(),
  }),
]);

export const TaskCheckpointDetails = Type.Object({
  ...taskFields,
  summary: Type.Object({
    state_size: MinMaxAverage,
    end_to_end_duration: MinMaxAverage,
    checkpoint_duration: Type.Object({ sync: MinMaxAverage, async: MinMaxAverage }),
    alignment: Type.Object({
      buffered: MinMaxAverage,
      duration: MinMaxAverage,
      // Of later versions.
      processed: Type.Optional(MinMaxAverage),
      persisted: Type.Optional(MinMaxAverage),
    }),
    // Of later versions.
    checkpointed_size: Type.Optional(MinMaxAverage),
    start_delay: Type.Optional(MinMaxAverage),
  }),
  subtasks: Type.Array(SubtaskCheckpoint),
});
