import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '@yeoul/engine';
import { RestartStrategies } from '@yeoul/engine';
import { FaultPlan, TestCluster } from '@yeoul/testing';
import { expect, test, vi } from 'vitest';
import {
  BasePathBucketAssigner,
  DefaultRollingPolicy,
  FileSink,
  OnCheckpointRollingPolicy,
  type RollingPolicy,
  SimpleStringEncoder,
} from '../../src/files/index.ts';
import countWords from '../readme-example.ts';
import { makeDirectory } from './temporary-directory.ts';

vi.setConfig({ testTimeout: 30_000 });

const LINES = Array.from({ length: 6000 }, (_, i) => `line-${String(i).padStart(5, '0')}`);

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function finishedLines(directory: string): string[] {
  const parts = filesBelow(directory).filter((path) => /\/part-\d+-\d+$/.test(path));
  return parts.flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1)).sort();
}

/** Two input files, so that both subtasks read. */
function writeInput(): string {
  const input = join(makeDirectory(), 'input');
  mkdirSync(input);
  writeFileSync(join(input, 'a.txt'), LINES.slice(0, 3000).join('\n'));
  writeFileSync(join(input, 'b.txt'), `${LINES.slice(3000).join('\r\n')}\r\n`);
  return input;
}

interface CopyOptions {
  readonly policy?: RollingPolicy;
  readonly checkpointMs?: number;
  readonly plan?: FaultPlan;
  /** A pause of this length after every 50 lines. */
  readonly slowMs?: number;
  readonly rebalance?: boolean;
}

function copyProgram(input: string, output: string, options: CopyOptions): Program {
  const { policy = OnCheckpointRollingPolicy, checkpointMs, plan = new FaultPlan([]), slowMs = 0 } = options;
  return async (env) => {
    if (checkpointMs !== undefined) env.enableCheckpointing(checkpointMs);
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(100, 1));
    const lines = env.readTextFile(input);
    const spread = options.rebalance ? lines.rebalance() : lines;
    const checked = spread.map((line) => {
      plan.step();
      if (slowMs > 0 && plan.calls % 50 === 0) busy(slowMs);
      return line;
    });
    checked.addSink(
      FileSink.forRowFormat<string>(output, new SimpleStringEncoder())
        .withBucketAssigner(new BasePathBucketAssigner())
        .withRollingPolicy(policy)
        .build(),
    );
    await env.execute('copy');
  };
}

function busy(durationMs: number): void {
  const untilMs = performance.now() + durationMs;
  while (performance.now() < untilMs);
}

test('a bounded job without checkpoints finishes its files at the end', async () => {
  await using cluster = await TestCluster.open();
  const output = join(makeDirectory(), 'out');
  await cluster.run(copyProgram(writeInput(), output, {}), { parallelism: 2 });
  expect(finishedLines(output)).toEqual(LINES);
});

test.each([
  [1, false],
  [2, false],
  [2, true],
])('parallelism %d, rebalanced %s: the last files come with the last checkpoint', async (parallelism, rebalance) => {
  await using cluster = await TestCluster.open();
  const output = join(makeDirectory(), 'out');
  const policy = DefaultRollingPolicy.builder().withMaxPartSize(5000).build();
  await cluster.run(copyProgram(writeInput(), output, { checkpointMs: 15, policy, slowMs: 1, rebalance }), {
    parallelism,
  });
  expect(finishedLines(output)).toEqual(LINES);
  expect(filesBelow(output).filter((path) => path.includes('inprogress'))).toEqual([]);
});

test('a subtask that ends long before the others: the others go on with checkpoints, and every line comes once', async () => {
  await using cluster = await TestCluster.open();
  const input = writeInput();
  const long = Array.from({ length: 30_000 }, (_, i) => String(i).padStart(6, '0'));
  writeFileSync(join(input, 'a.txt'), 'short\n');
  writeFileSync(join(input, 'b.txt'), long.join('\n'));
  const output = join(makeDirectory(), 'out');
  const jobId = await cluster.submit(copyProgram(input, output, { checkpointMs: 10, slowMs: 2 }), { parallelism: 2 });
  await cluster.cluster.awaitResult(jobId);
  expect(finishedLines(output)).toEqual([...long, 'short']);
  expect(cluster.detail(jobId).checkpoints.counts.completed).toBeGreaterThan(1);
});

test('functions that fail: every line once', async () => {
  await using cluster = await TestCluster.open();
  const output = join(makeDirectory(), 'out');
  const plan = new FaultPlan([500, 2500, 4000, 4100, 7000]);
  await cluster.run(copyProgram(writeInput(), output, { checkpointMs: 15, plan, slowMs: 1 }), { parallelism: 2 });
  expect(plan.thrown).toBeGreaterThanOrEqual(4);
  expect(finishedLines(output)).toEqual(LINES);
  expect(filesBelow(output).filter((path) => path.includes('inprogress'))).toEqual([]);
});

test.each([1, 2, 3])('a process that is killed again and again, seed %d: every line once', async (seed) => {
  const cluster = await TestCluster.open({ seed });
  const output = join(makeDirectory(), 'out');
  const policy =
    seed % 2 === 0 ? OnCheckpointRollingPolicy : DefaultRollingPolicy.builder().withMaxPartSize(4000).build();
  const program = copyProgram(writeInput(), output, { checkpointMs: 10, policy, slowMs: 1, rebalance: seed === 3 });
  const jobId = await cluster.submit(program, { parallelism: 2 });
  for (let kill = 0; kill < 6; kill++) {
    await new Promise((resolve) => setTimeout(resolve, 20 + cluster.random.below(80)));
    if (cluster.detail(jobId).state === 'FINISHED') break;
    cluster.crash();
    await cluster.reopen();
  }
  await cluster.cluster.awaitResult(jobId);
  expect(finishedLines(output)).toEqual(LINES);
  await cluster.close();
});

test('stopped with a savepoint, resumed at another parallelism: every line once', async () => {
  await using cluster = await TestCluster.open();
  const output = join(makeDirectory(), 'out');
  const policy = DefaultRollingPolicy.builder().build();
  const program = copyProgram(writeInput(), output, { checkpointMs: 15, policy, slowMs: 2 });
  const jobId = await cluster.submit(program, { parallelism: 2 });
  await cluster.awaitRunning(jobId);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const savepointPath = await cluster.stop(jobId);
  await cluster.run(program, { parallelism: 3, savepointPath });
  expect(finishedLines(output)).toEqual(LINES);
});

test('the example of the README counts words', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const example = readFileSync(new URL('../readme-example.ts', import.meta.url), 'utf8');
  const asUsersImport = example
    .replace("'@yeoul/engine'", "'yeoul'")
    .replace("'../src/files/index.ts'", "'yeoul/connectors/files'");
  expect(readme).toContain(asUsersImport.trim());
  await using cluster = await TestCluster.open();
  const directory = makeDirectory();
  const input = join(directory, 'input.txt');
  writeFileSync(input, 'To be, or not to be\nbe quick\n');
  await cluster.run(countWords, { args: [input, join(directory, 'counts')] });
  const [part] = filesBelow(join(directory, 'counts'));
  const counts = readFileSync(part as string, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(counts).toContainEqual({ word: 'be', count: 3 });
});
