// Metric pages. Pure.
import { toJavaDouble } from './java-text.ts';

export type MetricValues = ReadonlyMap<string, number | string>;
export type MetricLine = { id: string; value?: string };

/** Rates and shares are doubles in Flink, counts and times are not. */
const DOUBLES = /(?<!TimeMs)PerSecond$|Usage$|Load$|Utilization$/;
const LONG_MIN = '-9223372036854775808';
const LONG_MAX = '9223372036854775807';

/** @param ids undefined: what there is; else the values of these, unknown ones left out */
export function toMetricLines(values: MetricValues, ids: readonly string[] | undefined): MetricLine[] {
  if (ids === undefined) return [...values.keys()].map((id) => ({ id }));
  return ids.flatMap((id) => {
    const value = values.get(id);
    return value === undefined ? [] : [{ id, value: toMetricText(id, value) }];
  });
}

function toMetricText(id: string, value: number | string): string {
  if (typeof value === 'string') return value;
  // No watermark yet, and the last one of all.
  if (value <= Number.MIN_SAFE_INTEGER) return LONG_MIN;
  if (value >= Number.MAX_SAFE_INTEGER) return LONG_MAX;
  return DOUBLES.test(id) ? toJavaDouble(value) : String(value);
}
