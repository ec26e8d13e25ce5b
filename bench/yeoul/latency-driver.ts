// For the latency benchmark: one job, its lateness histogram as percentiles.
import type { LatencyResult } from '../src/latency.ts';
import { BenchEngine } from './engine.ts';
import { quantileOfHistogram } from './histogram-quantile.ts';
import { LATENCY_ACCUMULATOR, LATENCY_UNIT_MS, type LatencyOptions } from './latency.ts';

const [programs = '', dist = '', json = '{}'] = process.argv.slice(2);
const options = JSON.parse(json) as LatencyOptions;
await using engine = await BenchEngine.open({ programs, dist, parallelism: options.parallelism, backend: 'heap' });
const { accumulators } = await engine.run('latency', options);
const counts = new Map(accumulators[LATENCY_ACCUMULATOR] as Iterable<readonly [number, number]>);
const quantileMs = (quantile: number): number =>
  Math.round(quantileOfHistogram(counts, quantile) * LATENCY_UNIT_MS * 100) / 100;
const result: LatencyResult = {
  bench: 'latency',
  parallelism: options.parallelism,
  recordsPerSecond: options.recordsPerSecond,
  records: [...counts.values()].reduce((sum, count) => sum + count, 0),
  p50Ms: quantileMs(0.5),
  p99Ms: quantileMs(0.99),
  p999Ms: quantileMs(0.999),
  maxMs: quantileMs(1),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
