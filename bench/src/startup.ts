// Process start to job RUNNING, and what an idle engine holds in memory.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchArguments } from './arguments.ts';
import { checkAtMost } from './bars.ts';
import type { BenchContext } from './bench-context.ts';
import { prepareYeoul } from './engines.ts';
import type { Outcome } from './outcome.ts';
import { residentMiB } from './process-memory.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** Long enough for what start-up left behind to be collected. */
const IDLE_MS = 3_000;

export interface StartupResult {
  readonly bench: 'startup';
  readonly parallelism: number;
  /** From spawning the process to the job's RUNNING, as the parent sees it. */
  readonly startToRunningMs: Spread;
  /** Resident memory of the whole process, engine up, no job. */
  readonly idleMiB: Spread;
}

type Driver = Awaited<ReturnType<typeof prepareYeoul>>;

export async function runStartup({ parallelism, repeats }: BenchArguments, context: BenchContext): Promise<Outcome> {
  const { bars, root, log } = context;
  const driver = await prepareYeoul('startup-driver', root);
  const starts: number[] = [];
  const idles: number[] = [];
  for (let run = 0; run < repeats; run++) {
    starts.push(await measureStart(driver, parallelism));
    idles.push(await measureIdle(driver, parallelism));
    log(`  run ${run + 1}    RUNNING after ${Math.round(starts.at(-1)!)} ms, idle ${idles.at(-1)} MiB`);
  }
  return toOutcome(
    { bench: 'startup', parallelism, startToRunningMs: spreadOf(starts), idleMiB: spreadOf(idles) },
    bars.startup,
  );
}

function toOutcome(result: StartupResult, limits: BenchContext['bars']['startup']): Outcome {
  const { startToRunningMs, idleMiB } = result;
  return {
    name: 'startup',
    text: `process start to job RUNNING: ${span(startToRunningMs)} ms\nidle memory: ${span(idleMiB)} MiB`,
    summary: result,
    result,
    svg: undefined,
    checks: [
      checkAtMost('startup, process start to job RUNNING', startToRunningMs.median, limits.maxStartToRunningMs, ' ms'),
      checkAtMost('startup, idle memory', idleMiB.median, limits.maxIdleMiB, ' MiB'),
    ],
    isCorrect: true,
  };
}

async function measureStart(driver: Driver, parallelism: number): Promise<number> {
  const startMs = performance.now();
  return withDriver(driver, ['job', String(parallelism)], 'RUNNING', async () => performance.now() - startMs);
}

async function measureIdle(driver: Driver, parallelism: number): Promise<number> {
  return withDriver(driver, ['idle', String(parallelism)], 'READY', async (pid) => {
    await delay(IDLE_MS);
    return residentMiB(pid) ?? Number.NaN;
  });
}

/** Starts the driver, waits for its word, measures, ends it. */
async function withDriver(
  driver: Driver,
  args: readonly string[],
  word: string,
  measure: (pid: number) => Promise<number>,
): Promise<number> {
  const command = driver(args);
  const child = spawn(command.program, command.args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await waitForLine(child.stdout, word, exited);
    return await measure(child.pid!);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

function waitForLine(stream: NodeJS.ReadableStream, word: string, exited: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stream }).on('line', (line) => {
      if (line === word) resolve();
    });
    void exited.then(() => reject(new Error(`The driver ended before it said ${word}`)));
  });
}

function span({ min, median, max }: Spread): string {
  return `${Math.round(median)} (${Math.round(min)}–${Math.round(max)})`;
}
