// Inner equi-join of two bounded inputs.
//   BJ1. Records of the second input that come before the first has ended are kept; so neither input ever holds up the other,
//        and a job whose inputs come from one operator cannot stall.
//   BJ2. hash: results in the sequence of the second input, matches of the first as they arrived.
//        merge: results in key order; within a key, first input by second.
import type { BatchJoinSpec } from '../../../graph/batch/batch-operator-spec.ts';
import { createInputs } from '../operator-input.ts';
import type { OperatorContext, StreamOperator } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';
import { emitEach } from './emit-sliced.ts';
import { KeyTable } from './key-table.ts';

export function createBatchJoinOperator(spec: BatchJoinSpec, context: OperatorContext): StreamOperator {
  const join = spec.strategy === 'merge' ? mergeJoin(spec, context) : hashJoin(spec, context);
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: createInputs(context, [join.addLeft, join.addRight]),
    endInput: join.endInput,
  };
}

interface Join {
  readonly addLeft: (record: unknown) => void;
  readonly addRight: (record: unknown) => void;
  readonly endInput: (input: number) => void;
}

function hashJoin({ leftKey, rightKey, fn }: BatchJoinSpec, context: OperatorContext): Join {
  const out = { collect: context.output.collect };
  const table = new KeyTable<unknown[]>();
  let early: unknown[] | undefined = [];

  function probe(right: unknown): void {
    for (const left of table.get(rightKey.read(right))?.value ?? []) fn(left, right, out);
  }

  return {
    addLeft: (record) => addToGroup(table, leftKey.read(record), record),
    addRight(record) {
      if (early) early.push(record);
      else probe(record);
    },
    endInput(input) {
      if (input !== 0) return;
      const waiting = early ?? [];
      early = undefined;
      emitEach(context, waiting, probe);
    },
  };
}

function mergeJoin({ leftKey, rightKey, fn }: BatchJoinSpec, context: OperatorContext): Join {
  const out = { collect: context.output.collect };
  const left = new KeyTable<unknown[]>();
  const right = new KeyTable<unknown[]>();
  let openInputs = 2;

  function joinGroup(key: unknown, leftRecords: readonly unknown[]): void {
    const rightRecords = right.get(key)?.value ?? [];
    for (const first of leftRecords) for (const second of rightRecords) fn(first, second, out);
  }

  return {
    addLeft: (record) => addToGroup(left, leftKey.read(record), record),
    addRight: (record) => addToGroup(right, rightKey.read(record), record),
    endInput() {
      openInputs -= 1;
      if (openInputs === 0) emitEach(context, left.drainSorted(), ({ key, value }) => joinGroup(key, value));
    },
  };
}

function addToGroup(table: KeyTable<unknown[]>, key: unknown, record: unknown): void {
  const group = table.get(key);
  if (group) group.value.push(record);
  else table.add(key, [record]);
}
