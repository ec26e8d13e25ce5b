// Merging accumulators over subtasks. Values are plain data that crossed a thread, so the rule goes by Flink's kind. Kinds of the user's
// own are merged by their own code when the job has ended; until then views show the value of every subtask that has one, in a list.
import type { TaskReport } from '../messages.ts';
import type { OwnAccumulator } from './own-accumulator-merger.ts';

export interface AccumulatorView {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

/**
 * @param own results of the accumulators' own merge(); what has none there is left out
 * @returns by name, sorted
 */
export function mergeAccumulators(
  reports: Iterable<TaskReport | undefined>,
  own: ReadonlyMap<string, OwnAccumulator> = new Map(),
): readonly AccumulatorView[] {
  const merged = new Map<string, AccumulatorView>();
  const ownValues = new Map<string, unknown[]>();
  for (const report of reports) {
    for (const [name, { kind, value, isOwn }] of Object.entries(report?.accumulators ?? {})) {
      const before = merged.get(name);
      const isFirst = before === undefined;
      if (isOwn === true) ownValues.set(name, [...(ownValues.get(name) ?? []), value]);
      merged.set(name, { name, type: kind, value: isFirst || isOwn ? value : merge(kind, before.value, value) });
    }
  }
  for (const [name, value] of ownValues) {
    if (value.length > 1) merged.set(name, { ...(merged.get(name) as AccumulatorView), value });
  }
  for (const [name, { merged: result }] of own) {
    const view = merged.get(name);
    if (view === undefined) continue;
    if (result === undefined) merged.delete(name);
    else merged.set(name, { ...view, value: result.value });
  }
  return [...merged.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function merge(kind: string, a: unknown, b: unknown): unknown {
  if (kind.endsWith('Minimum') && typeof a === 'number' && typeof b === 'number') return Math.min(a, b);
  if (kind.endsWith('Maximum') && typeof a === 'number' && typeof b === 'number') return Math.max(a, b);
  return mergeByShape(a, b);
}

function mergeByShape(a: unknown, b: unknown): unknown {
  if (a === undefined || a === null) return b;
  if (b === undefined || b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (a instanceof Map && b instanceof Map) return mergeEntries(new Map(a), b);
  if (isRecord(a) && isRecord(b))
    return Object.fromEntries(mergeEntries(new Map(Object.entries(a)), Object.entries(b)));
  // Nothing to add: the later one stands, as for a gauge.
  return b;
}

function mergeEntries(into: Map<unknown, unknown>, from: Iterable<[unknown, unknown]>): Map<string, unknown> {
  for (const [key, value] of from) into.set(key, into.has(key) ? mergeByShape(into.get(key), value) : value);
  return into as Map<string, unknown>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
