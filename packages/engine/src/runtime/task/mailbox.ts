// A task's mailbox: everything that is not an element waits here and runs between elements, in order.
// Urgent actions (completions, cancel) run even while the task is suspended; the others wait for it.
//   M1. Actions never run inside one another or inside an element.

export class Mailbox {
  #urgent: (() => void)[] = [];
  #deferred: (() => void)[] = [];
  readonly #onArrival: () => void;

  /** @param onArrival wakes the slot's loop and stops the read loop in hand */
  constructor(onArrival: () => void) {
    this.#onArrival = onArrival;
  }

  putUrgent(action: () => void): void {
    this.#urgent.push(action);
    this.#onArrival();
  }

  put(action: () => void): void {
    this.#deferred.push(action);
    this.#onArrival();
  }

  hasWork(suspended: boolean): boolean {
    return this.#urgent.length > 0 || (!suspended && this.#deferred.length > 0);
  }

  /** Runs what is there now; actions put meanwhile wait for the next drain. */
  drain(isSuspended: () => boolean): boolean {
    let ran = this.#runUrgent();
    for (let left = this.#deferred.length; left > 0 && this.#deferred.length > 0 && !isSuspended(); left--) {
      (this.#deferred.shift() as () => void)();
      this.#runUrgent();
      ran = true;
    }
    return ran;
  }

  clear(): void {
    this.#urgent = [];
    this.#deferred = [];
  }

  #runUrgent(): boolean {
    if (this.#urgent.length === 0) return false;
    const actions = this.#urgent;
    this.#urgent = [];
    for (const action of actions) action();
    return true;
  }
}
