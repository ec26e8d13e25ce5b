// A slot's loop: gives its tasks turns, lets the event loop in between (messages, timers, I/O), sleeps when nothing is to do.
import type { Clock } from '../../clock.ts';

/** What the loop drives. */
export interface LoopWork {
  /** One round over all tasks. @returns true when something was done */
  round(): boolean;
  /** End of a turn: publish buffers, send what was collected for the coordinator. */
  endTurn(): void;
}

export interface LoopOptions {
  readonly clock: Clock;
  /** Lets the event loop run once. */
  readonly yieldTurn: () => Promise<void>;
  /** Until woken, or a while: a lost wake-up costs at most that. */
  readonly sleep: () => Promise<void>;
}

/** One turn keeps the event loop waiting for about this long: I/O and messages are later by it, throughput loses below 1 %. */
const TURN_MS = 4;

export class SlotLoop {
  readonly #work: LoopWork;
  readonly #options: LoopOptions;
  #closed = false;
  busyMs = 0;

  constructor(work: LoopWork, options: LoopOptions) {
    this.#work = work;
    this.#options = options;
  }

  async run(): Promise<void> {
    while (!this.#closed) {
      if (this.turn()) await this.#options.yieldTurn();
      else await this.#options.sleep();
    }
  }

  /** @returns true when there may be more to do at once */
  turn(): boolean {
    const { clock } = this.#options;
    const startMs = clock.monotonicMs();
    let worked = false;
    let nowMs = startMs;
    while (this.#work.round()) {
      worked = true;
      nowMs = clock.monotonicMs();
      if (nowMs - startMs >= TURN_MS) break;
    }
    this.#work.endTurn();
    this.busyMs += clock.monotonicMs() - startMs;
    return worked;
  }

  close(): void {
    this.#closed = true;
  }
}
