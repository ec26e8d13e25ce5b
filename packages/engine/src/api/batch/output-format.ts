// Sinks of batch programs.

import type { OperatorSpec } from '../../graph/operator-spec.ts';
import type { RichFunctionLifecycle } from '../functions.ts';

/** Flink's OutputFormat: one instance per subtask, opened with its number, closed when all records are written. */
export interface OutputFormat<T> {
  /** @param taskNumber from 0 */
  open?(taskNumber: number, numTasks: number): void | Promise<void>;
  /** A returned promise holds the task until it settles. */
  writeRecord(record: T): void | Promise<void>;
  /** After the last record, and after a failure. */
  close?(): void | Promise<void>;
}

/** Takes records and does nothing. */
export class DiscardingOutputFormat<T> implements OutputFormat<T> {
  writeRecord(_record: T): void {}
}

export function outputFormatSpec(format: OutputFormat<never>): OperatorSpec {
  let open = false;
  const rich: RichFunctionLifecycle = {
    async open(context) {
      open = true;
      await format.open?.(context.indexOfThisSubtask, context.numberOfParallelSubtasks);
    },
    close,
  };
  async function close(): Promise<void> {
    if (!open) return;
    open = false;
    await format.close?.();
  }
  return { kind: 'sink', fn: (record) => format.writeRecord(record as never), finish: close, rich };
}
