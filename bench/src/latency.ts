// One record at a time at a steady rate: how long from the moment a record was due at the source to the sink.
import type { BenchArguments } from './arguments.ts';
import { checkAtMost } from './bars.ts';
import type { BenchContext } from './bench-context.ts';
import { prepareYeoul } from './engines.ts';
import { runJsonProgram } from './json-program.ts';
import type { Outcome } from './outcome.ts';

/** What bench/yeoul/latency-driver.ts prints. Times are measured from when a record was due, so a stalled source hides nothing. */
export interface LatencyResult {
  readonly bench: 'latency';
  readonly parallelism: number;
  readonly recordsPerSecond: number;
  /** Records measured, after the first second. */
  readonly records: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

export async function runLatency(
  { parallelism, checkpointMs }: BenchArguments,
  context: BenchContext,
): Promise<Outcome> {
  const { bars, root } = context;
  const driver = await prepareYeoul('latency-driver', root);
  const { recordsPerSecond, seconds, maxP99Ms } = bars.latency;
  const request = { parallelism, recordsPerSecond, seconds, checkpointMs: checkpointMs ?? 0 };
  const result = await runJsonProgram<LatencyResult>(driver([JSON.stringify(request)]));
  const expected = recordsPerSecond * (seconds - 1);
  return {
    name: checkpointMs === undefined && parallelism === 2 ? 'latency' : 'latency-custom',
    text: `${result.records} records at ${recordsPerSecond}/s, parallelism ${parallelism}: p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, p99.9 ${result.p999Ms} ms, max ${result.maxMs} ms`,
    summary: result,
    result,
    svg: undefined,
    checks: [checkAtMost('latency, p99', result.p99Ms, maxP99Ms, ' ms')],
    isCorrect: result.records >= expected * 0.99,
  };
}
