// Gives records their event time and makes watermarks. Watermarks and idleness from upstream end here: this operator's
// own generator replaces them; only the end of event time passes.
import type { TimestampsAndWatermarksSpec } from '../../../graph/operator-spec.ts';
import { compileInstance } from '../instance-function.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, OperatorInput, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';
import { toEventTime } from './event-time.ts';
import { WatermarkEmitter } from './watermark-emitter.ts';

const SOURCE = `function timestampsAndWatermarks(value) {
  const previousMs = cell.timestampMs;
  let timestampMs = assign === undefined ? previousMs : assign(value, previousMs);
  if (typeof timestampMs !== 'number') timestampMs = toEventTime(timestampMs);
  if (emitter.idle) emitter.markActive();
  emitter.events += 1;
  cell.timestampMs = timestampMs;
  collect(value);
  generator.onEvent(value, timestampMs, emitter);
  cell.timestampMs = previousMs;
}`;

export function createTimestampsAndWatermarksOperator(
  spec: TimestampsAndWatermarksSpec,
  context: OperatorContext,
): StreamOperator {
  const emitter = new WatermarkEmitter(spec.watermarks, context);
  const processElement = compileInstance<(value: unknown) => void>('timestamps-and-watermarks', SOURCE, {
    assign: spec.watermarks.createTimestampAssigner(),
    cell: context.cell,
    collect: context.output.collect,
    emitter,
    toEventTime,
    generator: emitter.generator,
  });
  const lifecycle = userFunctionLifecycle(spec.rich, context);
  return {
    ...lifecycle,
    inputs: [withOwnWatermarks(createInput(context, processElement), emitter)],
    async open() {
      await lifecycle.open();
      emitter.open();
    },
    finish: () => emitter.finish(),
    close() {
      emitter.close();
      return lifecycle.close();
    },
  };
}

function withOwnWatermarks(input: OperatorInput, emitter: WatermarkEmitter): OperatorInput {
  return {
    ...input,
    processWatermark(timestampMs) {
      if (timestampMs === Number.POSITIVE_INFINITY) emitter.emitWatermark(timestampMs);
    },
    processStatus() {},
  };
}
