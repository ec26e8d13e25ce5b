// Events per second over the last minute at most: as Flink's MeterView.
import type { Meter } from '../api/metrics.ts';

interface Sample {
  readonly atMs: number;
  readonly count: number;
}

const WINDOW_MS = 60_000;
/** One sample a second at most. */
const SAMPLE_MS = 1000;

export class WindowMeter implements Meter {
  readonly #monotonicMs: () => number;
  readonly #samples: Sample[];
  #count = 0;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#samples = [{ atMs: monotonicMs(), count: 0 }];
  }

  markEvent(n = 1): void {
    this.#count += n;
  }

  getCount(): number {
    return this.#count;
  }

  /** Called when metrics are sampled. */
  getRate(): number {
    const atMs = this.#monotonicMs();
    while (this.#samples.length > 1 && atMs - (this.#samples[1] as Sample).atMs >= WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0] as Sample;
    const elapsedMs = atMs - first.atMs;
    if (atMs - (this.#samples.at(-1) as Sample).atMs >= SAMPLE_MS) this.#samples.push({ atMs, count: this.#count });
    return elapsedMs <= 0 ? 0 : ((this.#count - first.count) * 1000) / elapsedMs;
  }
}
