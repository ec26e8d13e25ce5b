// A clock that jumps to the next timer whenever nothing else is going on, so that long waits take no time.
import type { ClientClock } from '../../src/index.ts';

interface Timer {
  readonly dueMillis: number;
  readonly fire: () => void;
}

export class VirtualClock implements ClientClock {
  #nowMillis = 0;
  #timers: Timer[] = [];
  #isPumping = false;

  nowMillis(): number {
    return this.#nowMillis;
  }

  sleep(millis: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = { dueMillis: this.#nowMillis + millis, fire: resolve };
      this.#timers.push(timer);
      signal?.addEventListener('abort', () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(signal.reason);
      });
      if (!this.#isPumping) void this.#pump();
    });
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    while (this.#timers.length > 0) {
      // Three turns: promises, and the streams of responses, have come to rest.
      for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
      const next = this.#timers.toSorted((a, b) => a.dueMillis - b.dueMillis)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMillis = Math.max(this.#nowMillis, next.dueMillis);
      next.fire();
    }
    this.#isPumping = false;
  }
}
