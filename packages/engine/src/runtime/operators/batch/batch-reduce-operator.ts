// Folds records by key (or all of them): reduce, aggregate, distinct, and their combiners.
//   BR1. A final reduce emits once per key, ordered by key. Fields that are not folded follow the arrival of records.
//   BR2. A combiner holds at most MAX_COMBINED_KEYS keys; then it emits what it has, ordered by key, and starts again.
import type { BatchReduceSpec } from '../../../graph/batch/batch-operator-spec.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';
import { emitEach } from './emit-sliced.ts';
import { KeyTable } from './key-table.ts';

/** Enough for most keys of a skewed input, little enough to stay in the processor's caches. */
export const MAX_COMBINED_KEYS = 65_536;

export function createBatchReduceOperator(spec: BatchReduceSpec, context: OperatorContext): StreamOperator {
  const lifecycle = userFunctionLifecycle(spec.rich, context);
  const folding = spec.key ? foldByKey(spec, spec.key.read, context) : foldAll(spec, context);
  return { ...lifecycle, inputs: [createInput(context, folding.add)], endInput: folding.end };
}

interface Folding {
  readonly add: (record: unknown) => void;
  readonly end: () => void;
}

function foldByKey(spec: BatchReduceSpec, readKey: (record: unknown) => unknown, context: OperatorContext): Folding {
  const { start, fn, combine } = spec;
  const { collect } = context.output;
  const table = new KeyTable<unknown>();
  return {
    add(record) {
      const key = readKey(record);
      const entry = table.get(key);
      if (entry) {
        entry.value = fn(entry.value, record);
        return;
      }
      if (combine && table.size >= MAX_COMBINED_KEYS) for (const { value } of table.drainSorted()) collect(value);
      table.add(key, start(record));
    },
    end: () => emitEach(context, table.drainSorted(), ({ value }) => collect(value)),
  };
}

/** One result, or none for an empty input. */
function foldAll({ start, fn }: BatchReduceSpec, context: OperatorContext): Folding {
  let folded: { value: unknown } | undefined;
  return {
    add(record) {
      if (folded) folded.value = fn(folded.value, record);
      else folded = { value: start(record) };
    },
    end() {
      if (folded) context.output.collect(folded.value);
      folded = undefined;
    },
  };
}
