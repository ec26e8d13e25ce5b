// The benchmarks by name.
import type { BenchArguments } from './arguments.ts';
import { type Bars, checkAtLeast } from './bars.ts';
import type { BenchContext } from './bench-context.ts';
import { runCheckpointCost } from './checkpoint-cost.ts';
import { runLatency } from './latency.ts';
import type { Outcome } from './outcome.ts';
import { runRest } from './rest.ts';
import { runStartup } from './startup.ts';
import { enginesOf, isCustom, runThroughput, toRunOptions } from './throughput.ts';
import { drawThroughput } from './throughput-chart.ts';
import { describeThroughput } from './throughput-report.ts';
import { toSummary } from './throughput-result.ts';

type Benchmark = (given: BenchArguments, context: BenchContext) => Promise<Outcome>;

const OTHERS: Readonly<Record<string, Benchmark>> = {
  checkpoint: runCheckpointCost,
  startup: runStartup,
  latency: runLatency,
  rest: runRest,
};

export function benchmarkNames(bars: Bars): string[] {
  return [...Object.keys(bars.throughput), ...Object.keys(OTHERS)];
}

export function runBenchmark(name: string, given: BenchArguments, context: BenchContext): Promise<Outcome> {
  const other = OTHERS[name];
  return other === undefined ? runThroughputCase(name, given, context) : other(given, context);
}

async function runThroughputCase(name: string, given: BenchArguments, context: BenchContext): Promise<Outcome> {
  const { bars, root, log } = context;
  const benchCase = bars.throughput[name]!;
  const options = await toRunOptions(benchCase, given, root);
  const { warmUps, repeats } = given;
  const result = await runThroughput({ name, options, engines: enginesOf(given), warmUps, repeats }, root, log);
  const custom = isCustom(given);
  return {
    name: custom ? `${name}-custom` : name,
    text: describeThroughput(result, custom ? undefined : benchCase.ratio),
    summary: toSummary(result),
    result,
    svg: drawThroughput(result),
    checks:
      result.ratio === null
        ? []
        : [checkAtLeast(`${name}, yeoul / flink`, result.ratio.median, benchCase.ratio.bar, '×')],
    isCorrect: result.checksumsEqual,
  };
}
