// What happens after a failure to jobs that do not say it themselves.
import { choiceOption, durationOption, integerOption, numberOption } from '../config-option.ts';

const INT_MAX = 2 ** 31 - 1;

export const restartOptions = {
  strategy: choiceOption({
    key: 'restart-strategy.type',
    aliases: ['restart-strategy'],
    choices: {
      none: 'none',
      off: 'none',
      disable: 'none',
      'fixed-delay': 'fixed-delay',
      fixeddelay: 'fixed-delay',
      'exponential-delay': 'exponential-delay',
      exponentialdelay: 'exponential-delay',
      'failure-rate': 'failure-rate',
      failurerate: 'failure-rate',
    },
    defaultText: 'with checkpoints: fixed-delay without end, 1 s apart; else none',
    description: 'Whether and when a failed job restarts.',
  } as const),
  fixedDelayAttempts: integerOption({
    key: 'restart-strategy.fixed-delay.attempts',
    default: 1,
    description: 'Failures that are followed by a restart, over the life of the job.',
  }),
  fixedDelayMs: durationOption({
    key: 'restart-strategy.fixed-delay.delay',
    default: 1000,
    description: 'Time between failure and restart.',
  }),
  initialBackoffMs: durationOption({
    key: 'restart-strategy.exponential-delay.initial-backoff',
    default: 1000,
    minimum: 1,
    description: 'The first wait.',
  }),
  maxBackoffMs: durationOption({
    key: 'restart-strategy.exponential-delay.max-backoff',
    default: 300_000,
    minimum: 1,
    description: 'The longest wait.',
  }),
  backoffMultiplier: numberOption({
    key: 'restart-strategy.exponential-delay.backoff-multiplier',
    default: 2,
    minimum: 1,
    description: 'Factor between one wait and the next.',
  }),
  resetBackoffThresholdMs: durationOption({
    key: 'restart-strategy.exponential-delay.reset-backoff-threshold',
    default: 3_600_000,
    minimum: 1,
    description: 'Running so long without failure starts over with the first wait.',
  }),
  jitterFactor: numberOption({
    key: 'restart-strategy.exponential-delay.jitter-factor',
    default: 0.1,
    minimum: 0,
    maximum: 1,
    description: 'Random share added to or taken from each wait.',
  }),
  exponentialAttempts: integerOption({
    key: 'restart-strategy.exponential-delay.attempts-before-reset-backoff',
    default: INT_MAX,
    defaultText: 'without end',
    description: 'Failures in a row that are followed by a restart.',
  }),
  maxFailuresPerInterval: integerOption({
    key: 'restart-strategy.failure-rate.max-failures-per-interval',
    default: 1,
    minimum: 1,
    description: 'More failures in one interval fail the job.',
  }),
  failureRateIntervalMs: durationOption({
    key: 'restart-strategy.failure-rate.failure-rate-interval',
    default: 60_000,
    minimum: 1,
    description: 'The interval in which failures are counted.',
  }),
  failureRateDelayMs: durationOption({
    key: 'restart-strategy.failure-rate.delay',
    default: 1000,
    description: 'Time between failure and restart.',
  }),
} as const;
