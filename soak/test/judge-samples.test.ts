import { expect, test } from 'vitest';
import { judgeSamples } from '../slow-consumer/judge-samples.ts';
import { ciScenario } from '../slow-consumer/scenario.ts';

const judge = (rssMiB: (i: number) => number, written: (i: number) => number) =>
  judgeSamples(
    Array.from({ length: 60 }, (_, i) => ({ rssMiB: rssMiB(i), written: written(i) })),
    ciScenario,
  ).problems;

test('memory that goes up and down is flat', () => {
  expect(
    judge(
      (i) => 200 + (i % 7) * 20,
      (i) => i,
    ),
  ).toEqual([]);
});

test('memory that grows by 3 MiB a sample is not, whatever else it does', () => {
  expect(
    judge(
      (i) => 200 + i * 3 + (i % 7) * 20,
      (i) => i,
    ),
  ).toEqual([expect.stringMatching(/^memory grew from \d+ to \d+ MiB; 48 MiB are tolerated$/)]);
});

test('a sink that writes nothing, and too few samples, are no success', () => {
  expect(
    judge(
      () => 200,
      () => 7,
    ),
  ).toEqual(['the sinks wrote nothing']);
  expect(judgeSamples([], ciScenario).problems).toHaveLength(2);
});
