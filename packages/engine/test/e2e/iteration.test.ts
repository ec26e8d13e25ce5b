// Loops in a stream: records come back to where iterate() began, until nothing comes back any more.
import { type Collector, DiscardingSink, OutputTag, StreamExecutionEnvironment, Time } from '@yeoul/engine';
import { TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';

const again = new OutputTag<number>('again');

/** Halves numbers until they are odd. */
function halve(env: StreamExecutionEnvironment, from: number, to: number) {
  const loop = env.fromSequence(from, to).iterate(Time.milliseconds(200));
  const halved = loop.process((value, context, out: Collector<number>) => {
    if (value % 2 === 0) context.output(again, value / 2);
    else out.collect(value);
  });
  loop.closeWith(halved.getSideOutput(again));
  return halved;
}

const oddPart = (value: number): number => (value % 2 === 0 ? oddPart(value / 2) : value);
const byValue = (a: number, b: number) => a - b;

test.each([1, 2, 3])(
  'records go round until they are done, then the job ends (parallelism %i)',
  async (parallelism) => {
    await using cluster = await TestCluster.open({ parallelism });
    const seen: number[] = [];
    await cluster.run(async (env) => {
      halve(env, 1, 500).addSink((value) => void seen.push(value));
      await env.execute();
    });
    const expected = Array.from({ length: 500 }, (_, i) => oddPart(i + 1));
    expect(seen.sort(byValue)).toEqual(expected.sort(byValue));
  },
);

test('the loop does not hold back event time, and records keep their timestamps on the way round', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const seen: (readonly [number, number | undefined])[] = [];
  await cluster.run(async (env) => {
    const timed = env.fromSequence(1, 4).assignTimestampsAndWatermarks({
      extractTimestamp: (value) => value * 1000,
      getCurrentWatermark: () => undefined,
    });
    const loop = timed.iterate(200);
    const step = loop.process((value, context, out: Collector<readonly [number, number | undefined]>) => {
      if (value % 2 === 0) context.output(again, value / 2);
      else out.collect([value, context.timestamp()]);
    });
    loop.closeWith(step.getSideOutput(again));
    step.addSink((pair) => void seen.push(pair));
    await env.execute();
  });
  expect(seen.sort(([, a = 0], [, b = 0]) => a - b)).toEqual([
    [1, 1000],
    [1, 2000],
    [3, 3000],
    [1, 4000],
  ]);
});

test('without a longest wait the loop goes on until the job is cancelled', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const seen: number[] = [];
  const jobId = await cluster.submit(async (env) => {
    const loop = env.fromElements(1).iterate();
    loop.closeWith(loop.map((value) => value + 1).setParallelism(1));
    loop.addSink((value) => void seen.push(value));
    await env.execute();
  });
  await cluster.until('it went round a hundred times', () => seen.length > 100);
  await cluster.cluster.cancel(jobId);
  await expect(cluster.cluster.awaitResult(jobId)).rejects.toMatchObject({ code: 'JOB_CANCELED' });
  expect(seen.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
});

test('what cannot work is refused when the graph is made', () => {
  const open = new StreamExecutionEnvironment();
  open.fromElements(1).iterate().addSink(new DiscardingSink());
  expect(() => open.getJobGraph()).toThrow('closeWith');

  const other = new StreamExecutionEnvironment().setParallelism(2);
  const loop = other.fromSequence(1, 2).iterate();
  expect(() => loop.closeWith(loop.map((value) => value).setParallelism(1))).toThrow('parallelism 1');

  const saved = new StreamExecutionEnvironment().enableCheckpointing(1000);
  halve(saved, 1, 2).addSink(new DiscardingSink());
  expect(() => saved.getJobGraph()).toThrow('without checkpoints');
});
