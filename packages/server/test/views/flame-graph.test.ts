import type { JobSamples, TaskSample } from '@yeoul/engine/runtime';
import { expect, test } from 'vitest';
import { defaultFlameGraphOptions, FlameGraphs } from '../../src/flame-graphs.ts';
import { toFlameGraph } from '../../src/views/flame-graph.ts';

const frame = (functionName: string, url: string, line: number) => ({ functionName, url, line, column: 1 });
const map = frame('map', '/jobs/job.ts', 3);
const parse = frame('', '/jobs/job.ts', 9);
const samples: readonly TaskSample[] = [
  { activity: 'on-cpu', count: 4, frames: [map, parse] },
  { activity: 'on-cpu', count: 1, frames: [map] },
  { activity: 'off-cpu', count: 5, frames: [frame('(slot is idle)', '', 0)] },
];

test('samples become a tree: a frame counts what it and the frames below it have', () => {
  const onCpu = {
    name: 'map (job.ts:3)',
    value: 5,
    children: [{ name: '<anonymous> (job.ts:9)', value: 4, children: [] }],
  };
  const offCpu = { name: '(slot is idle)', value: 5, children: [] };
  expect(toFlameGraph(samples, 'full', 100)).toEqual({ name: 'root', value: 10, children: [onCpu, offCpu] });
  expect(toFlameGraph(samples, 'on_cpu', 100)).toEqual({ name: 'root', value: 5, children: [onCpu] });
  expect(toFlameGraph(samples, 'off_cpu', 100)).toEqual({ name: 'root', value: 5, children: [offCpu] });
});

test('frames deeper than the limit count for the frame above', () => {
  expect(toFlameGraph(samples, 'on_cpu', 1).children).toEqual([{ name: 'map (job.ts:3)', value: 5, children: [] }]);
});

function createGraphs() {
  let nowMs = 0;
  const asked: string[] = [];
  const pending: ((samples: JobSamples) => void)[] = [];
  const sampler = {
    sampleJob: (jobId: string) => {
      asked.push(jobId);
      return new Promise<JobSamples>((resolve) => pending.push(resolve));
    },
  };
  const graphs = new FlameGraphs(sampler, { ...defaultFlameGraphOptions, refreshIntervalMs: 1000 }, () => nowMs);
  const answer = async () => {
    pending.shift()?.({ endedAtMs: nowMs, taskSamples: () => [] });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { graphs, asked, answer, advance: (ms: number) => (nowMs += ms) };
}

test('who asks first starts the sampling of a job; nobody starts it again before it is old', async () => {
  const { graphs, asked, answer, advance } = createGraphs();
  expect([graphs.samplesOf('a'), graphs.samplesOf('a')]).toEqual([undefined, undefined]);
  await answer();
  expect(graphs.samplesOf('a')?.endedAtMs).toBe(0);
  expect(asked).toEqual(['a']);
  advance(1000);
  expect(graphs.samplesOf('a')?.endedAtMs).toBe(0);
  graphs.samplesOf('a');
  await answer();
  expect(graphs.samplesOf('a')?.endedAtMs).toBe(1000);
  expect(asked).toEqual(['a', 'a']);
});

test('of many jobs the newest samples are remembered, and not all are sampled at once', async () => {
  const { graphs, asked, answer } = createGraphs();
  for (let i = 0; i < 40; i++) graphs.samplesOf(`job ${i}`);
  expect(asked.length).toBe(16);
  for (let i = 0; i < 16; i++) await answer();
  for (let i = 16; i < 20; i++) graphs.samplesOf(`job ${i}`);
  for (let i = 0; i < 4; i++) await answer();
  expect(graphs.samplesOf('job 0')).toBeUndefined();
  expect(graphs.samplesOf('job 19')).toBeDefined();
});
