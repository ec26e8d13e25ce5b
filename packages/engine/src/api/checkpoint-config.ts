// How and how often the job's state is saved.
import { appError } from '../errors.ts';
import type { CheckpointConfigData } from '../graph/job-graph.ts';
import { type TimeLike, toMilliseconds } from './time.ts';

export const CheckpointingMode = { ExactlyOnce: 'exactly_once', AtLeastOnce: 'at_least_once' } as const;
export type CheckpointingMode = (typeof CheckpointingMode)[keyof typeof CheckpointingMode];

/** What becomes of the last checkpoint when the job is cancelled. */
export const ExternalizedCheckpointCleanup = {
  DeleteOnCancellation: 'DELETE_ON_CANCELLATION',
  RetainOnCancellation: 'RETAIN_ON_CANCELLATION',
  NoExternalizedCheckpoints: 'NO_EXTERNALIZED_CHECKPOINTS',
} as const;
export type ExternalizedCheckpointCleanup =
  (typeof ExternalizedCheckpointCleanup)[keyof typeof ExternalizedCheckpointCleanup];

// 10 minutes: Flink's default.
const DEFAULT_TIMEOUT_MS = 600_000;
// 10 ms: Flink's lower limit for interval and timeout; less could not make progress.
const MINIMAL_CHECKPOINT_TIME_MS = 10;

export class CheckpointConfig {
  #intervalMs: number | undefined;
  #mode: CheckpointingMode = CheckpointingMode.ExactlyOnce;
  #timeoutMs = DEFAULT_TIMEOUT_MS;
  #minPauseMs = 0;
  #maxConcurrent = 1;
  #tolerableFailures = 0;
  #externalized: ExternalizedCheckpointCleanup = ExternalizedCheckpointCleanup.NoExternalizedCheckpoints;

  /** @param defaults of the cluster, checked */
  constructor(intervalMs: number | undefined, defaults: Partial<CheckpointConfigData> = {}) {
    if (intervalMs !== undefined) this.setCheckpointInterval(intervalMs);
    this.#mode = defaults.mode ?? this.#mode;
    this.#timeoutMs = defaults.timeoutMs ?? this.#timeoutMs;
    this.#minPauseMs = defaults.minPauseMs ?? this.#minPauseMs;
    this.#maxConcurrent = defaults.maxConcurrent ?? this.#maxConcurrent;
    this.#tolerableFailures = defaults.tolerableFailures ?? this.#tolerableFailures;
    this.#externalized = defaults.externalized ?? this.#externalized;
  }

  isCheckpointingEnabled(): boolean {
    return this.#intervalMs !== undefined;
  }

  disableCheckpointing(): this {
    this.#intervalMs = undefined;
    return this;
  }

  setCheckpointInterval(interval: TimeLike): this {
    this.#intervalMs = toMilliseconds(interval, 'checkpoint interval', MINIMAL_CHECKPOINT_TIME_MS);
    return this;
  }

  getCheckpointInterval(): number | undefined {
    return this.#intervalMs;
  }

  setCheckpointingMode(mode: CheckpointingMode): this {
    this.#mode = mode;
    return this;
  }

  getCheckpointingMode(): CheckpointingMode {
    return this.#mode;
  }

  /** A checkpoint that takes longer is given up. */
  setCheckpointTimeout(timeout: TimeLike): this {
    this.#timeoutMs = toMilliseconds(timeout, 'checkpoint timeout', MINIMAL_CHECKPOINT_TIME_MS);
    return this;
  }

  getCheckpointTimeout(): number {
    return this.#timeoutMs;
  }

  /** Least time between the end of one checkpoint and the start of the next. */
  setMinPauseBetweenCheckpoints(pause: TimeLike): this {
    this.#minPauseMs = toMilliseconds(pause, 'pause between checkpoints', 0);
    return this;
  }

  getMinPauseBetweenCheckpoints(): number {
    return this.#minPauseMs;
  }

  setMaxConcurrentCheckpoints(count: number): this {
    this.#maxConcurrent = checkCount('max concurrent checkpoints', count, 1);
    return this;
  }

  getMaxConcurrentCheckpoints(): number {
    return this.#maxConcurrent;
  }

  /** Failed checkpoints in a row that do not fail the job. */
  setTolerableCheckpointFailureNumber(count: number): this {
    this.#tolerableFailures = checkCount('tolerable checkpoint failures', count, 0);
    return this;
  }

  getTolerableCheckpointFailureNumber(): number {
    return this.#tolerableFailures;
  }

  enableExternalizedCheckpoints(cleanup: ExternalizedCheckpointCleanup): this {
    this.#externalized = cleanup;
    return this;
  }

  /** Flink 1.15's name for enableExternalizedCheckpoints. */
  setExternalizedCheckpointCleanup(cleanup: ExternalizedCheckpointCleanup): this {
    return this.enableExternalizedCheckpoints(cleanup);
  }

  getExternalizedCheckpointCleanup(): ExternalizedCheckpointCleanup {
    return this.#externalized;
  }

  /** Internal: what the job graph carries. */
  toData(): CheckpointConfigData {
    return {
      intervalMs: this.#intervalMs,
      mode: this.#mode,
      timeoutMs: this.#timeoutMs,
      minPauseMs: this.#minPauseMs,
      maxConcurrent: this.#maxConcurrent,
      tolerableFailures: this.#tolerableFailures,
      externalized: this.#externalized,
    };
  }
}

function checkCount(what: string, count: number, minimum: number): number {
  if (!Number.isSafeInteger(count) || count < minimum) {
    throw appError('INVALID_SETTING', [what, count, `a whole number of at least ${minimum}`]);
  }
  return count;
}
