import type { BatchReduce } from '../../graph/batch/batch-operator.ts';
import { forwardNone, forwardSame } from '../../graph/batch/forwarded-fields.ts';
import { callLocation } from './call-location.ts';
import type { DataSet } from './data-set.ts';
import type { DataSetHandle } from './data-set-handle.ts';
import { keyOfKeyed } from './key-wrapping.ts';
import { type GivenKeys, type KeyArguments, resolveKeys, wholeRecord } from './keys.ts';

/** A reduce that keeps the first record of each key. */
export function distinctDataSet<T>(input: DataSet<T>, given: KeyArguments<T>): DataSet<T> {
  const keys = given.length === 0 ? wholeRecord(input.shape) : resolveKeys<T>(given, input.shape, 'distinct');
  const name = `Distinct at ${callLocation(input.program.context)}`;
  if (keys.kind === 'fields') return input.derive(addDistinct(input, keys, name), input.shape);
  const keyed = input.addKeyExtractor(keys.select);
  const reduced = keyed.derive(addDistinct(keyed, keys, name), keyed.shape);
  return reduced.addKeyRemover<T>(input.shape, input.operator.outputType);
}

function addDistinct(input: DataSetHandle, keys: GivenKeys, name: string): BatchReduce {
  const isFields = keys.kind === 'fields';
  return input.program.add<BatchReduce>({
    kind: 'reduce',
    name,
    parallelism: undefined,
    parallelismRule: { kind: 'default' },
    inputs: [input.operator],
    outputType: input.operator.outputType,
    // Flink keeps what it knows of key fields of tuples only.
    forwarded: isFields && keys.areTupleFields ? forwardSame(keys.key.fields) : forwardNone,
    key: isFields ? keys.key : keyOfKeyed,
    start: (record) => record,
    fn: (first) => first,
  });
}
