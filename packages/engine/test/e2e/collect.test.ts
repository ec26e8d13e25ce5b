// What executeAndCollect gives a program when the process ends in the middle.
import type { Program } from '@yeoul/engine';
import { TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { allTexts, texts } from './support/jobs.ts';
import { Gate } from './support/partitioned-source.ts';

interface Run {
  readonly values: string[];
  outcome: unknown;
}

/** One entry per life of the program. */
function collecting(runs: Run[], gate: Gate, checkpointMs: number): Program {
  return async (env) => {
    env.enableCheckpointing(checkpointMs);
    const run: Run = { values: [], outcome: undefined };
    const iterator = texts(env, { uid: 'a', count: 20, gate }).executeAndCollect();
    runs.push(run);
    try {
      for await (const value of await iterator) run.values.push(value);
      run.outcome = 'ended';
    } catch (error) {
      run.outcome = (error as { code?: string }).code;
      throw error;
    }
  };
}

test('a job that goes on from a checkpoint does so without its program: a part is never handed over as the whole', async () => {
  await using cluster = await TestCluster.open();
  const runs: Run[] = [];
  const gate = new Gate(5);
  const jobId = await cluster.submit(collecting(runs, gate, 10));
  await cluster.until('the first have come', () => runs.some(({ values }) => values.length === 10));
  await cluster.awaitCheckpoints(jobId, 2);
  const lived = runs.length;
  cluster.crash();
  await cluster.reopen();
  await cluster.until('the program has run again', () =>
    runs.slice(lived).some(({ outcome }) => outcome !== undefined),
  );
  expect(runs.slice(lived).map(({ values, outcome }) => [values, outcome])).toContainEqual([[], 'COLLECT_INTERRUPTED']);
  gate.open();
  await cluster.cluster.awaitResult(jobId);
  expect(cluster.detail(jobId).state).toBe('FINISHED');
});

test('a job that begins again hands over everything', async () => {
  await using cluster = await TestCluster.open();
  const runs: Run[] = [];
  const gate = new Gate(5);
  const jobId = await cluster.submit(collecting(runs, gate, 3_600_000));
  await cluster.awaitRunning(jobId);
  const lived = runs.length;
  cluster.crash();
  await cluster.reopen();
  gate.open();
  await cluster.until('the program has ended', () => runs.slice(lived).some(({ outcome }) => outcome === 'ended'));
  const whole = runs.slice(lived).find(({ outcome }) => outcome === 'ended');
  expect(whole?.values.toSorted()).toEqual(allTexts('a', 20).sort());
});
