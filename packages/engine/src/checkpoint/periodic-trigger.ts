// When the next checkpoint may start: interval, minimum pause, number under way.
//   T1. Starts are intervalMs apart, counted from the planned time; a start that was not possible happens as soon as it is.
//   T2. Between the end of one checkpoint and the start of the next lie at least minPauseMs.
//   T3. All of it is measured by the monotonic clock: when the system's time is set back or forth, checkpoints go on as before.
import type { Clock, TimerHandle } from '../clock.ts';

export interface PeriodicTriggerOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly minPauseMs: number;
  readonly maxConcurrent: number;
  /** Checkpoints (not savepoints) under way. */
  readonly inFlight: () => number;
  readonly trigger: () => void;
}

export class PeriodicTrigger {
  readonly #options: PeriodicTriggerOptions;
  #timer: TimerHandle | undefined;
  /** Monotonic, as all times here. */
  #plannedMs = 0;
  #lastEndMs = Number.NEGATIVE_INFINITY;
  #isRunning = false;
  /** A start was due while maxConcurrent were under way. */
  #isOverdue = false;
  #isRequested = false;

  constructor(options: PeriodicTriggerOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#isOverdue = false;
    this.#isRequested = false;
    this.#plannedMs = this.#options.clock.monotonicMs() + this.#options.intervalMs;
    this.#arm(this.#plannedMs);
  }

  stop(): void {
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** A task waits for a checkpoint to finish: as soon as there is room for one, whatever interval and pause say. */
  requestNow(): void {
    if (!this.#isRunning) return;
    if (this.#options.inFlight() < this.#options.maxConcurrent) this.#options.trigger();
    else this.#isRequested = true;
  }

  /** A checkpoint completed or failed. */
  onEnded(): void {
    this.#lastEndMs = this.#options.clock.monotonicMs();
    if (this.#isRequested) {
      this.#isRequested = false;
      this.requestNow();
    }
    if (!this.#isRunning || !this.#isOverdue) return;
    this.#isOverdue = false;
    this.#arm(this.#options.clock.monotonicMs() + this.#options.minPauseMs);
  }

  #arm(atMs: number): void {
    const { clock } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.schedule(clock.nowMs() + Math.max(0, atMs - clock.monotonicMs()), () => this.#onDue());
  }

  #onDue(): void {
    if (!this.#isRunning) return;
    const { clock, intervalMs, minPauseMs, maxConcurrent, inFlight, trigger } = this.#options;
    const nowMs = clock.monotonicMs();
    if (inFlight() >= maxConcurrent) {
      this.#isOverdue = true;
      return;
    }
    if (nowMs < this.#lastEndMs + minPauseMs) {
      this.#arm(this.#lastEndMs + minPauseMs);
      return;
    }
    const missed = Math.floor(Math.max(0, nowMs - this.#plannedMs) / intervalMs);
    this.#plannedMs += (missed + 1) * intervalMs;
    this.#arm(this.#plannedMs);
    trigger();
  }
}
