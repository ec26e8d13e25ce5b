// What a checkpoint every second costs: the same job with and without it, in turn.

import { findDifferences } from './answers.ts';
import type { BenchArguments } from './arguments.ts';
import { type BarCheck, type Bars, checkAtMost } from './bars.ts';
import type { BenchContext } from './bench-context.ts';
import { DriverProcess } from './driver-process.ts';
import { Engine, prepareEngine } from './engines.ts';
import type { Outcome } from './outcome.ts';
import type { RunReport } from './protocol.ts';
import { pairRatios, type Spread, spreadOf } from './statistics.ts';
import { formatTable } from './table.ts';
import { toRunOptions } from './throughput.ts';

const INTERVAL_MS = 1_000;

export interface CheckpointCost {
  readonly bench: string;
  readonly recordsPerSecondWithout: Spread;
  readonly recordsPerSecondWith: Spread;
  /** 1 - with/without, pair by pair, in percent. */
  readonly lossPercent: Spread;
  readonly completed: number;
  /** Longest synchronous part of all counted runs. */
  readonly maxSyncMs: number;
  readonly differences: readonly string[];
}

export async function runCheckpointCost(given: BenchArguments, context: BenchContext): Promise<Outcome> {
  const costs: CheckpointCost[] = [];
  for (const name of context.bars.checkpoint.cases) costs.push(await measureCase(name, given, context));
  const result = { bench: 'checkpoint', parallelism: given.parallelism, cases: costs };
  return {
    name: given.records === undefined && given.parallelism === 2 ? 'checkpoint' : 'checkpoint-custom',
    text: describeCosts(costs),
    summary: result,
    result,
    svg: undefined,
    checks: costs.flatMap((cost) => checksOf(cost, context.bars.checkpoint)),
    isCorrect: costs.every((cost) => cost.differences.length === 0 && cost.completed > 0),
  };
}

async function measureCase(
  name: string,
  given: BenchArguments,
  { bars, root, log }: BenchContext,
): Promise<CheckpointCost> {
  const command = await prepareEngine(Engine.yeoul, root, log);
  const options = await toRunOptions({ ...bars.throughput[name]!, records: bars.checkpoint.records }, given, root);
  const off = new DriverProcess('yeoul', command({ ...options, checkpointMs: 0 }));
  const on = new DriverProcess('yeoul', command({ ...options, checkpointMs: INTERVAL_MS }));
  const pairs: { off: RunReport; on: RunReport }[] = [];
  try {
    for (let round = 0; round < given.warmUps + given.repeats; round++) {
      const pair = { off: await off.runOnce(600_000), on: await on.runOnce(600_000) };
      log(
        `  ${name}: off ${pair.off.recordsPerSecond} rec/s, on ${pair.on.recordsPerSecond} rec/s, ${JSON.stringify(pair.on.checkpoints)}`,
      );
      pairs.push(pair);
    }
  } finally {
    await Promise.all([off.close(), on.close()]);
  }
  return toCost(name, options.bench, pairs, given.warmUps);
}

function toCost(
  name: string,
  bench: Parameters<typeof findDifferences>[0],
  pairs: readonly { off: RunReport; on: RunReport }[],
  warmUps: number,
): CheckpointCost {
  const counted = pairs.slice(warmUps);
  const without = counted.map((pair) => pair.off.recordsPerSecond);
  const withThem = counted.map((pair) => pair.on.recordsPerSecond);
  const runs = pairs.flatMap(({ off, on }, round) =>
    [off, on].map((report) => ({ engine: Engine.yeoul, round, isWarmUp: round < warmUps, report, load: undefined })),
  );
  return {
    bench: name,
    recordsPerSecondWithout: spreadOf(without),
    recordsPerSecondWith: spreadOf(withThem),
    lossPercent: spreadOf(pairRatios(withThem, without).map((ratio) => (1 - ratio) * 100)),
    completed: counted.reduce((sum, pair) => sum + (pair.on.checkpoints?.completed ?? 0), 0),
    maxSyncMs: Math.max(...counted.map((pair) => pair.on.checkpoints?.maxSyncMs ?? 0)),
    differences: findDifferences(bench, runs),
  };
}

function checksOf({ bench, lossPercent, maxSyncMs }: CheckpointCost, limits: Bars['checkpoint']): BarCheck[] {
  return [
    checkAtMost(`checkpoint, ${bench}, throughput lost`, lossPercent.median, limits.maxThroughputLossPercent, ' %'),
    checkAtMost(`checkpoint, ${bench}, longest synchronous part`, maxSyncMs, limits.maxSyncMs, ' ms'),
  ];
}

function describeCosts(costs: readonly CheckpointCost[]): string {
  const rows = costs.map((cost) => [
    cost.bench,
    (cost.recordsPerSecondWithout.median / 1e6).toFixed(2),
    (cost.recordsPerSecondWith.median / 1e6).toFixed(2),
    `${cost.lossPercent.median.toFixed(1)} %`,
    String(cost.completed),
    cost.maxSyncMs.toFixed(1),
    cost.differences.length === 0 ? 'equal' : 'DIFFER',
  ]);
  return formatTable(['case', 'M rec/s off', 'on', 'lost', 'checkpoints', 'max sync ms', 'answers'], rows);
}
