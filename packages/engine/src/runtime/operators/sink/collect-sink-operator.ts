// Sends records to whoever called executeAndCollect, in batches.
import type { CollectSinkSpec } from '../../../graph/operator-spec.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';

/** Records per message: enough to make messages cheap. */
const BATCH_SIZE = 256;
/** A slow stream's records are seen after so long, ms. */
const FLUSH_AFTER_MS = 50;

export function createCollectSinkOperator(spec: CollectSinkSpec, context: OperatorContext): StreamOperator {
  const lifecycle = userFunctionLifecycle(spec.rich, context);
  let batch: unknown[] = [];
  let timer: { cancel(): void } | undefined;

  function take(): unknown[] {
    timer?.cancel();
    timer = undefined;
    const values = batch;
    batch = [];
    return values;
  }

  const { collectId } = spec;
  const flush = (): void => context.collectResult({ collectId, values: take(), end: false });

  function collect(value: unknown): void {
    batch.push(value);
    if (batch.length >= BATCH_SIZE) flush();
    else timer ??= context.registerProcessingTimeCallback(context.clock.nowMs() + FLUSH_AFTER_MS, flush);
  }

  return {
    ...lifecycle,
    inputs: [createInput(context, collect)],
    // A restart replays from the checkpoint: what stands before the barrier must be out by then.
    prepareSnapshotPreBarrier: (checkpointId) =>
      context.collectResult({ collectId, values: take(), end: false, checkpointId }),
    finish: () => context.collectResult({ collectId, values: take(), end: true }),
    close() {
      timer?.cancel();
      return lifecycle.close();
    },
  };
}
