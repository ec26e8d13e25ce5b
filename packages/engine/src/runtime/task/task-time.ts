// Where a task's time goes: busy, back-pressured or idle, in ms since the attempt started. Sampled at slice borders.

export interface TaskTime {
  readonly busyMs: number;
  readonly backPressuredMs: number;
  readonly idleMs: number;
}

export class TaskTimeMeter implements TaskTime {
  busyMs = 0;
  backPressuredMs = 0;
  idleMs = 0;
  #lastMs: number;
  #waiting: 'idle' | 'backPressured' = 'idle';

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** The task worked from `fromMs` to `toMs` (monotonic). */
  worked(fromMs: number, toMs: number): void {
    this.#addWaiting(fromMs);
    this.busyMs += toMs - fromMs;
    this.#lastMs = toMs;
  }

  /** The task could not, or had nothing to, do. */
  waited(nowMs: number, reason: 'idle' | 'backPressured'): void {
    this.#addWaiting(nowMs);
    this.#waiting = reason;
  }

  #addWaiting(untilMs: number): void {
    const elapsedMs = untilMs - this.#lastMs;
    if (this.#waiting === 'idle') this.idleMs += elapsedMs;
    else this.backPressuredMs += elapsedMs;
    this.#lastMs = untilMs;
  }
}
