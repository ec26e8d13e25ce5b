// A throughput result as text for a person.
import type { MeasuredRun } from './alternate.ts';
import type { RatioBar } from './bars.ts';
import { describeLoad } from './machine-load.ts';
import type { Spread } from './statistics.ts';
import { formatTable } from './table.ts';
import type { ThroughputResult } from './throughput-result.ts';

export function describeRun({ engine, round, isWarmUp, report, load }: MeasuredRun): string {
  const label = isWarmUp ? 'warm-up' : `run ${round}`;
  const notes = load === undefined ? '' : load.isQuiet ? '' : `  (not quiet: ${describeLoad(load)})`;
  const speed = `${millions(report.recordsPerSecond)} M rec/s`;
  return `  ${label.padEnd(8)} ${engine.padEnd(6)} ${speed.padStart(15)}  ${report.seconds.toFixed(2)} s  ${report.peakMiB} MiB${notes}`;
}

export function describeThroughput(result: ThroughputResult, bar: RatioBar | undefined): string {
  const rows = Object.entries(result.engines).map(([engine, { recordsPerSecond, peakMiB }]) => [
    engine,
    ...spreadCells(recordsPerSecond, millions),
    String(peakMiB),
  ]);
  const ratios = [
    ...(result.ratio ? [['yeoul / flink', ...spreadCells(result.ratio, times), '']] : []),
    ...(result.plainRatio ? [['yeoul / plain', ...spreadCells(result.plainRatio, times), '']] : []),
  ];
  return [
    formatTable(['M records/s', 'min', 'median', 'max', 'peak MiB'], [...rows, ...ratios]),
    ...(result.ratio && bar ? [`bar: ${bar.bar}× Flink${bar.goal === undefined ? '' : `, goal ${bar.goal}×`}`] : []),
    describeAnswers(result),
    describeQuiet(result),
  ].join('\n');
}

function describeAnswers({ differences, runs }: ThroughputResult): string {
  const report = runs[0]?.report;
  return differences.length === 0
    ? `answers equal in all ${runs.length} runs: ${report?.results} results, checksum ${report?.checksum}`
    : `ANSWERS DIFFER:\n  ${differences.join('\n  ')}`;
}

function describeQuiet({ loudRuns, runs }: ThroughputResult): string {
  const counted = runs.filter((run) => !run.isWarmUp).length;
  if (loudRuns === null) return 'load of the machine: unknown on this system';
  return loudRuns === 0
    ? 'the machine was quiet during every counted run'
    : `the machine was NOT quiet during ${loudRuns} of ${counted} counted runs: read the ratios with care`;
}

function spreadCells(spread: Spread, format: (value: number) => string): string[] {
  return [format(spread.min), format(spread.median), format(spread.max)];
}

function millions(value: number): string {
  return (value / 1e6).toFixed(value < 1e6 ? 3 : 2);
}

function times(value: number): string {
  return `${value.toFixed(2)}×`;
}
