// Bounds how many jobs are submitted in a minute, as a bucket of turns that fills evenly.
import { appError } from '@yeoul/engine';

const MINUTE_MS = 60_000;

export class SubmissionRate {
  readonly #maxPerMinute: number;
  readonly #nowMs: () => number;
  #turns: number;
  #filledMs: number;

  /** @param maxPerMinute as many may come at once after a minute without any */
  constructor(maxPerMinute: number, nowMs: () => number) {
    this.#maxPerMinute = maxPerMinute;
    this.#nowMs = nowMs;
    this.#turns = maxPerMinute;
    this.#filledMs = nowMs();
  }

  /** @throws SUBMISSION_LIMIT */
  take(): void {
    this.#fill();
    if (this.#turns < 1) {
      const waitMs = ((1 - this.#turns) * MINUTE_MS) / this.#maxPerMinute;
      throw appError('SUBMISSION_LIMIT', [this.#maxPerMinute, Math.ceil(waitMs / 1000)]);
    }
    this.#turns--;
  }

  #fill(): void {
    const nowMs = this.#nowMs();
    // A clock may be set back.
    const passedMs = Math.max(0, nowMs - this.#filledMs);
    this.#turns = Math.min(this.#maxPerMinute, this.#turns + (passedMs * this.#maxPerMinute) / MINUTE_MS);
    this.#filledMs = nowMs;
  }
}
