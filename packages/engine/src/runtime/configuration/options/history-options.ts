// How much of a job's past its pages show.

import { DEFAULT_HISTORY_LIMITS as limits } from '../../coordinator/history-limits.ts';
import { integerOption } from '../config-option.ts';

export const historyOptions = {
  checkpoints: integerOption({
    key: 'web.checkpoints.history',
    default: limits.checkpoints,
    minimum: 1,
    maximum: 10_000,
    description: 'Checkpoints in the history of a job.',
  }),
  exceptions: integerOption({
    key: 'web.exception-history-size',
    default: limits.exceptions,
    minimum: 1,
    maximum: 10_000,
    description: 'Failures in the history of a job; the view says when there were more.',
  }),
  attempts: integerOption({
    key: 'jobmanager.execution.attempts-history-size',
    default: limits.attempts,
    minimum: 0,
    maximum: 10_000,
    description: 'Earlier attempts of a subtask that are remembered.',
  }),
} as const;
