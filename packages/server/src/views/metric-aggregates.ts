// Metrics aggregated over jobs, subtasks or task managers. Pure.
import type { MetricValues } from './metric-page.ts';

/** Greatest max parallelism: no subtask has a higher index. */
const MAX_SUBTASKS = 32_768;

export type AggregateName = 'min' | 'max' | 'avg' | 'sum' | 'skew';
export type AggregateLine = { id: string } & Partial<Record<AggregateName, number>>;

const aggregates: Readonly<Record<AggregateName, (values: readonly number[]) => number>> = {
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  avg: (values) => total(values) / values.length,
  sum: total,
  skew,
};

/**
 * @param ids undefined: what any source has, without values
 * @param wanted undefined: all
 * @returns [] when no source has one of the ids, as Flink
 */
export function toAggregateLines(
  sources: readonly MetricValues[],
  ids: readonly string[] | undefined,
  wanted: readonly AggregateName[] | undefined,
): AggregateLine[] {
  if (ids === undefined) return [...new Set(sources.flatMap((source) => [...source.keys()]))].map((id) => ({ id }));
  if (ids.some((id) => !sources.some((source) => source.has(id)))) return [];
  return ids.flatMap((id) => {
    const numbers = numbersOf(sources, id);
    return numbers.length === 0 ? [] : [toLine(id, numbers, wanted)];
  });
}

function numbersOf(sources: readonly MetricValues[], id: string): readonly number[] {
  return sources.map((source) => Number(source.get(id) ?? Number.NaN)).filter(Number.isFinite);
}

function toLine(id: string, numbers: readonly number[], wanted: readonly AggregateName[] | undefined): AggregateLine {
  const line: AggregateLine = { id };
  for (const name of Object.keys(aggregates) as AggregateName[]) {
    if (wanted === undefined || wanted.includes(name)) line[name] = aggregates[name](numbers);
  }
  return line;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/**
 * Average distance from the average, in percent of it, 100 at most; of later versions.
 * @param values not negative
 * @see Apache Flink 1.20, DoubleAccumulator.DoubleDataSkew
 */
function skew(values: readonly number[]): number {
  const average = total(values) / values.length;
  if (average === 0) return 0;
  const distance = total(values.map((value) => Math.abs(value - average))) / values.length;
  return Math.min((distance / average) * 100, 100);
}

/** Numbers and ranges, both ends included, such as "1", "3-5"; what is neither is left out, a reversed range is empty. */
export function parseSubtasks(items: readonly string[]): ReadonlySet<number> {
  const chosen = new Set<number>();
  for (const item of items) {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(item);
    if (match === null) continue;
    const first = Number(match[1]);
    const last = Math.min(Number(match[2] ?? first), MAX_SUBTASKS);
    for (let subtask = first; subtask <= last; subtask++) chosen.add(subtask);
  }
  return chosen;
}
