// The word count of the notes: its vertices as the notes show them, and its counts as a real Flink 1.9.1 gave them.
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { ExecutionEnvironment } from '../../../src/api/batch/execution-environment.ts';
import { CollectionSource } from '../../../src/api/collection-source.ts';
import { installConnectorHooks } from '../../../src/api/connector-hooks.ts';
import type { Collector } from '../../../src/api/functions.ts';
import { localBatch } from './local-batch.ts';

/** "word count" per line, in the sequence in which Flink's sorted reduce gave them at parallelism 1. */
const flinkCounts = readFileSync(new URL('word-count-flink-1.9.1.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

const WORDS = readFileSync(new URL('hamlet.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

type WordWithCount = [word: string, count: number];

function tokenize(line: string, out: Collector<WordWithCount>): void {
  for (const word of line.toLowerCase().split(/\W+/)) if (word.length > 0) out.collect([word, 1]);
}

/** As examples/word-count. */
async function runWordCount(parallelism: number, files?: { readonly input: string; readonly output: string }) {
  const batch = localBatch(parallelism);
  const sites = [
    'getDefaultTextLineDataSet(word-count-data.ts:70)',
    'main(word-count.ts:76)',
    'main(word-count.ts:79)',
  ];
  const env = new ExecutionEnvironment({ ...batch.context, callSite: () => sites.shift() });
  const text = files ? env.readTextFile(files.input) : env.fromElements(...WORDS);
  const counts = text.flatMap(tokenize).groupBy(0).sum(1);
  if (files) {
    counts.writeAsCsv(files.output, { fieldDelimiter: ' ' });
    await env.execute('WordCount Example');
  } else await counts.print();
  return batch;
}

describe('the default text', () => {
  test('is counted as Flink counts it, word by word', async () => {
    const { context } = await runWordCount(1);
    const lines = context.printed.join('').trimEnd().split('\n');
    expect(lines).toEqual(flinkCounts.map((line) => `(${line.replace(' ', ',')})`));
  });

  test.each([2, 3])('at parallelism %i gives the same counts in another sequence', async (parallelism) => {
    const { context } = await runWordCount(parallelism);
    const lines = context.printed.join('').trimEnd().split('\n').sort();
    expect(lines).toEqual(flinkCounts.map((line) => `(${line.replace(' ', ',')})`).sort());
  });

  test('170 records leave the combiner and the reduce', async () => {
    const { runs } = await runWordCount(1);
    expect([...(runs[0]?.recordsOut.values() ?? [])]).toEqual([170, 170]);
  });

  test('vertices are named and joined as in the notes', async () => {
    const { context } = await runWordCount(1);
    const [graph] = context.graphs;
    expect(graph?.vertices.map((v) => v.name)).toEqual([
      'CHAIN DataSource (at getDefaultTextLineDataSet(word-count-data.ts:70) (CollectionInputFormat)) -> FlatMap (FlatMap at main(word-count.ts:76)) -> Combine (SUM(1), at main(word-count.ts:79)',
      'Reduce (SUM(1), at main(word-count.ts:79)',
      'DataSink (collect())',
    ]);
    expect(
      graph?.plan.nodes.map((n) => [n.operator, n.operator_strategy, n.inputs?.map((i) => i.ship_strategy)]),
    ).toEqual([
      ['Data Source -> FlatMap -> GroupCombine', '(none)<br/> -&gt; FlatMap<br/> -&gt; Sorted Combine', undefined],
      ['GroupReduce', 'Sorted Group Reduce', ['Hash Partition on [0]']],
      ['Data Sink', '(none)', ['Forward']],
    ]);
    expect(Object.keys(graph?.plan.nodes[1] ?? {})).toEqual([
      'id',
      'parallelism',
      'operator',
      'operator_strategy',
      'description',
      'inputs',
      'optimizer_properties',
    ]);
    expect(Object.keys(graph?.plan.nodes[1]?.inputs?.[0] ?? {})).toEqual([
      'num',
      'id',
      'ship_strategy',
      'local_strategy',
      'exchange',
    ]);
  });

  test('the collected records are an accumulator of the type Flink shows', async () => {
    const { runs, context } = await runWordCount(1);
    const spec = context.graphs[0]?.vertices.at(-1)?.operators[0]?.spec;
    expect(spec).toMatchObject({ kind: 'batchCollect', accumulatorName: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(Object.values(runs[0]?.accumulators ?? {})).toEqual([expect.objectContaining({ length: 170 })]);
  });
});

describe('from file to file', () => {
  const written: unknown[] = [];
  afterAll(() => installConnectorHooks({ textFileSource: undefined, csvFileSink: undefined } as never));

  test('counts a file into a file, equal to a plain loop', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => WORDS[(i * 7) % WORDS.length] as string);
    installConnectorHooks({
      textFileSource: () => new CollectionSource(lines),
      csvFileSink: () => ({ invoke: (record) => void written.push(record) }),
    });
    const { context } = await runWordCount(3, { input: 'in.txt', output: 'out.txt' });
    const expected = new Map<string, number>();
    for (const word of lines.join(' ').toLowerCase().match(/\w+/g) ?? [])
      expected.set(word, (expected.get(word) ?? 0) + 1);
    expect(new Map(written as [string, number][])).toEqual(expected);
    expect(written).toHaveLength(expected.size);
    expect(context.graphs[0]?.name).toBe('WordCount Example');
    expect(context.graphs[0]?.vertices.at(-1)?.name).toBe('DataSink (CsvOutputFormat (path: out.txt, delimiter:  ))');
  });
});
