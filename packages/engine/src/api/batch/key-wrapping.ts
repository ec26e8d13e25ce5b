// Key selectors: a "Key Extractor" puts the key before the record, [key, record], operators group by field 0, and a
// "Key Remover" takes it away again. So the selector runs once per record, and plans show what Flink's show.
import { fieldsKey, type RecordKey } from '../../graph/batch/record-key.ts';
import type { Collector } from '../functions.ts';

export type Keyed = [key: unknown, record: unknown];

export const keyOfKeyed: RecordKey = fieldsKey([0], [(keyed) => (keyed as Keyed)[0]]);

export function extractKey(select: (record: never) => unknown): (record: unknown) => Keyed {
  return (record) => [select(record as never), record];
}

export function removeKey(keyed: unknown): unknown {
  return (keyed as Keyed)[1];
}

interface Fold {
  readonly start: (record: unknown) => unknown;
  readonly fn: (folded: unknown, record: unknown) => unknown;
}

/** A fold of records → the same fold of keyed records. */
export function foldKeyed({ start, fn }: Fold): Fold {
  return {
    start: (keyed) => [(keyed as Keyed)[0], start((keyed as Keyed)[1])],
    fn: (folded, keyed) => {
      const target = folded as Keyed;
      target[1] = fn(target[1], (keyed as Keyed)[1]);
      return target;
    },
  };
}

type GroupFunction = (values: Iterable<unknown>, out: Collector<unknown>) => void;

/** A function of groups of records → of groups of keyed records; its results have no key. */
export function reduceKeyedGroup(fn: GroupFunction): GroupFunction {
  return (values, out) => fn(withoutKeys(values), out);
}

/** The same for combiners, whose results keep their group's key. */
export function combineKeyedGroup(fn: GroupFunction): GroupFunction {
  return (values, out) => {
    const group = [...values] as Keyed[];
    const key = group[0]?.[0];
    fn(withoutKeys(group), { collect: (record) => out.collect([key, record]) });
  };
}

function* withoutKeys(values: Iterable<unknown>): Generator<unknown> {
  for (const keyed of values) yield removeKey(keyed);
}
