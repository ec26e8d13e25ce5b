// One throughput comparison from start to end: processes up, engines in turn, result.
import { join } from 'node:path';
import { runAlternating } from './alternate.ts';
import { type BenchArguments, UsageError } from './arguments.ts';
import type { ThroughputCase } from './bars.ts';
import { DriverProcess } from './driver-process.ts';
import { Engine, prepareEngine } from './engines.ts';
import type { RunOptions } from './protocol.ts';
import { ensureTextFile } from './text-file.ts';
import { describeRun } from './throughput-report.ts';
import { type ThroughputResult, toThroughputResult } from './throughput-result.ts';

const DEFAULT_TEXT_MIB = 100;

export interface ThroughputRequest {
  readonly name: string;
  readonly options: RunOptions;
  readonly engines: readonly Engine[];
  readonly warmUps: number;
  readonly repeats: number;
}

/** @param root of the repository @param log gets a line for each run */
export async function runThroughput(
  { name, options, engines, warmUps, repeats }: ThroughputRequest,
  root: string,
  log: (line: string) => void,
): Promise<ThroughputResult> {
  const commands = new Map<Engine, Awaited<ReturnType<typeof prepareEngine>>>();
  for (const engine of engines) commands.set(engine, await prepareEngine(engine, root, log));
  const drivers = new Map<Engine, DriverProcess>();
  try {
    for (const [engine, command] of commands) drivers.set(engine, new DriverProcess(engine, command(options)));
    const runs = await runAlternating(drivers, { warmUps, repeats, onRun: (run) => log(describeRun(run)) });
    return toThroughputResult(name, options, runs);
  } finally {
    await Promise.all([...drivers.values()].map((driver) => driver.close()));
  }
}

/** What to run: the case's sizes, changed by what the command line says. Makes the word count's text when it is missing. */
export async function toRunOptions(
  { bench, ...sizes }: ThroughputCase,
  given: BenchArguments,
  root: string,
): Promise<RunOptions> {
  if (given.batch && bench !== 'wordcount') throw new UsageError(`--batch ${bench}: only wordcount has a batch mode`);
  const file = bench === 'wordcount' ? await textFile(sizes.textMiB, given, root) : '';
  return {
    bench,
    file,
    records: given.records ?? sizes.records ?? 0,
    keys: given.keys ?? sizes.keys ?? 0,
    parallelism: given.parallelism,
    checkpointMs: given.checkpointMs ?? sizes.checkpointMs ?? 0,
    backend: given.backend ?? sizes.backend ?? 'heap',
    batch: given.batch,
  };
}

async function textFile(caseMiB: number | undefined, given: BenchArguments, root: string): Promise<string> {
  if (given.file !== undefined) return given.file;
  const sizeMiB = given.textMiB ?? caseMiB ?? DEFAULT_TEXT_MIB;
  const file = join(root, '.cache', 'bench', `text-${sizeMiB}.txt`);
  await ensureTextFile(file, sizeMiB);
  return file;
}

/** Yeoul and the plain loop always, unless left out; Flink when asked for. In the order they take turns. */
export function enginesOf({ against, without }: BenchArguments): Engine[] {
  const chosen = new Set<Engine>([Engine.yeoul, Engine.plain, ...against]);
  for (const engine of without) chosen.delete(engine);
  return [Engine.yeoul, Engine.flink, Engine.plain].filter((engine) => chosen.has(engine));
}

/** A changed size makes a result of its own, which must not replace the case's. */
export function isCustom(given: BenchArguments): boolean {
  const { records, keys, textMiB, file, checkpointMs, backend, batch, parallelism } = given;
  const sizes = [records, keys, textMiB, file, checkpointMs, backend];
  return sizes.some((size) => size !== undefined) || batch || parallelism !== 2;
}
