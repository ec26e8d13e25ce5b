import { formatRecord } from '../../../api/format-record.ts';
import type { PrintSinkSpec } from '../../../graph/operator-spec.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';

export function createPrintSinkOperator(spec: PrintSinkSpec, context: OperatorContext): StreamOperator {
  const { indexOfThisSubtask, numberOfParallelSubtasks } = context.runtime;
  const prefix = printPrefix(spec.identifier, indexOfThisSubtask, numberOfParallelSubtasks);
  const processElement = (value: unknown): void => context.print(spec.stream, `${prefix}${formatRecord(value)}\n`);
  return { ...userFunctionLifecycle(spec.rich, context), inputs: [createInput(context, processElement)] };
}

/** "identifier:subtask> " with the subtask from 1, only when there are several (source: Flink, PrintSinkOutputWriter). */
export function printPrefix(identifier: string, subtask: number, parallelism: number): string {
  const parts = [identifier, parallelism > 1 ? String(subtask + 1) : ''].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.join(':')}> `;
}
