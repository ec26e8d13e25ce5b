import type { MeasuredRun } from './alternate.ts';
import { findDifferences } from './answers.ts';
import { Engine } from './engines.ts';
import type { RunOptions } from './protocol.ts';
import { pairRatios, type Spread, spreadOf } from './statistics.ts';

export interface EngineFigures {
  readonly recordsPerSecond: Spread;
  /** Highest resident memory of the process over all its repetitions. */
  readonly peakMiB: number;
}

export interface ThroughputResult {
  readonly bench: string;
  readonly options: RunOptions;
  readonly engines: Readonly<Partial<Record<Engine, EngineFigures>>>;
  /** yeoul/flink, pair by pair; null when one of them did not run. */
  readonly ratio: Spread | null;
  /** yeoul/plain, pair by pair. */
  readonly plainRatio: Spread | null;
  readonly checksumsEqual: boolean;
  readonly differences: readonly string[];
  /** Counted runs during which the machine was not quiet; null where the system does not tell. */
  readonly loudRuns: number | null;
  readonly runs: readonly MeasuredRun[];
}

/** @param bench name of the case @param runs all of them, warm-ups included */
export function toThroughputResult(bench: string, options: RunOptions, runs: readonly MeasuredRun[]): ThroughputResult {
  const counted = runs.filter((run) => !run.isWarmUp);
  const speeds = (engine: Engine): number[] =>
    counted.filter((run) => run.engine === engine).map((run) => run.report.recordsPerSecond);
  const differences = findDifferences(options.bench, runs);
  return {
    bench,
    options,
    engines: Object.fromEntries(
      Object.values(Engine)
        .filter((engine) => speeds(engine).length > 0)
        .map((engine) => [engine, figuresOf(engine, speeds(engine), runs)]),
    ),
    ratio: ratioOf(speeds(Engine.yeoul), speeds(Engine.flink)),
    plainRatio: ratioOf(speeds(Engine.yeoul), speeds(Engine.plain)),
    checksumsEqual: differences.length === 0,
    differences,
    loudRuns: counted.some((run) => run.load === undefined) ? null : counted.filter((run) => !run.load?.isQuiet).length,
    runs,
  };
}

function figuresOf(engine: Engine, speeds: readonly number[], runs: readonly MeasuredRun[]): EngineFigures {
  const peaks = runs.filter((run) => run.engine === engine).map((run) => run.report.peakMiB);
  return { recordsPerSecond: spreadOf(speeds), peakMiB: Math.max(...peaks) };
}

function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread | null {
  return ours.length === 0 || theirs.length === 0 ? null : spreadOf(pairRatios(ours, theirs));
}

/** The one line that --json ends with: medians only. */
export function toSummary({ bench, options, engines, ratio, checksumsEqual }: ThroughputResult): object {
  const short = (figures: EngineFigures | undefined) =>
    figures && { recordsPerSecond: figures.recordsPerSecond.median, peakMiB: figures.peakMiB };
  return {
    bench,
    parallelism: options.parallelism,
    yeoul: short(engines.yeoul),
    flink: short(engines.flink),
    plain: short(engines.plain),
    ratio: ratio && { min: hundredths(ratio.min), median: hundredths(ratio.median), max: hundredths(ratio.max) },
    checksumsEqual,
  };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
