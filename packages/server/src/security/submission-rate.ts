// Bounds how many jobs are submitted in a minute: each uses up its share of the minute, and time gives it back.
import { appError } from '@yeoul/engine';

const MINUTE_MS = 60_000;
/** Shares are fractions: what is left of them by rounding is no wait, ms. */
const ROUNDING_MS = 0.001;

export class SubmissionRate {
  readonly #maxPerMinute: number;
  readonly #nowMs: () => number;
  #usedMs = 0;
  #lookedMs: number;

  /** @param maxPerMinute as many may come at once after a minute without any */
  constructor(maxPerMinute: number, nowMs: () => number) {
    this.#maxPerMinute = maxPerMinute;
    this.#nowMs = nowMs;
    this.#lookedMs = nowMs();
  }

  /** @throws SUBMISSION_LIMIT */
  take(): void {
    const nowMs = this.#nowMs();
    // A clock may be set back.
    this.#usedMs = Math.max(0, this.#usedMs - Math.max(0, nowMs - this.#lookedMs));
    this.#lookedMs = nowMs;
    const usedMs = this.#usedMs + MINUTE_MS / this.#maxPerMinute;
    const waitMs = usedMs - MINUTE_MS - ROUNDING_MS;
    if (waitMs > 0) throw appError('SUBMISSION_LIMIT', [this.#maxPerMinute, Math.ceil(waitMs / 1000)]);
    this.#usedMs = usedMs;
  }
}
