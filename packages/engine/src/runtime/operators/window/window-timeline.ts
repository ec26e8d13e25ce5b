// The windows that have data, by time: which to fire and which to drop as the watermark (or the clock) moves. One entry per window, not
// per key. All windows have one size and lateness, so both orders are the order of the starts.
//   L1. A window is in at most one of the lists: waiting to fire, or fired and waiting to be dropped.

export type WindowEvent = { readonly kind: 'fire' | 'drop'; readonly startMs: number };

export class WindowTimeline {
  readonly #fireAfterMs: number;
  readonly #dropAfterMs: number;
  /** Window starts, ascending. */
  readonly #toFire: number[] = [];
  readonly #toDrop: number[] = [];

  /**
   * @param fireAfterMs a window fires when the watermark reaches start + fireAfterMs
   * @param dropAfterMs and goes at start + dropAfterMs; not smaller than fireAfterMs
   */
  constructor(fireAfterMs: number, dropAfterMs: number) {
    this.#fireAfterMs = fireAfterMs;
    this.#dropAfterMs = dropAfterMs;
  }

  /** Adds a window unless it is there or already gone at `watermarkMs`. */
  add(startMs: number, watermarkMs: number): void {
    if (this.isGone(startMs, watermarkMs)) return;
    insertOnce(this.isFired(startMs, watermarkMs) ? this.#toDrop : this.#toFire, startMs);
  }

  isFired(startMs: number, watermarkMs: number): boolean {
    return startMs + this.#fireAfterMs <= watermarkMs;
  }

  isGone(startMs: number, watermarkMs: number): boolean {
    return startMs + this.#dropAfterMs <= watermarkMs;
  }

  /** When the next window fires; +Infinity: none waits. */
  earliestFireMs(): number {
    const fire = this.#toFire[0];
    return fire === undefined ? Number.POSITIVE_INFINITY : fire + this.#fireAfterMs;
  }

  /** Takes the next thing that is due at `watermarkMs`, in order of time; a fired window is dropped later. */
  takeDue(watermarkMs: number): WindowEvent | undefined {
    const fire = this.#toFire[0];
    const drop = this.#toDrop[0];
    const fireMs = fire === undefined ? Number.POSITIVE_INFINITY : fire + this.#fireAfterMs;
    const dropMs = drop === undefined ? Number.POSITIVE_INFINITY : drop + this.#dropAfterMs;
    if (fire !== undefined && fireMs <= dropMs && fireMs <= watermarkMs) {
      this.#toFire.shift();
      insertOnce(this.#toDrop, fire);
      return { kind: 'fire', startMs: fire };
    }
    if (drop === undefined || dropMs > watermarkMs) return undefined;
    this.#toDrop.shift();
    return { kind: 'drop', startMs: drop };
  }
}

function insertOnce(sorted: number[], value: number): void {
  let at = sorted.length;
  while (at > 0 && sorted[at - 1]! > value) at -= 1;
  if (sorted[at - 1] !== value) sorted.splice(at, 0, value);
}
