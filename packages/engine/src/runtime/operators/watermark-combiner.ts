// Combines the watermarks and the idleness of several channels or inputs, as Flink's StatusWatermarkValve.
//   W1. The combined watermark is the minimum over active, aligned members and never goes back.
//   W2. An idle member holds nobody back; its watermarks are ignored until it is active again.
//   W3. A member that comes back from idleness counts again once it caught up with the combined watermark (aligned).
//   W4. When the last active member turns idle, the maximum over all members goes out before the idle status.

export interface WatermarkListener {
  onWatermark(timestampMs: number): void;
  onStatus(idle: boolean): void;
}

export class WatermarkCombiner {
  readonly #watermarks: Float64Array;
  readonly #idle: Uint8Array;
  readonly #aligned: Uint8Array;
  readonly #listener: WatermarkListener;
  #combinedMs = Number.NEGATIVE_INFINITY;
  #combinedIdle = false;

  /** @param members number of channels or inputs, at least 1 */
  constructor(members: number, listener: WatermarkListener) {
    this.#watermarks = new Float64Array(members).fill(Number.NEGATIVE_INFINITY);
    this.#idle = new Uint8Array(members);
    this.#aligned = new Uint8Array(members).fill(1);
    this.#listener = listener;
  }

  /** Last combined watermark; -Infinity before the first. */
  get combinedMs(): number {
    return this.#combinedMs;
  }

  get isIdle(): boolean {
    return this.#combinedIdle;
  }

  setWatermark(member: number, timestampMs: number): void {
    if (this.#idle[member] === 1 || timestampMs <= this.#watermarks[member]!) return;
    this.#watermarks[member] = timestampMs;
    if (timestampMs >= this.#combinedMs) this.#aligned[member] = 1;
    this.#emitMinimum();
  }

  setIdle(member: number, idle: boolean): void {
    if ((this.#idle[member] === 1) === idle) return;
    if (idle) this.#turnIdle(member);
    else this.#turnActive(member);
  }

  #turnIdle(member: number): void {
    this.#idle[member] = 1;
    this.#aligned[member] = 0;
    const heldBack = this.#watermarks[member] === this.#combinedMs;
    if (this.#idle.includes(0)) {
      if (heldBack) this.#emitMinimum();
      return;
    }
    if (heldBack) this.#emitMaximum();
    this.#combinedIdle = true;
    this.#listener.onStatus(true);
  }

  #turnActive(member: number): void {
    this.#idle[member] = 0;
    if (this.#watermarks[member]! >= this.#combinedMs) this.#aligned[member] = 1;
    if (!this.#combinedIdle) return;
    this.#combinedIdle = false;
    this.#listener.onStatus(false);
  }

  #emitMinimum(): void {
    let minimum = Number.POSITIVE_INFINITY;
    let any = false;
    for (let i = 0; i < this.#watermarks.length; i += 1) {
      if (this.#aligned[i] === 0) continue;
      any = true;
      if (this.#watermarks[i]! < minimum) minimum = this.#watermarks[i]!;
    }
    if (any) this.#emit(minimum);
  }

  #emitMaximum(): void {
    this.#emit(this.#watermarks.reduce((a, b) => Math.max(a, b)));
  }

  #emit(timestampMs: number): void {
    if (timestampMs <= this.#combinedMs) return;
    this.#combinedMs = timestampMs;
    this.#listener.onWatermark(timestampMs);
  }
}
