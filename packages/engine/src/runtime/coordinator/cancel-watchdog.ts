// Cancelling always ends: a slot that says nothing, or whose tasks do not end, is terminated after its limit.
import type { Clock, TimerHandle } from '../../clock.ts';

export interface CancelWatchdogOptions {
  readonly clock: Clock;
  /** Silence after a cancellation. */
  readonly heartbeatTimeoutMs: number;
  /** Until all tasks have ended. */
  readonly cancelTimeoutMs: number;
  /** When the slot last said anything, epoch ms; undefined: there is no such slot any more. */
  readonly lastHeardMs: (slotIndex: number) => number | undefined;
  readonly kill: (slotIndex: number, afterMs: number) => void;
}

export class CancelWatchdog {
  readonly #options: CancelWatchdogOptions;
  readonly #timers = new Set<TimerHandle>();

  constructor(options: CancelWatchdogOptions) {
    this.#options = options;
  }

  /** @param isStuck whether any of the tasks that were cancelled has not ended */
  watch(slotIndex: number, isStuck: () => boolean): void {
    const { clock, heartbeatTimeoutMs, cancelTimeoutMs, lastHeardMs, kill } = this.#options;
    const sentMs = clock.nowMs();
    const isSilent = () => (lastHeardMs(slotIndex) ?? sentMs) <= sentMs;
    this.#schedule(sentMs + heartbeatTimeoutMs, () => {
      if (isStuck() && isSilent()) kill(slotIndex, heartbeatTimeoutMs);
    });
    this.#schedule(sentMs + cancelTimeoutMs, () => {
      if (isStuck()) kill(slotIndex, cancelTimeoutMs);
    });
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  #schedule(atMs: number, check: () => void): void {
    const timer = this.#options.clock.schedule(atMs, () => {
      this.#timers.delete(timer);
      check();
    });
    this.#timers.add(timer);
  }
}
