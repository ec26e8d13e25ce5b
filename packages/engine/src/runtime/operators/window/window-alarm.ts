// Wakes a window operator when processing time reaches the end of its earliest window: one callback, not a timer per key.

interface Scheduled {
  readonly atMs: number;
  readonly handle: { cancel(): void };
}

export class WindowAlarm {
  readonly #schedule: (atMs: number, callback: (timeMs: number) => void) => { cancel(): void };
  readonly #ring: (timeMs: number) => void;
  #scheduled: Scheduled | undefined;

  constructor(
    schedule: (atMs: number, callback: (timeMs: number) => void) => { cancel(): void },
    ring: (timeMs: number) => void,
  ) {
    this.#schedule = schedule;
    this.#ring = ring;
  }

  /** Rings at `atMs` (+Infinity: not at all) instead of when it was set to. It rings once. */
  setTo(atMs: number): void {
    if (atMs === this.#scheduled?.atMs) return;
    this.cancel();
    if (atMs === Number.POSITIVE_INFINITY) return;
    const handle = this.#schedule(atMs, (timeMs) => {
      this.#scheduled = undefined;
      this.#ring(timeMs);
    });
    this.#scheduled = { atMs, handle };
  }

  cancel(): void {
    this.#scheduled?.handle.cancel();
    this.#scheduled = undefined;
  }
}
