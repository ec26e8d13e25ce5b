// Inputs as most operators need them: elements to the operator's own function, watermarks through the timers and on,
// idleness and latency markers straight on.
import { createLatencyRecorder } from './latency.ts';
import type { OperatorContext, OperatorInput } from './stream-operator.ts';
import { WatermarkCombiner } from './watermark-combiner.ts';

type ElementFunction = (value: unknown) => void;

export function createInput(context: OperatorContext, processElement: ElementFunction): OperatorInput {
  const { output } = context;
  const recordLatency = createLatencyRecorder(context);
  return {
    processElement,
    processWatermark: (timestampMs) => context.advanceWatermark(timestampMs),
    processStatus: (idle) => output.emitStatus(idle),
    processLatencyMarker: (marker) => {
      recordLatency(marker);
      output.emitLatencyMarker(marker);
    },
  };
}

/** Inputs whose watermark is the combined one of all. */
export function createInputs(
  context: OperatorContext,
  processElements: readonly ElementFunction[],
): readonly OperatorInput[] {
  const { output } = context;
  const recordLatency = createLatencyRecorder(context);
  const combiner = new WatermarkCombiner(processElements.length, {
    onWatermark: (timestampMs) => context.advanceWatermark(timestampMs),
    onStatus: (idle) => output.emitStatus(idle),
  });
  return processElements.map((processElement, input) => ({
    processElement,
    processWatermark: (timestampMs) => combiner.setWatermark(input, timestampMs),
    processStatus: (idle) => combiner.setIdle(input, idle),
    processLatencyMarker: (marker) => {
      recordLatency(marker);
      output.emitLatencyMarker(marker);
    },
  }));
}
