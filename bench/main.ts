// npm run bench -- NAME [options]. The entry: reads the command line, gives clock, folders and output, sets the exit code.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BenchArguments, parseArguments, UsageError } from './src/arguments.ts';
import { type Bars, describeCheck } from './src/bars.ts';
import type { BenchContext } from './src/bench-context.ts';
import { benchmarkNames, runBenchmark } from './src/benchmarks.ts';
import { helpText } from './src/help.ts';
import { loadAverage } from './src/machine-load.ts';
import type { Outcome } from './src/outcome.ts';
import { describeOrigin, writeResultFiles } from './src/result-files.ts';

const ALL = 'all';

/** npm runs scripts in the repository's folder; relative files are meant from where the user is. */
const root = process.cwd();
const userDir = process.env.INIT_CWD ?? root;
const log = (line: string): void => console.log(line);

async function main(): Promise<number> {
  const bars = JSON.parse(readFileSync(join(root, 'bench', 'bars.json'), 'utf8')) as Bars;
  const names = benchmarkNames(bars);
  const command = parseArguments(process.argv.slice(2), [...names, ALL]);
  if (command.kind === 'help') {
    log(helpText(bars));
    return 0;
  }
  const given = withResolvedFiles(command.arguments);
  const context: BenchContext = { bars, root, log };
  const outcomes: Outcome[] = [];
  for (const name of given.name === ALL ? names : [given.name]) outcomes.push(await runAndKeep(name, given, context));
  const allHold = given.check ? reportChecks(outcomes) : true;
  if (given.json) log(JSON.stringify(toLastLine(given.name, outcomes)));
  return allHold && outcomes.every((outcome) => outcome.isCorrect) ? 0 : 1;
}

async function runAndKeep(name: string, given: BenchArguments, context: BenchContext): Promise<Outcome> {
  log(`\n${name}`);
  const origin = describeOrigin(new Date().toISOString(), loadAverage());
  const outcome = await runBenchmark(name, given, context);
  log(`\n${outcome.text}`);
  const files = await writeResultFiles(
    join(root, 'bench', 'results'),
    outcome.name,
    { ...origin, ...outcome.result },
    outcome.svg,
  );
  if (given.svg !== undefined && outcome.svg !== undefined) {
    writeFileSync(given.svg, outcome.svg);
    files.push(given.svg);
  }
  log(`written: ${files.join(', ')}`);
  return outcome;
}

function reportChecks(outcomes: readonly Outcome[]): boolean {
  const checks = outcomes.flatMap((outcome) => outcome.checks);
  log('');
  for (const check of checks) log(describeCheck(check));
  if (checks.length === 0) log('nothing to check: bars are ratios to Flink, so add --against flink');
  return checks.every((check) => check.holds);
}

function toLastLine(name: string, outcomes: readonly Outcome[]): object {
  const summaries = outcomes.map((outcome) => outcome.summary);
  return name === ALL ? { bench: ALL, results: summaries } : summaries[0]!;
}

function withResolvedFiles(given: BenchArguments): BenchArguments {
  return {
    ...given,
    ...(given.file === undefined ? {} : { file: resolve(userDir, given.file) }),
    ...(given.svg === undefined ? {} : { svg: resolve(userDir, given.svg) }),
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(
    error instanceof UsageError
      ? `${error.message}\nSee npm run bench -- --help`
      : error instanceof Error
        ? error.message
        : error,
  );
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
