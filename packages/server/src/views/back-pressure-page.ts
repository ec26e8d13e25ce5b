// Back pressure from what tasks measured over the last second. Pure.
import type { ResponseOf, vertexEndpoints } from '@yeoul/contract';
import type { VertexView } from '@yeoul/engine/runtime';
import type { MetricValues } from './metric-page.ts';

type BackPressurePage = ResponseOf<typeof vertexEndpoints.getVertexBackPressure>;
type Level = 'ok' | 'low' | 'high';

/** @see Apache Flink 1.9, JobVertexBackPressureHandler.getBackPressureLevel */
const LOW_ABOVE = 0.1;
const HIGH_ABOVE = 0.5;

/** @param metrics by subtask; none: nothing was measured, which Flink calls deprecated */
export function toBackPressurePage(
  vertex: VertexView,
  metrics: readonly MetricValues[],
  nowMs: number,
): BackPressurePage {
  if (metrics.length === 0) return { status: 'deprecated' };
  const subtasks = vertex.subtasks.map(({ subtask }) => toLine(subtask, metrics[subtask] ?? new Map()));
  const greatest = Math.max(...subtasks.map(({ ratio }) => ratio));
  const level = toLevel(greatest);
  return { status: 'ok', 'backpressure-level': level, 'end-timestamp': nowMs, subtasks, backpressureLevel: level };
}

function toLine(subtask: number, metrics: MetricValues) {
  const share = (name: string) => toShare(Number(metrics.get(name) ?? 0));
  const ratio = share('backPressuredTimeMsPerSecond');
  return {
    subtask,
    'backpressure-level': toLevel(ratio),
    ratio,
    backpressureLevel: toLevel(ratio),
    idleRatio: share('idleTimeMsPerSecond'),
    busyRatio: share('busyTimeMsPerSecond'),
  };
}

/** In hundredths: Flink takes a hundred samples. */
function toShare(msPerSecond: number): number {
  return Math.min(Math.round(msPerSecond / 10) / 100, 1);
}

function toLevel(ratio: number): Level {
  if (ratio <= LOW_ABOVE) return 'ok';
  return ratio <= HIGH_ABOVE ? 'low' : 'high';
}
