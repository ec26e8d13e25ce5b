// Least, greatest, average and percentiles, as pages show them. Pure.
import type { checkpointEndpoints, ResponseOf } from '@yeoul/contract';
import type { NumberSummary } from '@yeoul/engine/runtime';

export type SummaryPage = ResponseOf<typeof checkpointEndpoints.getCheckpoints>['summary']['state_size'];

/** Of what never happens here. */
export const NOTHING: SummaryPage = { min: 0, max: 0, avg: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0 };

/** Whole numbers in Flink 1.9's fields, fractions in the percentiles of later versions, "NaN" where there are none. */
export function toSummaryPage({ min, max, average, percentiles }: NumberSummary): SummaryPage {
  const [p50 = NaN_TEXT, p90 = NaN_TEXT, p95 = NaN_TEXT, p99 = NaN_TEXT, p999 = NaN_TEXT] = percentiles;
  return { min: Math.round(min), max: Math.round(max), avg: average, p50, p90, p95, p99, p999 };
}

const NaN_TEXT = 'NaN';
