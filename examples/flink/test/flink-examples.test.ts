// The streaming examples that ship with Apache Flink, ported: same vertices, and what they print is what Flink's semantics give.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, StreamExecutionEnvironment, WatermarkStrategy } from 'yeoul';
import { TestCluster } from 'yeoul/testing';
import { StateMachineExample } from '../../state-machine/state-machine.ts';
import { WORDS } from '../../word-count/word-count-data.ts';
import { AsyncIOExample } from '../async-io.ts';
import { GroupedProcessingTimeWindowExample } from '../grouped-processing-time-window.ts';
import { IncrementalLearningSkeleton } from '../incremental-learning.ts';
import { BOUND, IterateExample } from '../iteration.ts';
import { PojoExample } from '../pojo.ts';
import { SessionWindowing } from '../session-windowing.ts';
import { SideOutputExample } from '../side-output.ts';
import { SocketWindowWordCount } from '../socket-window-word-count.ts';
import { type CarEvent, TopSpeedWindowing } from '../top-speed-windowing.ts';
import { TwitterExample } from '../twitter.ts';
import { runWindowJoin, WindowJoin } from '../window-join.ts';
import type { NameWithValue } from '../window-join-sample-data.ts';
import { WindowWordCount } from '../window-word-count.ts';
import { WordCount } from '../word-count.ts';
import { FastClock } from './fast-clock.ts';
import { type FlinkPlan, flinkPlans } from './flink-plans.ts';

let cluster: TestCluster;
const printed = new Map<string, string>();

beforeAll(async () => {
  cluster = await TestCluster.open();
  cluster.cluster.onOutput(({ jobId, text }) => printed.set(jobId, (printed.get(jobId) ?? '') + text));
});
afterAll(() => cluster.close());

/** What a job has printed so far, without subtask prefixes. */
function linesOf(jobId: string): string[] {
  const text = printed.get(jobId) ?? '';
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^\d+> /, ''));
}

async function linesOfRun(program: Program, args: readonly string[] = [], parallelism = 1): Promise<string[]> {
  const jobId = await cluster.submit(program, { args, parallelism });
  await cluster.cluster.awaitResult(jobId);
  return linesOf(jobId);
}

/** Runs an endless program until it has printed something. */
async function firstLineOf(program: Program, args: readonly string[]): Promise<unknown> {
  const jobId = await cluster.submit(program, { args });
  await cluster.until('a first line', () => linesOf(jobId).length > 0);
  await cluster.cluster.cancel(jobId);
  return fieldsOf(linesOf(jobId)[0] as string);
}

/** As Flink prints them: "(to,1)". */
const tuples = (values: readonly (readonly unknown[])[]): string[] => values.map((fields) => `(${fields.join(',')})`);

/** "(to,1)" */
function fieldsOf(line: string): (string | number)[] {
  const fields = line.replace(/^\((.*)\)$/, '$1').split(',');
  return fields.map((field) => (Number.isNaN(Number(field)) ? field : Number(field)));
}

const words = WORDS.flatMap((line) => line.toLowerCase().split(/\W+/)).filter((word) => word !== '');

/** [word, how often it has come up to and with here]. */
function runningCounts(all: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  return all.map((word) => {
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    return [word, count];
  });
}

function totalsOf(counts: readonly (readonly [string, number])[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const [word, count] of counts) totals.set(word, (totals.get(word) ?? 0) + count);
  return totals;
}

describe('vertices are those of Flink', () => {
  const programs: Readonly<Record<keyof typeof flinkPlans, readonly [Program, ...string[]]>> = {
    wordCount: [WordCount],
    pojo: [PojoExample],
    twitter: [TwitterExample],
    windowWordCount: [WindowWordCount],
    socketWindowWordCount: [SocketWindowWordCount, '--port', '9999'],
    socketWindowWordCountInTwo: [SocketWindowWordCount, '--port', '9999'],
    sessionWindowing: [SessionWindowing],
    groupedProcessingTimeWindow: [GroupedProcessingTimeWindowExample],
    topSpeedWindowing: [TopSpeedWindowing],
    incrementalLearning: [IncrementalLearningSkeleton],
    incrementalLearningInTwo: [IncrementalLearningSkeleton],
    asyncIo: [AsyncIOExample],
    stateMachine: [StateMachineExample],
    sideOutput: [SideOutputExample],
    iteration: [IterateExample],
    iterationInTwo: [IterateExample],
    windowJoin: [WindowJoin],
    windowJoinInTwo: [WindowJoin],
  };

  async function verticesOf([program, ...args]: readonly [Program, ...string[]], parallelism: number) {
    const graphs: ReturnType<StreamExecutionEnvironment['getJobGraph']>[] = [];
    const execute = (graph: (typeof graphs)[number]) => {
      graphs.push(graph);
      return Promise.resolve({ jobId: '', netRuntimeMs: 0, accumulators: {} });
    };
    const never = () => Promise.reject(new Error('not here'));
    const context = { defaults: { parallelism }, execute, submit: never, collect: never };
    await program(new StreamExecutionEnvironment(context), args);
    return graphs.flatMap(({ vertices }) => vertices.map(({ id, name }) => `${id} ${name}`));
  }

  test.each(Object.entries(flinkPlans) as [keyof typeof flinkPlans, FlinkPlan][])('%s', async (name, plan) => {
    const vertices = await verticesOf(programs[name], plan.parallelism);
    expect(vertices.toSorted()).toEqual(plan.vertices.toSorted());
  });
});

describe('word counts', () => {
  test('every word prints its count so far', async () => {
    expect(await linesOfRun(WordCount)).toEqual(tuples(runningCounts(words)));
    expect((await linesOfRun(WordCount, [], 2)).toSorted()).toEqual(tuples(runningCounts(words)).toSorted());
  });

  test('words may be objects', async () => {
    const counted = runningCounts(words).map(([word, frequency]) => ({ word, frequency }));
    expect(await linesOfRun(PojoExample)).toEqual(counted.map((word) => JSON.stringify(word)));
  });

  test.each([
    [10, 5],
    [3, 2],
    [2, 6],
  ])('windows of %i words that slide by %i', async (window, slide) => {
    const expected = runningCounts(words).flatMap(([word, count]) =>
      count % slide === 0 ? [[word, Math.min(count, window)]] : [],
    );
    const lines = await linesOfRun(WindowWordCount, ['--window', `${window}`, '--slide', `${slide}`]);
    expect(lines).toEqual(tuples(expected));
  });

  test('messages in English only', async () => {
    const english = 'rivers run past the old mill the mill and the rapids'.split(' ');
    expect(await linesOfRun(TwitterExample)).toEqual(tuples(runningCounts(english)));
  });

  test('long words go to the side output', async () => {
    const lines = await linesOfRun(SideOutputExample, [], 2);
    const rejected = words.filter((word) => word.length > 5).map((word) => `rejected: ${word}`);
    expect(lines.filter((line) => line.startsWith('rejected'))).toEqual(rejected);
    // A word may come twice when a window ends in between.
    const counts = lines.filter((line) => !line.startsWith('rejected'));
    const short = words.filter((word) => word.length <= 5);
    expect(totalsOf(counts.map((line) => fieldsOf(line) as [string, number]))).toEqual(
      totalsOf(short.map((word) => [word, 1])),
    );
  });
});

describe('processing time', () => {
  function serve(lines: readonly string[]): Promise<Server> {
    const server = createServer((socket) => void socket.write(`${lines.join('\n')}\n`));
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
  }

  function wordAndCount(line: string): [string, number] {
    const { word, count } = JSON.parse(line) as { word: string; count: number };
    return [word, count];
  }

  test('words from a socket are counted per window', async () => {
    await using fast = await TestCluster.open({ clock: new FastClock(20) });
    let text = '';
    fast.cluster.onOutput((event) => (text += event.text));
    const server = await serve(['to be or', 'not to be']);
    const { port } = server.address() as { port: number };
    const jobId = await fast.submit(SocketWindowWordCount, {
      args: ['--hostname', '127.0.0.1', '--port', `${port}`],
      parallelism: 2,
    });
    // A word may come twice when a window ends in between.
    const counted = () =>
      totalsOf(
        text
          .split('\n')
          .filter((line) => line !== '')
          .map(wordAndCount),
      );
    await fast.until('all words are counted', () => [...counted().values()].reduce((a, b) => a + b, 0) === 6);
    expect(counted()).toEqual(new Map(Object.entries({ to: 2, be: 2, or: 1, not: 1 })));
    await fast.cluster.cancel(jobId);
    server.close();
  });

  test('every element of the load generator reaches a window', async () => {
    const jobId = await cluster.submit(GroupedProcessingTimeWindowExample, {
      args: ['--elements', '1000', '--keys', '10'],
    });
    await cluster.cluster.awaitResult(jobId);
    const { state, vertices } = cluster.detail(jobId);
    expect([state, ...vertices.map(({ parallelism }) => parallelism)]).toEqual(['FINISHED', 4, 4]);
    expect(vertices.find(({ name }) => name.startsWith('Window'))?.metrics.readRecords).toBe(4000);
  });
});

describe('event time', () => {
  test('sessions end when the gap is over', async () => {
    // In the sequence in which the watermark reaches their ends. The same five stand in Flink's own test.
    const sessions = [
      ['a', 1, 1],
      ['b', 1, 3],
      ['c', 6, 1],
      ['a', 10, 1],
      ['c', 11, 1],
    ];
    expect(await linesOfRun(SessionWindowing)).toEqual(tuples(sessions));
  });

  test('a top speed is printed for every 50 metres, of the last 10 seconds', async () => {
    const events = drive(400);
    const path = join(await mkdtemp(join(tmpdir(), 'yeoul-cars-')), 'cars.txt');
    await writeFile(path, events.map((event) => `(${event.join(',')})\n`).join(''));
    expect(await linesOfRun(TopSpeedWindowing, ['--input', path])).toEqual(tuples(topSpeeds(events)));
    const inTwo = await linesOfRun(TopSpeedWindowing, ['--input', path], 2);
    for (const car of ['(0,', '(1,'])
      expect(inTwo.filter((line) => line.startsWith(car))).toEqual(
        tuples(topSpeeds(events)).filter((line) => line.startsWith(car)),
      );
  });

  test('top speeds of cars that drive now', async () => {
    expect(await firstLineOf(TopSpeedWindowing, [])).toEqual([
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
    ]);
  });

  test('grades and salaries of one name meet within a window', async () => {
    const at = (seed: number): [NameWithValue, number][] =>
      Array.from({ length: 60 }, (_, i) => [[`n${(i * seed) % 7}`, i * seed], Math.floor(i / 4)]);
    const [grades, salaries] = [at(3), at(5)];
    const windowMs = 5;
    const program: Program = async (env) => {
      const strategy = WatermarkStrategy.forMonotonousTimestamps<[NameWithValue, number]>().withTimestampAssigner(
        ([, timestampMs]) => timestampMs,
      );
      const [left, right] = [grades, salaries].map((side) =>
        env
          .fromCollection(side)
          .assignTimestampsAndWatermarks(strategy)
          .map(([pair]) => pair),
      ) as [ReturnType<typeof env.fromElements<NameWithValue>>, ReturnType<typeof env.fromElements<NameWithValue>>];
      runWindowJoin(left, right, windowMs).print();
      await env.execute();
    };
    const windowOf = (timestampMs: number) => Math.floor(timestampMs / windowMs);
    const expected = grades.flatMap(([[name, grade], time]) =>
      salaries
        .filter(([[other], otherTime]) => other === name && windowOf(otherTime) === windowOf(time))
        .map(([[, salary]]) => [name, grade, salary]),
    );
    expect(expected.length).toBeGreaterThan(50);
    expect((await linesOfRun(program)).toSorted()).toEqual(tuples(expected).toSorted());
    expect((await linesOfRun(program, [], 2)).toSorted()).toEqual(tuples(expected).toSorted());
  });

  test('grades and salaries that are generated now, in ingestion time', async () => {
    expect(await firstLineOf(WindowJoin, ['--windowSize', '100', '--rate', '200'])).toEqual([
      expect.any(String),
      expect.any(Number),
      expect.any(Number),
    ]);
  });
});

test.each([1, 2])('17 models are built and 50 predictions made (parallelism %i)', async (parallelism) => {
  const lines = await linesOfRun(IncrementalLearningSkeleton, [], parallelism);
  expect(lines.toSorted()).toEqual([...Array<string>(50).fill('0'), ...Array<string>(17).fill('1')]);
});

test.each(['ordered', 'unordered'])('answers of async I/O are counted (%s)', async (mode) => {
  const args = ['--maxCount', '30', '--sleepFactor', '20', '--failRatio', '0', '--waitMode', mode];
  const lines = await linesOfRun(AsyncIOExample, args);
  const expected = tuples(runningCounts(Array.from({ length: 30 }, (_, i) => `key-${i % 10}`)));
  expect(mode === 'ordered' ? lines : lines.toSorted()).toEqual(mode === 'ordered' ? expected : expected.toSorted());
});

test.each([1, 2])('Fibonacci sequences go round until they exceed the bound (parallelism %i)', async (parallelism) => {
  await using fast = await TestCluster.open({ clock: new FastClock(20) });
  let text = '';
  fast.cluster.onOutput((event) => (text += event.text));
  const pairs = Array.from({ length: 20 }, (_, i) => [1 + ((i * 7) % 49), 1 + ((i * 11) % 49)] as const);
  const directory = await mkdtemp(join(tmpdir(), 'yeoul-iteration-'));
  const input = join(directory, 'pairs.txt');
  await writeFile(input, pairs.map(([first, second]) => `(${first},${second})\n`).join(''));
  const jobId = await fast.submit(IterateExample, { args: ['--input', input], parallelism });
  await fast.cluster.awaitResult(jobId);
  const lines = text
    .trimEnd()
    .replaceAll(/^\d+> /gm, '')
    .split('\n');
  const numbers = lines.map((line) => (line.match(/\d+/g) ?? []).map(Number));
  const expected = pairs.map(([first, second]) => [first, second, stepsBeyondBound(first, second)]);
  expect(numbers.map(String).toSorted()).toEqual(expected.map(String).toSorted());
});

function stepsBeyondBound(first: number, second: number): number {
  let [previous, current, steps] = [second, first + second, 1];
  for (; previous < BOUND && current < BOUND; steps++) [previous, current] = [current, previous + current];
  return steps;
}

/** Two cars that speed up and slow down, one event of each per second. */
function drive(events: number): CarEvent[] {
  const distances = [0, 0];
  return Array.from({ length: events }, (_, i) => {
    const car = i % 2;
    const speed = 50 + 5 * Math.round(10 * Math.sin((i + car * 13) / 17));
    distances[car] = (distances[car] as number) + speed / 3.6;
    return [car, speed, distances[car] as number, 1_600_000_000_000 + Math.floor(i / 2) * 1000 + (i % 3)];
  });
}

/** By the book: fire when the car has gone more than 50 m since it last did; keep what is less than 10 s older than the newest. */
function topSpeeds(events: readonly CarEvent[]): CarEvent[] {
  const cars = new Map<number, { since: CarEvent; kept: CarEvent[] }>();
  return events.flatMap((event) => {
    const car = cars.get(event[0]) ?? { since: event, kept: [] };
    cars.set(event[0], car);
    car.kept.push(event);
    if (event[2] - car.since[2] <= 50) return [];
    car.since = event;
    const newestMs = Math.max(...car.kept.map(([, , , timestampMs]) => timestampMs));
    car.kept = car.kept.filter(([, , , timestampMs]) => timestampMs > newestMs - 10_000);
    return [car.kept.reduce((best, next) => (next[1] > best[1] ? next : best))];
  });
}
