// Subtasks of a vertex summed up, as later versions show them. Pure.
import type { ResponseOf, vertexEndpoints } from '@yeoul/contract';
import { percentilesOf } from '@yeoul/engine/runtime';
import type { AttemptPage } from './vertex-page.ts';

type Aggregated = NonNullable<ResponseOf<typeof vertexEndpoints.getVertex>['aggregated']>;
type Statistics = Aggregated['metrics'][string];

const aggregatedMetrics = [
  'read-bytes',
  'write-bytes',
  'read-records',
  'write-records',
  'accumulated-backpressured-time',
  'accumulated-idle-time',
  'accumulated-busy-time',
] as const;

/** @param attempts current ones of the subtasks, at least one */
export function toAggregated(
  attempts: readonly Required<Pick<AttemptPage, 'metrics' | 'status-duration'>>[],
): Aggregated {
  const states = Object.keys(attempts[0]?.['status-duration'] ?? {});
  return {
    metrics: Object.fromEntries(
      aggregatedMetrics.map((name) => [name, toStatistics(attempts.map(({ metrics }) => Number(metrics[name] ?? 0)))]),
    ),
    'status-duration': Object.fromEntries(
      states.map((state) => [state, toStatistics(attempts.map((attempt) => attempt['status-duration'][state] ?? 0))]),
    ),
  };
}

/** Whole numbers, as Flink cuts them. */
function toStatistics(values: readonly number[]): Statistics {
  const sum = values.reduce((total, value) => total + value, 0);
  const [median = 0, p25 = 0, p75 = 0, p95 = 0] = percentilesOf(values, [50, 25, 75, 95]).map(Math.trunc);
  const avg = values.length === 0 ? 0 : Math.trunc(sum / values.length);
  return { min: Math.min(...values), max: Math.max(...values), avg, sum, median, p25, p75, p95 };
}
