// Holds our server against what a real Flink answered.
//   npm run conformance [-- --only cluster,refusals] [--url URL]   replay on our server (or the one at URL), compare, list differences
//   npm run conformance:flink [-- --only …]                        record golden/ again on a real Flink 1.9
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Comparison, compare } from './compare.ts';
import { startFlinkTarget } from './flink-target.ts';
import { startOwnServer } from './own-server.ts';
import { record, type Target } from './recorder.ts';
import type { Recording, Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';

const root = process.cwd();
const goldenDir = join(root, 'conformance', 'golden', 'flink-1.9');
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, out: { type: 'string' }, all: { type: 'boolean' } },
});
const chosen = scenarios.filter(({ name }) => flags.only === undefined || flags.only.split(',').includes(name));
const work = mkdtempSync(join(tmpdir(), 'yeoul-conformance-'));

try {
  if (positionals[0] === 'record-flink') await recordFlink();
  else await compareOwn();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function recordFlink(): Promise<void> {
  const flink = await startFlinkTarget(join(root, '.cache', 'conformance'));
  try {
    for (const scenario of chosen) {
      const recording = await record(scenario, flink.target);
      await write(goldenDir, recording);
      console.log(`${scenario.name}: ${recording.answers.length} answers recorded`);
    }
  } finally {
    await flink.stop();
  }
}

async function compareOwn(): Promise<void> {
  const server = await startOwnServer(root, work);
  try {
    const comparisons: Comparison[] = [];
    for (const scenario of chosen) comparisons.push(await replay(scenario, server.target));
    report(comparisons);
  } finally {
    await server.stop();
  }
}

async function replay(scenario: Scenario, target: Target): Promise<Comparison> {
  const golden = JSON.parse(await readFile(join(goldenDir, `${scenario.name}.json`), 'utf8')) as Recording;
  const answers = { scenario: scenario.name, answers: [] };
  const actual = await record(scenario, target).catch((error: Error) => {
    console.error(`${scenario.name} was not replayed to its end: ${error.message}`);
    return answers;
  });
  if (flags.out !== undefined) await write(resolve(flags.out), actual);
  return compare(scenario, golden, actual);
}

/** Lines shown of one answer, unless --all. */
const MAX_LINES = 6;

function report(comparisons: readonly Comparison[]): void {
  const differences = comparisons.flatMap((comparison) => comparison.differences);
  for (const { scenario, label, request, lines } of differences) {
    const shown = flags.all === true ? lines : lines.slice(0, MAX_LINES);
    console.log(`${scenario} ${label} (${request})`);
    for (const line of shown) console.log(`    ${line}`);
    if (shown.length < lines.length) console.log(`    and ${lines.length - shown.length} more (--all)`);
  }
  const compared = comparisons.reduce((sum, comparison) => sum + comparison.compared, 0);
  console.log(`${compared - differences.length} of ${compared} answers match`);
  process.exitCode = differences.length === 0 ? 0 : 1;
}

async function write(folder: string, recording: Recording): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${recording.scenario}.json`), `${JSON.stringify(recording, null, 1)}\n`);
}
