// Checkpoints of jobs that do not say it themselves.
import { choiceOption, durationOption, integerOption } from '../config-option.ts';

/** As in CheckpointConfig. */
const LEAST_MS = 10;

export const checkpointingOptions = {
  intervalMs: durationOption({
    key: 'execution.checkpointing.interval',
    defaultText: 'off',
    minimum: LEAST_MS,
    description: 'How often a checkpoint is taken.',
  }),
  mode: choiceOption({
    key: 'execution.checkpointing.mode',
    choices: { EXACTLY_ONCE: 'exactly_once', AT_LEAST_ONCE: 'at_least_once' },
    default: 'exactly_once',
    description: 'What a failure may repeat.',
  }),
  timeoutMs: durationOption({
    key: 'execution.checkpointing.timeout',
    default: 600_000,
    minimum: LEAST_MS,
    description: 'A checkpoint that takes longer is given up (`CHECKPOINT_EXPIRED`).',
  }),
  minPauseMs: durationOption({
    key: 'execution.checkpointing.min-pause',
    default: 0,
    description: 'Least time between the end of one checkpoint and the start of the next.',
  }),
  maxConcurrent: integerOption({
    key: 'execution.checkpointing.max-concurrent-checkpoints',
    default: 1,
    minimum: 1,
    description: 'Checkpoints under way at a time.',
  }),
  tolerableFailures: integerOption({
    key: 'execution.checkpointing.tolerable-failed-checkpoints',
    default: 0,
    description: 'Failed checkpoints in a row that do not fail the job.',
  }),
  externalized: choiceOption({
    key: 'execution.checkpointing.externalized-checkpoint-retention',
    choices: {
      DELETE_ON_CANCELLATION: 'DELETE_ON_CANCELLATION',
      RETAIN_ON_CANCELLATION: 'RETAIN_ON_CANCELLATION',
      NO_EXTERNALIZED_CHECKPOINTS: 'NO_EXTERNALIZED_CHECKPOINTS',
    },
    default: 'NO_EXTERNALIZED_CHECKPOINTS',
    description: 'What becomes of the last checkpoint when the job is cancelled.',
  }),
} as const;
