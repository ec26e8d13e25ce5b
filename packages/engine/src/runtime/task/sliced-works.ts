// Work of operators that is done in steps while the output has room (O5): timers of a watermark, windows of many keys.
//   SW1. Works run in the order they came, one step at a time; a work that is not done keeps the later ones waiting.

export class SlicedWorks {
  readonly #steps: (() => boolean)[] = [];
  readonly #onPending: () => void;
  #running = false;

  /** @param onPending called when work stays over: the task must take no further element */
  constructor(onPending: () => void) {
    this.#onPending = onPending;
  }

  get pending(): boolean {
    return this.#steps.length > 0;
  }

  run(step: () => boolean): void {
    if (!this.pending && !this.#running && this.#try(step)) return;
    this.#steps.push(step);
    this.#onPending();
  }

  /** Goes on until everything is done or `hasRoom` says no. @returns true when nothing is left */
  resume(hasRoom: () => boolean): boolean {
    while (this.#steps.length > 0) {
      if (!hasRoom()) return false;
      if (!this.#try(this.#steps[0] as () => boolean)) return false;
      this.#steps.shift();
    }
    return true;
  }

  /** Works asked for by a step wait behind it. */
  #try(step: () => boolean): boolean {
    this.#running = true;
    try {
      return step();
    } finally {
      this.#running = false;
    }
  }
}
