// The batch word count on the built engine, in real threads.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedEngine } from '@yeoul/engine/runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const dist = new URL('../dist/', import.meta.url);
const expectedFile = join(root, 'packages/engine/test/api/batch/word-count-flink-1.9.1.txt');

let directory = '';
let engine: EmbeddedEngine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-word-count-'));
  engine = await EmbeddedEngine.open({
    dataDirectory: join(directory, 'data'),
    slots: 3,
    slotWorkerUrl: new URL('slot-worker.js', dist),
    driverWorkerUrl: new URL('driver-worker.js', dist),
    engineVersion: 'test',
  });
});

afterAll(async () => {
  await engine?.close();
  await rm(directory, { recursive: true, force: true });
});

async function runWordCount(parallelism: number, args: readonly string[] = []) {
  const sourcePath = join(root, 'examples/word-count/word-count.ts');
  const jobId = await engine.runProgram({ sourcePath, entry: 'WordCount', parallelism, args });
  const result = await engine.cluster.awaitResult(jobId);
  return { jobId, result };
}

test.each([1, 2, 3])('the default text at parallelism %i is counted as Flink counts it', async (parallelism) => {
  const { result } = await runWordCount(parallelism);
  const [records] = Object.values(result.accumulators) as [word: string, count: number][][];
  const counts = (records ?? []).map(([word, count]) => `${word} ${count}`);
  const expected = (await readFile(expectedFile, 'utf8')).trimEnd().split('\n');
  // One subtask gives Flink's sequence as well.
  if (parallelism === 1) expect(counts).toEqual(expected);
  else expect([...counts].sort()).toEqual([...expected].sort());
});

test('what the program prints comes out as Flink prints it', async () => {
  // By job: what the programs of earlier tests still print is not this one's.
  const outputs = new Map<string, string>();
  const unsubscribe = engine.cluster.onOutput(({ jobId, text }) => {
    outputs.set(jobId, (outputs.get(jobId) ?? '') + text);
  });
  const { jobId } = await runWordCount(1);
  await vi.waitUntil(() => outputs.get(jobId)?.includes('(you,1)'), { timeout: 10_000 });
  unsubscribe();
  const printed = outputs.get(jobId) ?? '';
  expect(printed.startsWith('(a,5)\n(action,1)\n')).toBe(true);
  expect(printed.trimEnd().split('\n')).toHaveLength(170);
});

test('vertices carry the call sites of the program, and 170 records leave the first', async () => {
  const { jobId } = await runWordCount(1);
  const { name, vertices } = engine.cluster.jobDetail(jobId);
  expect(name).toMatch(/^Yeoul Batch Job at \w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}$/);
  expect(vertices.map((vertex) => vertex.name)).toEqual([
    expect.stringMatching(
      /^CHAIN DataSource \(at getDefaultTextLineDataSet\(word-count-data\.ts:\d+\) \(CollectionInputFormat\)\) -> FlatMap \(FlatMap at main\(word-count\.ts:\d+\)\) -> Combine \(SUM\(1\), at main\(word-count\.ts:\d+\)$/,
    ),
    expect.stringMatching(/^Reduce \(SUM\(1\), at main\(word-count\.ts:\d+\)$/),
    'DataSink (collect())',
  ]);
});

const line = 'To be, or not to be: rapids, rapids';
const lineCounts = ['be 40000', 'not 20000', 'or 20000', 'rapids 40000', 'to 40000'];

test('a file is counted', async () => {
  const input = join(directory, 'input.txt');
  await writeFile(input, `${line}\n`.repeat(20_000));
  const { result } = await runWordCount(2, ['--input', input]);
  const [records] = Object.values(result.accumulators) as [word: string, count: number][][];
  expect((records ?? []).map(([word, count]) => `${word} ${count}`).sort()).toEqual(lineCounts);
});

// Waits for the file connector's CSV sink.
test('a file is counted into a file', async () => {
  const input = join(directory, 'input.txt');
  const output = join(directory, 'counts.txt');
  await writeFile(input, `${line}\n`.repeat(20_000));
  await runWordCount(1, ['--input', input, '--output', output]);
  expect((await readFile(output, 'utf8')).trimEnd().split('\n').sort()).toEqual(lineCounts);
});
