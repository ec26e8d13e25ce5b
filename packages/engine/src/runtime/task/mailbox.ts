// A task's mailbox: everything that is not an element waits here and runs between elements, in order.
// Urgent actions (completions, cancel) run even while the task is suspended. Emissions run while it only takes no input, the others
// wait until it is not suspended at all.
//   M1. Actions never run inside one another or inside an element.

export interface MailboxGates {
  /** True while an operator must not be handed anything. */
  isBlocked(): boolean;
  /** True while no input is taken; always when blocked. */
  isSuspended(): boolean;
}

export class Mailbox {
  #urgent: (() => void)[] = [];
  readonly #emissions: (() => void)[] = [];
  readonly #deferred: (() => void)[] = [];
  readonly #onArrival: () => void;

  /** @param onArrival wakes the slot's loop and stops the read loop in hand */
  constructor(onArrival: () => void) {
    this.#onArrival = onArrival;
  }

  putUrgent(action: () => void): void {
    this.#urgent.push(action);
    this.#onArrival();
  }

  putEmission(action: () => void): void {
    this.#emissions.push(action);
    this.#onArrival();
  }

  put(action: () => void): void {
    this.#deferred.push(action);
    this.#onArrival();
  }

  get hasWork(): boolean {
    return this.#urgent.length + this.#emissions.length + this.#deferred.length > 0;
  }

  /** Runs what is there now; actions put meanwhile wait for the next drain. */
  drain({ isBlocked, isSuspended }: MailboxGates): boolean {
    let ran = this.#runUrgent();
    ran = this.#runWhile(this.#emissions, () => !isBlocked()) || ran;
    return this.#runWhile(this.#deferred, () => !isSuspended()) || ran;
  }

  clear(): void {
    this.#urgent = [];
    this.#emissions.length = 0;
    this.#deferred.length = 0;
  }

  #runWhile(actions: (() => void)[], isOpen: () => boolean): boolean {
    let ran = false;
    for (let left = actions.length; left > 0 && actions.length > 0 && isOpen(); left--) {
      (actions.shift() as () => void)();
      this.#runUrgent();
      ran = true;
    }
    return ran;
  }

  #runUrgent(): boolean {
    if (this.#urgent.length === 0) return false;
    const actions = this.#urgent;
    this.#urgent = [];
    for (const action of actions) action();
    return true;
  }
}
