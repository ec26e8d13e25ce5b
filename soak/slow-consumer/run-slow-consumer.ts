// Runs the built command with the slow job, looks at the memory of its process from outside, and ends it.
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Judgement, judgeSamples, type MemorySample } from './judge-samples.ts';
import type { SlowConsumerScenario } from './scenario.ts';

export interface SlowConsumerOptions {
  /** Of the repository. */
  readonly root: string;
  readonly onProgress: (text: string) => void;
  readonly monotonicMs: () => number;
}

/** Wait for the process to end after SIGINT, ms; then it is killed. */
const END_LIMIT_MS = 10_000;

export async function runSlowConsumer(
  scenario: SlowConsumerScenario,
  { root, onProgress, monotonicMs }: SlowConsumerOptions,
): Promise<Judgement> {
  const { parallelism, sinkDelayMs, checkpointMs, stateBackend } = scenario;
  const engine = ['run', '-p', String(parallelism), '--state-backend', stateBackend];
  const job = [join(root, 'soak/slow-consumer/job.ts'), String(sinkDelayMs), String(checkpointMs)];
  const child = spawn(process.execPath, [join(root, 'packages/yeoul/bin/yeoul.js'), ...engine, ...job]);
  let written = 0;
  let errors = '';
  createInterface(child.stdout).on('line', (line) => {
    written += Number(/^written (\d+)$/.exec(line)?.[1] ?? 0);
  });
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await Promise.race([ended, sleep(scenario.warmUpMs)]);
    const samples: MemorySample[] = [];
    const untilMs = monotonicMs() + scenario.watchedMs;
    while (child.exitCode === null && monotonicMs() < untilMs) {
      samples.push({ rssMiB: readRssMiB(child.pid as number), written });
      if (samples.length % 60 === 0) onProgress(`${samples.at(-1)?.rssMiB} MiB, ${written} records`);
      await sleep(scenario.sampleMs);
    }
    const judgement = judgeSamples(samples, scenario);
    if (child.exitCode === null) return judgement;
    return { ...judgement, problems: [...judgement.problems, `the job ended by itself: ${errors}`] };
  } finally {
    child.kill('SIGINT');
    const killer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
    await ended;
    clearTimeout(killer);
  }
}

function readRssMiB(pid: number): number {
  const kiB = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim());
  return Math.round(kiB / 1024);
}
