// Calls a function once per key with all records of the key: reduceGroup, combineGroup, first(n), and combiners.
//   BG1. Groups come in key order; inside a group records are as they arrived, or stably sorted by `groupOrder`.
//   BG2. A combiner holds at most MAX_COMBINED_RECORDS records; then it combines and emits what it has and starts again.
import type { BatchGroupReduceSpec } from '../../../graph/batch/batch-operator-spec.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';
import { emitEach } from './emit-sliced.ts';
import { KeyTable } from './key-table.ts';
import { compareRecordsBy } from './value-order.ts';

export const MAX_COMBINED_RECORDS = 65_536;

/** Stands for the key of everything. */
const ALL = 'all';

export function createBatchGroupReduceOperator(spec: BatchGroupReduceSpec, context: OperatorContext): StreamOperator {
  const out = { collect: context.output.collect };
  const readKey = spec.key?.read ?? (() => ALL);
  const compare = compareRecordsBy(spec.groupOrder);
  const groups = new KeyTable<unknown[]>();
  let records = 0;

  function reduceGroup(values: unknown[]): void {
    if (spec.groupOrder.length > 0) values.sort(compare);
    spec.fn(values, out);
  }

  function combineHeld(): void {
    for (const { value } of groups.drainSorted()) reduceGroup(value);
    records = 0;
  }

  function add(record: unknown): void {
    if (spec.combine && records >= MAX_COMBINED_RECORDS) combineHeld();
    records += 1;
    const key = readKey(record);
    const group = groups.get(key);
    if (group) group.value.push(record);
    else groups.add(key, [record]);
  }

  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: [createInput(context, add)],
    endInput: () => emitEach(context, groups.drainSorted(), ({ value }) => reduceGroup(value)),
  };
}
