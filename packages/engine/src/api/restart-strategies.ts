// What happens to a job whose task failed.
import { appError } from '../errors.ts';
import type { RestartStrategyConfig } from '../graph/job-graph.ts';
import { type TimeLike, toMilliseconds } from './time.ts';

export interface ExponentialDelayOptions {
  readonly initialBackoff: TimeLike;
  readonly maxBackoff: TimeLike;
  /** Factor between one wait and the next, at least 1. */
  readonly backoffMultiplier: number;
  /** Running so long without failure starts over with the initial wait. */
  readonly resetBackoffThreshold: TimeLike;
  /** Random share added to or taken from each wait, 0..1. */
  readonly jitterFactor: number;
}

export const RestartStrategies = {
  noRestart(): RestartStrategyConfig {
    return { kind: 'none' };
  },

  /** @param restartAttempts failures that are followed by a restart, over the life of the job */
  fixedDelayRestart(restartAttempts: number, delayBetweenAttempts: TimeLike): RestartStrategyConfig {
    return {
      kind: 'fixed-delay',
      attempts: checkNumber('restart attempts', restartAttempts, 0, true),
      delayMs: toMilliseconds(delayBetweenAttempts, 'restart delay', 0),
    };
  },

  exponentialDelayRestart(options: ExponentialDelayOptions): RestartStrategyConfig {
    const initialBackoffMs = toMilliseconds(options.initialBackoff, 'initial backoff', 1);
    return {
      kind: 'exponential-delay',
      initialBackoffMs,
      maxBackoffMs: toMilliseconds(options.maxBackoff, 'max backoff', initialBackoffMs),
      backoffMultiplier: checkNumber('backoff multiplier', options.backoffMultiplier, 1, false),
      resetBackoffThresholdMs: toMilliseconds(options.resetBackoffThreshold, 'reset backoff threshold', 1),
      jitterFactor: checkNumber('jitter factor', options.jitterFactor, 0, false),
    };
  },

  /** Fails the job when more than `failureRate` failures fall into one interval. */
  failureRateRestart(failureRate: number, failureInterval: TimeLike, delayInterval: TimeLike): RestartStrategyConfig {
    return {
      kind: 'failure-rate',
      maxFailuresPerInterval: checkNumber('failures per interval', failureRate, 1, true),
      failureRateIntervalMs: toMilliseconds(failureInterval, 'failure rate interval', 1),
      delayMs: toMilliseconds(delayInterval, 'restart delay', 0),
    };
  },

  /** The cluster's strategy: the default. */
  fallBackRestart(): RestartStrategyConfig | undefined {
    return undefined;
  },
} as const;

function checkNumber(what: string, value: number, minimum: number, whole: boolean): number {
  if (!Number.isFinite(value) || value < minimum || (whole && !Number.isInteger(value))) {
    throw appError('INVALID_SETTING', [what, value, `a ${whole ? 'whole ' : ''}number of at least ${minimum}`]);
  }
  return value;
}
