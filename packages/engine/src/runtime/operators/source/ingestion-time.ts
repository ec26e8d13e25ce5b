// Ingestion time: event time is the moment at which a source emits a record (source: Apache Flink 1.9, AutomaticWatermarkContext).
//   I1. A watermark is a multiple of the interval and not after the clock, so no later record is behind it.
import type { WatermarkSpec } from '../../../api/watermark.ts';
import type { OperatorContext } from '../stream-operator.ts';

/** The last multiple of the watermark interval, epoch ms; -Infinity when watermarks are off. */
export function ingestionWatermarkMs(context: OperatorContext): number {
  const intervalMs = context.execution.autoWatermarkIntervalMs;
  const nowMs = context.clock.nowMs();
  return intervalMs > 0 ? nowMs - (nowMs % intervalMs) : Number.NEGATIVE_INFINITY;
}

/** For sources that run a watermark strategy. */
export function ingestionTimeStrategy(context: OperatorContext): WatermarkSpec<unknown> {
  return {
    idleTimeoutMs: undefined,
    createTimestampAssigner: () => () => context.clock.nowMs(),
    createWatermarkGenerator: () => ({
      onEvent() {},
      onPeriodicEmit: (output) => output.emitWatermark(ingestionWatermarkMs(context)),
    }),
  };
}

/** For other sources: calls `emit` with a watermark once per interval. @returns ends it */
export function startIngestionWatermarks(context: OperatorContext, emit: (watermarkMs: number) => void): () => void {
  const intervalMs = context.execution.autoWatermarkIntervalMs;
  if (!context.execution.ingestionTime || intervalMs <= 0) return () => {};
  let timer: { cancel(): void } | undefined;
  const schedule = (): void => {
    timer = context.registerProcessingTimeCallback(ingestionWatermarkMs(context) + intervalMs, () => {
      emit(ingestionWatermarkMs(context));
      schedule();
    });
  };
  schedule();
  return () => timer?.cancel();
}
