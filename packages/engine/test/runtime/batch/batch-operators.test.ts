// Batch operators by hand: what they emit when, and how much they hold.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BatchGroupReduceSpec, BatchReduceSpec } from '../../../src/graph/batch/batch-operator-spec.ts';
import { fieldsKey } from '../../../src/graph/batch/record-key.ts';
import type { OperatorSpec } from '../../../src/graph/operator-spec.ts';
import { MAX_COMBINED_RECORDS } from '../../../src/runtime/operators/batch/batch-group-reduce-operator.ts';
import { MAX_COMBINED_KEYS } from '../../../src/runtime/operators/batch/batch-reduce-operator.ts';
import { KeyTable } from '../../../src/runtime/operators/batch/key-table.ts';
import { compareValues } from '../../../src/runtime/operators/batch/value-order.ts';
import { createOperator } from '../../../src/runtime/operators/create-operator.ts';
import type { OperatorContext } from '../../../src/runtime/operators/stream-operator.ts';

interface HandDriven {
  readonly emitted: unknown[];
  process(input: number, record: unknown): void;
  end(input: number): void;
  /** Lets the output take so many more looks, then go on. */
  readonly sliced: (() => boolean)[];
  room: boolean;
}

function drive(spec: OperatorSpec): HandDriven {
  const driven = { emitted: [] as unknown[], sliced: [] as (() => boolean)[], room: true };
  const output = { collect: (r: unknown) => void driven.emitted.push(r) };
  const context = {
    output,
    runtime: {},
    isOutputAvailable: () => driven.room,
    runSliced(step: () => boolean) {
      if (driven.sliced.length > 0 || !step()) driven.sliced.push(step);
    },
  } as unknown as OperatorContext;
  const operator = createOperator(spec, context);
  return Object.assign(driven, {
    process: (input: number, record: unknown) => operator.inputs[input]?.processElement(record),
    end: (input: number) => void operator.endInput?.(input),
  });
}

type Pair = [unknown, number];
const key = fieldsKey([0], [(record) => (record as Pair)[0]]);
const sum: Omit<BatchReduceSpec, 'combine'> = {
  kind: 'batchReduce',
  key,
  start: (record) => [...(record as Pair)],
  fn: (folded, record) => [(folded as Pair)[0], (folded as Pair)[1] + (record as Pair)[1]],
};

describe('reduce', () => {
  test('emits nothing before the end of its input, then each key once in order', () => {
    const operator = drive({ ...sum, combine: false });
    for (const record of [
      ['b', 1],
      ['a', 2],
      ['b', 3],
    ])
      operator.process(0, record);
    expect(operator.emitted).toEqual([]);
    operator.end(0);
    expect(operator.emitted).toEqual([
      ['a', 2],
      ['b', 4],
    ]);
  });

  test('a combiner gives way when it holds as many keys as it may, and loses nothing', () => {
    const operator = drive({ ...sum, combine: true });
    const records = MAX_COMBINED_KEYS * 2 + 10;
    for (let i = 0; i < records; i++) operator.process(0, [i % (MAX_COMBINED_KEYS + 5), 1]);
    expect(operator.emitted.length).toBeGreaterThanOrEqual(MAX_COMBINED_KEYS);
    operator.end(0);
    expect((operator.emitted as Pair[]).reduce((total, [, n]) => total + n, 0)).toBe(records);
  });

  test('without room the emission stops, and goes on where it stopped', () => {
    const operator = drive({ ...sum, combine: false });
    for (let i = 0; i < 1000; i++) operator.process(0, [i, i]);
    operator.room = false;
    operator.end(0);
    const first = operator.emitted.length;
    expect(first).toBeLessThan(200);
    operator.room = true;
    while (operator.sliced[0]) if (operator.sliced[0]()) operator.sliced.shift();
    expect(operator.emitted).toEqual(Array.from({ length: 1000 }, (_, i) => [i, i]));
  });

  test('equals a plain loop, for keys of any type', () => {
    const keys = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.string({ maxLength: 2 }),
      fc.boolean(),
      fc.constantFrom(null, undefined, Number.NaN, -0),
      fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }),
      fc.record({ a: fc.integer({ min: 0, max: 1 }) }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.integer())), (records) => {
        const operator = drive({ ...sum, combine: false });
        const expected = new Map<string, number>();
        for (const [k, n] of records) {
          operator.process(0, [k, n]);
          const text = `${typeof k} ${Object.is(k, -0) ? '0' : String(JSON.stringify(k))}${Number.isNaN(k) ? 'NaN' : ''}`;
          expected.set(text, (expected.get(text) ?? 0) + n);
        }
        operator.end(0);
        const emitted = operator.emitted as Pair[];
        expect(emitted.map(([, n]) => n).sort()).toEqual([...expected.values()].sort());
        expect(emitted.every(([k], i) => i === 0 || compareValues((emitted[i - 1] as Pair)[0], k) < 0)).toBe(true);
      }),
    );
  });
});

describe('group reduce', () => {
  const collectGroup: Omit<BatchGroupReduceSpec, 'combine' | 'groupOrder'> = {
    kind: 'batchGroupReduce',
    key,
    fn: (values, out) => out.collect([...values].map((v) => (v as Pair)[1])),
  };

  test('groups come in key order, records as they arrived', () => {
    const operator = drive({ ...collectGroup, groupOrder: [], combine: false });
    for (const record of [
      ['b', 3],
      ['a', 2],
      ['b', 1],
      ['b', 2],
    ])
      operator.process(0, record);
    operator.end(0);
    expect(operator.emitted).toEqual([[2], [3, 1, 2]]);
  });

  test('records inside a group are stably sorted by the order asked for', () => {
    const read = (record: unknown) => (record as Pair)[1] % 2;
    const operator = drive({ ...collectGroup, groupOrder: [{ field: 1, direction: 'DESC', read }], combine: false });
    for (const n of [2, 1, 4, 3]) operator.process(0, ['k', n]);
    operator.end(0);
    expect(operator.emitted).toEqual([[1, 3, 2, 4]]);
  });

  test('a combiner holds a bounded number of records', () => {
    const operator = drive({ ...collectGroup, groupOrder: [], combine: true });
    for (let i = 0; i < MAX_COMBINED_RECORDS + 1; i++) operator.process(0, ['k', i]);
    expect((operator.emitted[0] as unknown[]).length).toBe(MAX_COMBINED_RECORDS);
    operator.end(0);
    expect(operator.emitted[1]).toEqual([MAX_COMBINED_RECORDS]);
  });

  test('an empty input has no groups, without a key too', () => {
    for (const groupKey of [key, undefined]) {
      const operator = drive({ ...collectGroup, key: groupKey, groupOrder: [], combine: false });
      operator.end(0);
      expect(operator.emitted).toEqual([]);
    }
  });
});

describe('join', () => {
  const join = (strategy: 'hash' | 'merge') =>
    drive({
      kind: 'batchJoin',
      leftKey: key,
      rightKey: key,
      strategy,
      fn: (l, r, out) => out.collect([(l as Pair)[0], (l as Pair)[1], (r as Pair)[1]]),
    });

  test.each(['hash', 'merge'] as const)('%s gives the same whatever the sequence of inputs', (strategy) => {
    const records = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer()), { maxLength: 12 });
    fc.assert(
      fc.property(records, records, fc.array(fc.boolean()), (left, right, turns) => {
        const operator = join(strategy);
        const queues: [Pair[], Pair[]] = [[...left], [...right]];
        for (const turn of turns) {
          const record = queues[turn ? 1 : 0].shift();
          if (record) operator.process(turn ? 1 : 0, record);
        }
        for (const input of turns[0] ? [1, 0] : [0, 1]) {
          for (const record of queues[input as 0 | 1]) operator.process(input, record);
          operator.end(input);
        }
        const expected = left.flatMap(([k, a]) => right.filter(([other]) => other === k).map(([, b]) => [k, a, b]));
        const text = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
        expect(text(operator.emitted)).toEqual(text(expected));
      }),
    );
  });

  test('hash: results in the sequence of the second input; merge: in key order', () => {
    for (const strategy of ['hash', 'merge'] as const) {
      const operator = join(strategy);
      for (const k of [1, 2, 3]) operator.process(0, [k, 0]);
      for (const k of [3, 1, 2]) operator.process(1, [k, 0]);
      operator.end(1);
      operator.end(0);
      expect((operator.emitted as Pair[]).map(([k]) => k)).toEqual(strategy === 'hash' ? [3, 1, 2] : [1, 2, 3]);
    }
  });
});

describe('order of values', () => {
  test('is total: antisymmetric and transitive over mixed values', () => {
    const values = fc.oneof(fc.anything({ withDate: true, withBigInt: true }), fc.string(), fc.double());
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) || 0);
        if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) expect(compareValues(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('strings go by UTF-16 code unit, numbers by size, NaN last', () => {
    expect(['b', 'a', 'B', 'é', 'aa', ''].sort(compareValues)).toEqual(['', 'B', 'a', 'aa', 'b', 'é']);
    expect([3, Number.NaN, -1, Number.POSITIVE_INFINITY, 10].sort(compareValues)).toEqual([
      -1,
      3,
      10,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
  });
});

test('a text key never meets a composite key', () => {
  const table = new KeyTable<number>();
  table.add([1], 1);
  table.add('a1:n1;', 2);
  table.add('\u0000a1:n1;', 3);
  expect(table.size).toBe(3);
  expect(table.get([1])?.value).toBe(1);
});
