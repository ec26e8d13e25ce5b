import { expect, test } from 'vitest';
import type { MeasuredRun } from '../src/alternate.ts';
import type { Engine } from '../src/engines.ts';
import type { RunOptions } from '../src/protocol.ts';
import { toSummary, toThroughputResult } from '../src/throughput-result.ts';

const options: RunOptions = {
  bench: 'statemachine',
  records: 100,
  keys: 10,
  file: '',
  parallelism: 2,
  checkpointMs: 0,
  backend: 'heap',
  batch: false,
};

function run(
  engine: Engine,
  round: number,
  recordsPerSecond: number,
  report: Partial<MeasuredRun['report']> = {},
): MeasuredRun {
  return {
    engine,
    round,
    isWarmUp: round === 0,
    load: { foreignCores: 0, stealShare: 0, ownCores: 2, isQuiet: true },
    report: {
      engine,
      bench: 'statemachine',
      run: round + 1,
      parallelism: 2,
      records: 100,
      seconds: 1,
      recordsPerSecond,
      results: 7,
      checksum: 700,
      peakMiB: 50 + round,
      ...report,
    },
  };
}

const runs = [
  run('yeoul', 0, 1),
  run('flink', 0, 900),
  run('yeoul', 1, 30),
  run('flink', 1, 10),
  run('yeoul', 2, 80),
  run('flink', 2, 20),
  run('yeoul', 3, 50),
  run('flink', 3, 10),
];

test('the summary has medians of counted runs, the peak of all, and the ratio pair by pair', () => {
  expect(JSON.parse(JSON.stringify(toSummary(toThroughputResult('statemachine', options, runs))))).toEqual({
    bench: 'statemachine',
    parallelism: 2,
    yeoul: { recordsPerSecond: 50, peakMiB: 53 },
    flink: { recordsPerSecond: 10, peakMiB: 53 },
    ratio: { min: 3, median: 4, max: 5 },
    checksumsEqual: true,
  });
});

test('without Flink there is no ratio', () => {
  const ours = runs.filter((one) => one.engine === 'yeoul');
  expect(toThroughputResult('statemachine', options, ours).ratio).toBeNull();
});

test('another checksum in any run, a warm-up too, makes the answers differ', () => {
  const wrong = [run('yeoul', 0, 1), run('flink', 0, 1, { checksum: 701 }), run('yeoul', 1, 1), run('flink', 1, 1)];
  const result = toThroughputResult('statemachine', options, wrong);
  expect(result.differences).toEqual(['flink run 0 against yeoul run 0: checksum 701, not 700']);
  expect(result.checksumsEqual).toBe(false);
});

test('sliding windows may differ in the last six digits of the checksum, not in the results', () => {
  const sliding = { ...options, bench: 'sliding' as const };
  const checksums = [run('yeoul', 1, 1, { checksum: 3_809_997_813 }), run('flink', 1, 1, { checksum: 3_809_997_755 })];
  expect(toThroughputResult('sliding', sliding, checksums).checksumsEqual).toBe(true);
  const results = [run('yeoul', 1, 1), run('flink', 1, 1, { results: 8 })];
  expect(toThroughputResult('sliding', sliding, results).checksumsEqual).toBe(false);
});

test('runs on a machine that was not quiet are counted and told', () => {
  const loud = { ...run('flink', 1, 10), load: { foreignCores: 1, stealShare: 0, ownCores: 2, isQuiet: false } };
  expect(toThroughputResult('statemachine', options, [run('yeoul', 1, 30), loud]).loudRuns).toBe(1);
});
