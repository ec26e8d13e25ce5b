// Latency markers: sources send one now and then; every operator that sees one records how long it was under way.
import type { Histogram } from '../../api/metrics.ts';
import type { LatencyMarker } from '../stream-event.ts';
import type { OperatorContext } from './stream-operator.ts';

/** Records the age of markers, one histogram per source (Flink's default granularity, OPERATOR). */
export function createLatencyRecorder(context: OperatorContext): (marker: LatencyMarker) => void {
  const histograms = new Map<string, Histogram>();
  return (marker) => {
    let histogram = histograms.get(marker.operatorId);
    if (histogram === undefined) {
      histogram = openLatencyHistogram(context, marker.operatorId);
      histograms.set(marker.operatorId, histogram);
    }
    histogram.update(context.clock.nowMs() - marker.markedTimeMs);
  };
}

function openLatencyHistogram(context: OperatorContext, sourceId: string): Histogram {
  return context.runtime.metricGroup
    .addGroup('latency')
    .addGroup('source_id', sourceId)
    .addGroup('operator_id', context.operator.operatorId)
    .addGroup('operator_subtask_index', String(context.runtime.indexOfThisSubtask))
    .histogram('latency');
}

/**
 * Emits a marker every execution.latencyTrackingIntervalMs; an interval of 0 or less means none.
 * @returns stops the emission
 */
export function startLatencyMarkers(context: OperatorContext): () => void {
  const intervalMs = context.execution.latencyTrackingIntervalMs;
  if (!(intervalMs > 0)) return () => {};
  let handle = context.registerProcessingTimeCallback(context.clock.nowMs() + intervalMs, emit);
  function emit(timeMs: number): void {
    context.output.emitLatencyMarker({
      markedTimeMs: context.clock.nowMs(),
      operatorId: context.operator.operatorId,
      subtaskIndex: context.runtime.indexOfThisSubtask,
    });
    handle = context.registerProcessingTimeCallback(timeMs + intervalMs, emit);
  }
  return () => handle.cancel();
}
