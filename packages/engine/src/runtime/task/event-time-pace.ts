// How much of each channel a gate reads in one turn. A channel ahead of others in event time fills state that waits for them, so
// it gets no more records than the one furthest behind gave: its producer, held back by the channel, leaves the others the time.
//   EP1. Nobody waits: a channel always gets some records, and all it may when the others give none.
//   EP2. Idle channels, and those that gave nothing in their last turn, hold nobody back.

/** Records that every channel gets in a turn: fewer would cost more in turns than the state they save. */
const MIN_RECORDS = 64;

export class EventTimePace {
  /** By channel: its last watermark, epoch ms. */
  readonly #watermarksMs: Float64Array;
  readonly #isIdle: Uint8Array;
  /** By channel: records of its last turn. */
  readonly #lastTaken: Int32Array;
  #hasWatermarks = false;
  /** Of the turn: the earliest watermark of channels that gave records, and how many that one gave. */
  #slowestMs = Number.POSITIVE_INFINITY;
  #slowestTaken = 0;

  /** @param channels number of channels */
  constructor(channels: number) {
    this.#watermarksMs = new Float64Array(channels).fill(Number.NEGATIVE_INFINITY);
    this.#isIdle = new Uint8Array(channels);
    this.#lastTaken = new Int32Array(channels);
  }

  setWatermark(channel: number, timestampMs: number): void {
    this.#watermarksMs[channel] = timestampMs;
    this.#hasWatermarks = true;
  }

  setIdle(channel: number, idle: boolean): void {
    this.#isIdle[channel] = idle ? 1 : 0;
  }

  beginTurn(): void {
    if (!this.#hasWatermarks) return;
    this.#slowestMs = Number.POSITIVE_INFINITY;
    for (let channel = 0; channel < this.#lastTaken.length; channel++) {
      const watermarkMs = this.#watermarksMs[channel]!;
      if (this.#lastTaken[channel] === 0 || this.#isIdle[channel] === 1 || watermarkMs >= this.#slowestMs) continue;
      this.#slowestMs = watermarkMs;
      this.#slowestTaken = this.#lastTaken[channel]!;
    }
  }

  /** Records that the channel may give in this turn, up to `maxRecords`. */
  budgetOf(channel: number, maxRecords: number): number {
    if (this.#watermarksMs[channel]! <= this.#slowestMs) return maxRecords;
    return Math.min(maxRecords, Math.max(MIN_RECORDS, this.#slowestTaken));
  }

  endChannel(channel: number, taken: number): void {
    this.#lastTaken[channel] = taken;
  }
}
