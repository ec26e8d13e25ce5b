// Time under a test's control: it stands still until told otherwise.
import type { Clock, TimerHandle } from '@yeoul/engine/harness';

interface Scheduled {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  #nowMs: number;
  #order = 0;
  #scheduled: Scheduled[] = [];

  /** @param startMs epoch ms */
  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, callback: () => void): TimerHandle {
    this.#order += 1;
    const entry: Scheduled = { atMs, order: this.#order, callback };
    this.#scheduled.push(entry);
    return {
      cancel: () => {
        this.#scheduled = this.#scheduled.filter((other) => other !== entry);
      },
    };
  }

  /** Moves time to `toMs`, calling back what is due on the way, in order of time; each callback sees its own time. */
  advanceTo(toMs: number): void {
    for (let next = this.#takeDue(toMs); next !== undefined; next = this.#takeDue(toMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = Math.max(this.#nowMs, toMs);
  }

  advanceBy(durationMs: number): void {
    this.advanceTo(this.#nowMs + durationMs);
  }

  /** Callbacks that wait for their time. */
  get pendingCount(): number {
    return this.#scheduled.length;
  }

  #takeDue(untilMs: number): Scheduled | undefined {
    const due = this.#scheduled
      .filter((entry) => entry.atMs <= untilMs)
      .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
    if (due !== undefined) this.#scheduled.splice(this.#scheduled.indexOf(due), 1);
    return due;
  }
}
