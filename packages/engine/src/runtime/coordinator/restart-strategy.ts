// Restart strategies: after a failure, whether to restart and when. Time and chance come in by argument.
import type { CheckpointConfigData, RestartStrategyConfig } from '../../graph/job-graph.ts';

const INT_MAX = 2 ** 31 - 1;

export interface RestartStrategy {
  /** Records a failure. */
  notifyFailure(nowMs: number): void;
  canRestart(): boolean;
  /** Delay before the restart, after notifyFailure. */
  backoffMs(): number;
  /** Names itself with its limits: for the message when it gives up, and for the job's configuration. */
  readonly description: string;
}

/** @returns what a job without a strategy of its own gets: none without checkpointing, else restarts without end, 1 s apart */
export function defaultRestartStrategy(checkpointing: CheckpointConfigData): RestartStrategyConfig {
  if (checkpointing.intervalMs === undefined) return { kind: 'none' };
  return { kind: 'fixed-delay', attempts: INT_MAX, delayMs: 1000 };
}

/** @param random in [0, 1), for the jitter of exponential delay */
export function createRestartStrategy(config: RestartStrategyConfig, random: () => number): RestartStrategy {
  switch (config.kind) {
    case 'none':
      return new NoRestart();
    case 'fixed-delay':
      return new FixedDelay(config.attempts ?? INT_MAX, config.delayMs ?? 1000);
    case 'exponential-delay':
      return new ExponentialDelay(config, random);
    case 'failure-rate':
      return new FailureRate(
        config.maxFailuresPerInterval ?? 1,
        config.failureRateIntervalMs ?? 60_000,
        config.delayMs ?? 1000,
      );
  }
}

class NoRestart implements RestartStrategy {
  readonly description = 'NoRestartBackoffTimeStrategy';
  notifyFailure(): void {}
  canRestart(): boolean {
    return false;
  }
  backoffMs(): number {
    return 0;
  }
}

class FixedDelay implements RestartStrategy {
  readonly #attempts: number;
  readonly #delayMs: number;
  #failures = 0;

  constructor(attempts: number, delayMs: number) {
    this.#attempts = attempts;
    this.#delayMs = delayMs;
  }

  get description(): string {
    return `FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=${this.#attempts}, backoffTimeMS=${this.#delayMs})`;
  }

  notifyFailure(): void {
    this.#failures += 1;
  }

  canRestart(): boolean {
    return this.#failures <= this.#attempts;
  }

  backoffMs(): number {
    return this.#delayMs;
  }
}

/** Doubles (or as configured) after each failure, back to the start after a quiet time. @see Apache Flink, ExponentialDelayRestartBackoffTimeStrategy */
class ExponentialDelay implements RestartStrategy {
  readonly #initialMs: number;
  readonly #maxMs: number;
  readonly #multiplier: number;
  readonly #resetMs: number;
  readonly #jitter: number;
  readonly #attempts: number;
  readonly #random: () => number;
  #currentMs = 0;
  #lastFailureMs = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(config: RestartStrategyConfig, random: () => number) {
    this.#initialMs = config.initialBackoffMs ?? 1000;
    this.#maxMs = config.maxBackoffMs ?? 300_000;
    this.#multiplier = config.backoffMultiplier ?? 2;
    this.#resetMs = config.resetBackoffThresholdMs ?? 3_600_000;
    this.#jitter = config.jitterFactor ?? 0.1;
    this.#attempts = config.attempts ?? INT_MAX;
    this.#random = random;
  }

  get description(): string {
    return `ExponentialDelayRestartBackoffTimeStrategy(initialBackoffMS=${this.#initialMs}, maxBackoffMS=${this.#maxMs}, backoffMultiplier=${this.#multiplier}, resetBackoffThresholdMS=${this.#resetMs}, jitterFactor=${this.#jitter}, attempts=${this.#attempts})`;
  }

  notifyFailure(nowMs: number): void {
    const quiet = nowMs - this.#lastFailureMs >= this.#resetMs + this.#currentMs;
    this.#failures = quiet ? 1 : this.#failures + 1;
    this.#currentMs = quiet ? this.#initialMs : Math.min(this.#currentMs * this.#multiplier, this.#maxMs);
    this.#lastFailureMs = nowMs;
  }

  canRestart(): boolean {
    return this.#failures <= this.#attempts;
  }

  backoffMs(): number {
    const offset = this.#currentMs * this.#jitter * (2 * this.#random() - 1);
    return Math.max(0, Math.min(Math.round(this.#currentMs + offset), this.#maxMs));
  }
}

class FailureRate implements RestartStrategy {
  readonly #maxFailures: number;
  readonly #intervalMs: number;
  readonly #delayMs: number;
  /** Times of the last maxFailures + 1 failures, oldest first. */
  readonly #failures: number[] = [];

  constructor(maxFailures: number, intervalMs: number, delayMs: number) {
    this.#maxFailures = maxFailures;
    this.#intervalMs = intervalMs;
    this.#delayMs = delayMs;
  }

  get description(): string {
    return `FailureRateRestartBackoffTimeStrategy(failuresIntervalMS=${this.#intervalMs}, backoffTimeMS=${this.#delayMs}, maxFailuresPerInterval=${this.#maxFailures})`;
  }

  notifyFailure(nowMs: number): void {
    this.#failures.push(nowMs);
    if (this.#failures.length > this.#maxFailures + 1) this.#failures.shift();
  }

  canRestart(): boolean {
    if (this.#failures.length <= this.#maxFailures) return true;
    const newest = this.#failures.at(-1) ?? 0;
    return newest - (this.#failures[0] ?? 0) > this.#intervalMs;
  }

  backoffMs(): number {
    return this.#delayMs;
  }
}
