// The newest values of a histogram, as Flink's DescriptiveStatisticsHistogram.
import type { Histogram, HistogramStatistics } from '../api/metrics.ts';

/** Values kept. */
const DEFAULT_WINDOW = 1000;

export class WindowHistogram implements Histogram {
  readonly #values: Float64Array;
  #count = 0;

  constructor(window: number = DEFAULT_WINDOW) {
    this.#values = new Float64Array(window);
  }

  update(value: number): void {
    this.#values[this.#count++ % this.#values.length] = value;
  }

  /** All values ever. */
  getCount(): number {
    return this.#count;
  }

  getStatistics(): HistogramStatistics {
    return describe(this.#values.slice(0, Math.min(this.#count, this.#values.length)).sort());
  }
}

function describe(sorted: Float64Array): HistogramStatistics {
  const count = sorted.length;
  const mean = count === 0 ? 0 : sorted.reduce((a, b) => a + b, 0) / count;
  const squares = sorted.reduce((a, b) => a + (b - mean) ** 2, 0);
  return {
    count,
    min: sorted[0] ?? 0,
    max: sorted[count - 1] ?? 0,
    mean,
    stddev: count < 2 ? 0 : Math.sqrt(squares / (count - 1)),
    getQuantile: (quantile) => quantileOf(sorted, quantile),
  };
}

/**
 * Linear between the two nearest ranks. 0 of no numbers.
 * @see Apache Commons Math, Percentile.EstimationType.LEGACY: what Flink estimates by
 */
export function quantileOf(sorted: ArrayLike<number>, quantile: number): number {
  if (sorted.length === 0) return 0;
  const rank = Math.min(Math.max(quantile * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = sorted[Math.floor(rank)] as number;
  const above = sorted[Math.ceil(rank)] as number;
  return below + (above - below) * (rank - Math.floor(rank));
}
