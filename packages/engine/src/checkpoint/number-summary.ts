// Least, greatest, average and percentiles of numbers that come one by one.
import { quantileOf } from '../metrics/histogram.ts';

export interface NumberSummary {
  readonly min: number;
  readonly max: number;
  readonly average: number;
  /** Of the newest numbers; empty when there are none. By percent: 50, 90, 95, 99, 99.9. */
  readonly percentiles: readonly number[];
}

/** In the order of NumberSummary.percentiles. @see Apache Flink, StatsSummaryDto */
const SUMMARY_PERCENTS: readonly number[] = [50, 90, 95, 99, 99.9];

/** Numbers that percentiles are taken of; Flink takes 10,000. */
const WINDOW = 1000;

export class RunningSummary {
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #sum = 0;
  #count = 0;
  /** The newest ones, in a circle. */
  readonly #window: number[] = [];
  /** Asked for far more often than it changes. */
  #view: NumberSummary | undefined;

  add(value: number): void {
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#sum += value;
    this.#window[this.#count % WINDOW] = value;
    this.#count += 1;
    this.#view = undefined;
  }

  view(): NumberSummary {
    this.#view ??= this.#summarize();
    return this.#view;
  }

  #summarize(): NumberSummary {
    if (this.#count === 0) return { min: 0, max: 0, average: 0, percentiles: [] };
    const average = Math.floor(this.#sum / this.#count);
    return { min: this.#min, max: this.#max, average, percentiles: percentilesOf(this.#window, SUMMARY_PERCENTS) };
  }
}

export function summarizeNumbers(values: readonly number[]): NumberSummary {
  const summary = new RunningSummary();
  for (const value of values) summary.add(value);
  return summary.view();
}

/** @returns one per percent; none for no numbers */
export function percentilesOf(values: readonly number[], percents: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? [] : percents.map((percent) => quantileOf(sorted, percent / 100));
}
