import { describe, expect, test } from 'vitest';
import { Aggregations } from '../../../src/api/batch/aggregations.ts';
import { Order } from '../../../src/api/batch/data-set.ts';
import { ExecutionEnvironment } from '../../../src/api/batch/execution-environment.ts';
import type { OutputFormat } from '../../../src/api/batch/output-format.ts';
import type { Collector, RuntimeContext } from '../../../src/api/functions.ts';
import { withEnvironmentContext } from '../../../src/api/program-context.ts';
import { RichMapFunction } from '../../../src/api/rich-functions.ts';
import { Types } from '../../../src/api/type-information.ts';
import { localBatch } from './local-batch.ts';
import { recordingContext } from './recording-context.ts';

type Pair = [string, number];
const pairs: Pair[] = [
  ['b', 2],
  ['a', 1],
  ['c', 7],
  ['a', 5],
  ['b', -3],
];
const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe.each([1, 2, 3])('data sets at parallelism %i', (parallelism) => {
  const open = () => localBatch(parallelism);

  test('collect gives the records of one subtask in their order', async () => {
    expect(await open().env.fromCollection(pairs).collect()).toEqual(pairs);
  });

  test('count counts, and an empty data set has none', async () => {
    const { env } = open();
    expect(
      await env
        .generateSequence(1, 1000)
        .filter((n) => n % 3 === 0)
        .count(),
    ).toBe(333);
    expect(await env.fromCollection<number>([]).count()).toBe(0);
    expect(await env.fromCollection<number>([]).collect()).toEqual([]);
  });

  test('sum by field gives each key once', async () => {
    const sums = await open().env.fromCollection(pairs).groupBy(0).sum(1).collect();
    expect(sums.sort(byText)).toEqual([
      ['a', 6],
      ['b', -1],
      ['c', 7],
    ]);
  });

  test('several aggregations at once, and by field name', async () => {
    const records = pairs.map(([word, n]) => ({ word, n, least: n, most: n }));
    const result = await open()
      .env.fromCollection(records)
      .groupBy('word')
      .aggregate(Aggregations.SUM, 'n')
      .andMin('least')
      .andMax('most')
      .collect();
    expect(result.sort(byText)).toEqual([
      { word: 'a', n: 6, least: 1, most: 5 },
      { word: 'b', n: -1, least: -3, most: 2 },
      { word: 'c', n: 7, least: 7, most: 7 },
    ]);
  });

  test('aggregates do not change the records they read', async () => {
    const { env } = open();
    const source = env.fromCollection(pairs);
    source
      .groupBy(0)
      .sum(1)
      .output({ writeRecord() {} });
    await source.collect();
    expect(pairs[1]).toEqual(['a', 1]);
  });

  test('sum by key selector', async () => {
    const sums = await open()
      .env.fromCollection(pairs)
      .groupBy(([word]) => word)
      .sum(1)
      .collect();
    expect(sums.sort(byText)).toEqual([
      ['a', 6],
      ['b', -1],
      ['c', 7],
    ]);
  });

  test('aggregates of everything, of parallel inputs too', async () => {
    const { env } = open();
    expect(
      await env
        .generateSequence(1, 100)
        .map((n): [number] => [n])
        .sum(0)
        .collect(),
    ).toEqual([[5050]]);
    expect(await env.fromCollection<[number]>([]).max(0).collect()).toEqual([]);
  });

  test('reduce by key selector sees every record once', async () => {
    const result = await open()
      .env.generateSequence(1, 1000)
      .map((n): [number, number] => [n % 7, n])
      .groupBy(([key]) => key)
      .reduce((a, b): [number, number] => [a[0], a[1] + b[1]])
      .collect();
    const expected = Array.from({ length: 7 }, (_, key) => {
      const values = Array.from({ length: 1000 }, (_n, i) => i + 1).filter((n) => n % 7 === key);
      return [key, values.reduce((sum, n) => sum + n, 0)];
    });
    expect(result.sort((a, b) => a[0] - b[0])).toEqual(expected);
  });

  test('reduceGroup gets whole groups, sorted when asked', async () => {
    const join = (values: Iterable<Pair>, out: Collector<string>): void => {
      const list = [...values];
      out.collect(`${list[0]?.[0]}:${list.map(([, n]) => n).join(',')}`);
    };
    const { env } = open();
    const groups = await env
      .fromCollection(pairs)
      .groupBy(0)
      .sortGroup(1, Order.DESCENDING)
      .reduceGroup(join)
      .collect();
    expect(groups.sort()).toEqual(['a:5,1', 'b:2,-3', 'c:7']);
    const bySelector = await env
      .fromCollection(pairs)
      .groupBy((p) => p[0])
      .sortGroup(1, Order.ASCENDING)
      .reduceGroup(join)
      .collect();
    expect(bySelector.sort()).toEqual(['a:1,5', 'b:-3,2', 'c:7']);
  });

  test('a combinable group function by selector combines and reduces', async () => {
    const sum = (values: Iterable<Pair>, out: Collector<Pair>): void => {
      let [total, word] = [0, ''];
      for (const [text, n] of values) {
        total += n;
        word = text;
      }
      out.collect([word, total]);
    };
    const result = await open()
      .env.fromCollection(pairs)
      .groupBy((p) => p[0])
      .reduceGroup({ reduce: sum, combine: sum })
      .collect();
    expect(result.sort(byText)).toEqual([
      ['a', 6],
      ['b', -1],
      ['c', 7],
    ]);
  });

  test('first: of all, and of each group', async () => {
    const { env } = open();
    expect(await env.generateSequence(1, 50).first(3).count()).toBe(3);
    const firsts = await env.fromCollection(pairs).groupBy(0).sortGroup(1, Order.ASCENDING).first(1).collect();
    expect(firsts.sort(byText)).toEqual([
      ['a', 1],
      ['b', -3],
      ['c', 7],
    ]);
  });

  test('distinct by all fields, some, a selector, and whole values', async () => {
    const { env } = open();
    const twice = env.fromCollection([...pairs, ...pairs]);
    expect((await twice.distinct().collect()).sort(byText)).toEqual([...pairs].sort(byText));
    expect((await twice.distinct(0).collect()).map(([word]) => word).sort()).toEqual(['a', 'b', 'c']);
    expect(await twice.distinct((p) => p[1] > 0).count()).toBe(2);
    expect((await env.fromElements('x', 'y', 'x').distinct().collect()).sort()).toEqual(['x', 'y']);
    expect(await env.fromElements({ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1, b: 3 }).distinct().count()).toBe(2);
  });

  test('keys of different types are different keys', async () => {
    const mixed: [unknown, number][] = [
      [1, 1],
      ['1', 10],
      [true, 100],
      ['true', 1000],
      [null, 5],
      [undefined, 6],
    ];
    const sums = await open()
      .env.fromCollection([...mixed, ...mixed])
      .groupBy(0)
      .sum(1)
      .collect();
    expect(sums.map(([, n]) => n).sort((a, b) => a - b)).toEqual([2, 10, 12, 20, 200, 2000]);
  });

  test('join pairs what is equal on both sides, and nothing else', async () => {
    const { env } = open();
    const left = env.fromElements<Pair>(['a', 1], ['b', 2], ['a', 3], ['z', 9]);
    const right = env.fromElements<[number, string]>([10, 'a'], [20, 'b'], [30, 'a'], [40, 'y']);
    const joined = await left
      .join(right)
      .where(0)
      .equalTo(1)
      .with((l, r) => `${l[0]}${l[1]}-${r[0]}`)
      .collect();
    expect(joined.sort()).toEqual(['a1-10', 'a1-30', 'a3-10', 'a3-30', 'b2-20']);
    const pairsOf = await left
      .join(right)
      .where(([w]) => w)
      .equalTo(([, w]) => w)
      .collect();
    expect(pairsOf).toHaveLength(5);
    const flat = await left
      .join(right)
      .where(0)
      .equalTo(1)
      .with((l, _r, out: Collector<number>) => {
        if (l[1] > 1) out.collect(l[1]);
      })
      .collect();
    expect(flat.sort()).toEqual([2, 3, 3]);
  });

  test('a merge join of two sums, and a join of a data set with itself', async () => {
    const { env } = open();
    const source = env.fromCollection(pairs);
    const merged = await source
      .groupBy(0)
      .sum(1)
      .join(source.groupBy(0).max(1))
      .where(0)
      .equalTo(0)
      .with((a, b) => [a[0], a[1], b[1]])
      .collect();
    expect(merged.sort(byText)).toEqual([
      ['a', 6, 5],
      ['b', -1, 2],
      ['c', 7, 7],
    ]);
    const self = await source
      .join(source)
      .where(0)
      .equalTo(0)
      .with((a, b) => a[1] * b[1])
      .collect();
    expect(self.sort((a, b) => a - b)).toEqual([-6, -6, 1, 4, 5, 5, 9, 25, 49]);
  });

  test('union keeps duplicates and can be read twice', async () => {
    const { env } = open();
    const both = env.fromElements(1, 2).union(env.fromElements(2, 3)).union(env.fromElements(4));
    expect((await both.collect()).sort()).toEqual([1, 2, 2, 3, 4]);
    both.map((n) => n * 2).output({ writeRecord() {} });
    expect((await both.distinct().collect()).sort()).toEqual([1, 2, 3, 4]);
  });

  test('project, mapPartition, minBy, rebalance, partitionByHash', async () => {
    const { env } = open();
    expect((await env.fromCollection(pairs).project(1, 0).collect()).sort(byText)).toEqual(
      pairs.map(([w, n]) => [n, w]).sort(byText),
    );
    const sizes = await env
      .fromCollection(pairs)
      .rebalance()
      .mapPartition((v, out: Collector<number>) => out.collect([...v].length))
      .collect();
    expect(sizes).toHaveLength(parallelism);
    expect(sizes.reduce((a, b) => a + b)).toBe(5);
    expect((await env.fromCollection(pairs).groupBy(0).minBy(1).collect()).sort(byText)).toEqual([
      ['a', 1],
      ['b', -3],
      ['c', 7],
    ]);
    expect(await env.fromCollection(pairs).maxBy(1).collect()).toEqual([['c', 7]]);
    const together = await env
      .fromCollection(pairs)
      .partitionByHash(([w]) => w)
      .mapPartition((values, out: Collector<string>) => out.collect([...new Set([...values].map(([w]) => w))].join('')))
      .collect();
    expect(together.join('').split('').sort().join('')).toBe('abc');
  });

  test('sortPartition sorts each subtask by several fields', async () => {
    const sorted = await open()
      .env.fromCollection(pairs)
      .sortPartition(0, Order.DESCENDING)
      .sortPartition(1, Order.ASCENDING)
      .collect();
    expect(sorted).toEqual([
      ['c', 7],
      ['b', -3],
      ['b', 2],
      ['a', 1],
      ['a', 5],
    ]);
  });
});

test('results of a sorted reduce come in key order', async () => {
  const { env } = localBatch(1);
  const words = ['to', 'be', 'or', 'not', 'to', 'be', 'Z', 'é', '10', '9'];
  const result = await env
    .fromCollection(words.map((w): Pair => [w, 1]))
    .groupBy(0)
    .sum(1)
    .collect();
  expect(result.map(([w]) => w)).toEqual(['10', '9', 'Z', 'be', 'not', 'or', 'to', 'é']);
  const numbers = await env.fromElements(10, 9, -1, 100, 9).distinct().collect();
  expect(numbers).toEqual([-1, 9, 10, 100]);
});

test('print runs the program and prints tuples as Flink does', async () => {
  const { env, context } = localBatch(2);
  await env.fromElements<unknown>(['to', 1], 'line', ['a', ['b', 2]], { n: 1 }).print();
  expect(context.printed.join('')).toBe('(to,1)\nline\n(a,(b,2))\n{"n":1}\n');
});

test('an output format is opened with its subtask, written and closed once', async () => {
  const events: string[] = [];
  const format: OutputFormat<number> = {
    open: (task, tasks) => void events.push(`open ${task} of ${tasks}`),
    writeRecord: (record) => void events.push(`write ${record}`),
    close: () => void events.push('close'),
  };
  const { env } = localBatch(1);
  env.fromElements(1, 2).output(format);
  await env.execute('write');
  expect(events).toEqual(['open 0 of 1', 'write 1', 'write 2', 'close']);
});

test('rich functions are opened with a runtime context before their first record', async () => {
  class AddSubtask extends RichMapFunction<number, string> {
    #prefix = '';
    override open(context: RuntimeContext): void {
      this.#prefix = `subtask ${context.indexOfThisSubtask}: `;
    }
    map(value: number): string {
      return this.#prefix + value;
    }
  }
  expect(await localBatch(1).env.fromElements(1).map(new AddSubtask()).collect()).toEqual(['subtask 0: 1']);
});

describe('what a program is told', () => {
  const env = () => new ExecutionEnvironment(recordingContext(1));

  test.each([
    ['NO_BATCH_SINK', (e: ExecutionEnvironment) => e.execute()],
    ['NO_BATCH_RESULT', (e: ExecutionEnvironment) => e.getLastJobExecutionResult()],
    ['INVALID_KEY', (e: ExecutionEnvironment) => e.fromElements([1, 2]).groupBy()],
    ['INVALID_KEY', (e: ExecutionEnvironment) => e.fromElements([1, 2]).groupBy(2)],
    ['INVALID_KEY', (e: ExecutionEnvironment) => e.fromElements([1, 2]).groupBy(0).sum(5)],
    [
      'INVALID_KEY',
      (e: ExecutionEnvironment) =>
        e
          .fromElements([1, 2])
          .join(e.fromElements([1, 2]))
          .where(0)
          .equalTo(0, 1),
    ],
    [
      'INVALID_KEY',
      (e: ExecutionEnvironment) =>
        e
          .fromElements(1)
          .returns(Types.row({ a: Types.int }))
          .groupBy('b'),
    ],
    ['INVALID_FUNCTION', (e: ExecutionEnvironment) => e.fromElements(1).map({} as never)],
    ['INVALID_SETTING', (e: ExecutionEnvironment) => e.fromElements(1).first(0)],
    ['INVALID_PARALLELISM', (e: ExecutionEnvironment) => e.fromElements(1).setParallelism(2)],
  ])('%s', async (code, act) => {
    await expect((async () => act(env()))()).rejects.toMatchObject({ code });
  });

  test('a sum over something that is no number names the field and what it found', async () => {
    const sum = localBatch(1).env.fromElements(['a', 'b']).sum(1).collect();
    await expect(sum).rejects.toMatchObject({
      code: 'INVALID_AGGREGATE',
      message: expect.stringContaining('field 1 found a string'),
    });
  });

  test('the environment is that of the program being run', async () => {
    let parallelism = 0;
    await withEnvironmentContext({ ...recordingContext(4), parallelism: 3 }, () => {
      parallelism = ExecutionEnvironment.getExecutionEnvironment().getParallelism();
    });
    expect(parallelism).toBe(3);
  });
});

test('jobs are named by execute, or by when the program was submitted; sinks are used up', async () => {
  const context = recordingContext(1);
  const env = new ExecutionEnvironment(context);
  env.fromElements(1).output({ writeRecord() {} });
  await env.execute('mine');
  await env.fromElements(1).collect();
  expect(context.graphs.map((g) => [g.name, g.type, g.vertices.length])).toEqual([
    ['mine', 'BATCH', 2],
    ['Yeoul Batch Job at Thu Dec 26 03:59:55 UTC 2019', 'BATCH', 2],
  ]);
  await expect(env.execute()).rejects.toMatchObject({ code: 'NO_BATCH_SINK' });
});

test('two evaluations of a program give equal graphs, ids and result names; another program gives others', async () => {
  const evaluate = async (field: number) => {
    const context = recordingContext(2);
    await new ExecutionEnvironment(context).fromCollection(pairs).groupBy(field).max(1).collect();
    return context.graphs[0];
  };
  const [first, second, other] = [await evaluate(0), await evaluate(0), await evaluate(1)];
  expect(second?.hash).toBe(first?.hash);
  expect(second?.plan).toEqual(first?.plan);
  const ids = (graph: typeof first) => graph?.vertices.map((v) => v.id) ?? [];
  expect(ids(second)).toEqual(ids(first));
  expect(new Set([...ids(first), ...ids(other)]).size).toBe(ids(first).length * 2);
  for (const id of ids(first)) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
