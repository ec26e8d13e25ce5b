// Process start to job RUNNING, and what an idle engine holds in memory.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchArguments } from './arguments.ts';
import { checkAtMost } from './bars.ts';
import type { BenchContext } from './bench-context.ts';
import { prepareYeoul } from './engines.ts';
import type { Outcome } from './outcome.ts';
import { residentMiB } from './process-memory.ts';
import { StartCommand } from './start-command.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { readThreadCpu } from './thread-cpu.ts';

/** Long enough for what start-up left behind to be collected. */
const IDLE_MS = 3_000;

export interface StartupResult {
  readonly bench: 'startup';
  readonly parallelism: number;
  readonly alone: StartupFigures;
  /** `yeoul start` with the State machine job, as `npm start` runs it: its program is bundled, and the REST API answers. */
  readonly served: StartupFigures;
}

interface StartupFigures {
  /** From spawning the process to the job's RUNNING and, where it is served, the first answer of the REST API. */
  readonly startToRunningMs: Spread;
  /** CPU time of the main thread until then: what a quiet machine would take at least, whatever this one does. */
  readonly mainCpuMs: Spread;
  /** Resident memory of the whole process, engine up, no job. */
  readonly idleMiB: Spread;
}

type Driver = Awaited<ReturnType<typeof prepareYeoul>>;

export async function runStartup({ parallelism, repeats }: BenchArguments, context: BenchContext): Promise<Outcome> {
  const { bars, root, log } = context;
  const driver = await prepareYeoul('startup-driver', root);
  const alone = await measureStarts({
    start: () => measureStart(driver, ['job', String(parallelism)]),
    idle: () => measureIdle(driver, ['idle', String(parallelism)]),
    repeats,
    label: 'alone',
    log,
  });
  const served = await measureStarts({
    start: () => measureServedStart(root),
    idle: () => measureServedIdle(root),
    repeats,
    label: 'yeoul start',
    log,
  });
  return toOutcome({ bench: 'startup', parallelism, alone, served }, bars.startup);
}

interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface StartMeasurement {
  readonly start: () => Promise<Start>;
  /** @returns MiB */
  readonly idle: () => Promise<number>;
  readonly repeats: number;
  readonly label: string;
  readonly log: (line: string) => void;
}

async function measureStarts({ start, idle, repeats, label, log }: StartMeasurement): Promise<StartupFigures> {
  const starts: Start[] = [];
  const idles: number[] = [];
  for (let run = 0; run < repeats; run++) {
    starts.push(await start());
    idles.push(await idle());
    const { wallMs, cpuMs } = starts.at(-1)!;
    log(
      `  run ${run + 1}, ${label}: RUNNING after ${wallMs.toFixed()} ms (CPU ${cpuMs.toFixed()}), idle ${idles.at(-1)} MiB`,
    );
  }
  return {
    startToRunningMs: spreadOf(starts.map(({ wallMs }) => wallMs)),
    mainCpuMs: spreadOf(starts.map(({ cpuMs }) => cpuMs)),
    idleMiB: spreadOf(idles),
  };
}

function toOutcome(result: StartupResult, limits: BenchContext['bars']['startup']): Outcome {
  const { alone, served } = result;
  return {
    name: 'startup',
    text: [...describeFigures('alone', alone), ...describeFigures('yeoul start', served)].join('\n'),
    summary: result,
    result,
    svg: undefined,
    checks: [...checksOf('alone', alone, limits), ...checksOf('yeoul start', served, limits)],
    isCorrect: true,
  };
}

function describeFigures(name: string, { startToRunningMs, mainCpuMs, idleMiB }: StartupFigures): string[] {
  return [
    `${name}: process start to job RUNNING ${span(startToRunningMs)} ms, CPU of the main thread ${span(mainCpuMs)} ms`,
    `${name}: idle memory ${span(idleMiB)} MiB`,
  ];
}

function checksOf(
  name: string,
  { startToRunningMs, idleMiB }: StartupFigures,
  limits: BenchContext['bars']['startup'],
) {
  return [
    checkAtMost(
      `startup ${name}, process start to job RUNNING`,
      startToRunningMs.median,
      limits.maxStartToRunningMs,
      ' ms',
    ),
    checkAtMost(`startup ${name}, idle memory`, idleMiB.median, limits.maxIdleMiB, ' MiB'),
  ];
}

/** As `npm start` has it. */
const SLOTS = ['--slots', '8'];

async function measureServedStart(root: string): Promise<Start> {
  const startMs = nowMs();
  await using command = await StartCommand.run(root, [...SLOTS, '--program', join(root, 'examples', 'state-machine')]);
  await fetch(`${command.url}/overview`);
  const answeredMs = nowMs();
  const runningMs = await command.runningAtMs();
  const cpuMs = readThreadCpu(command.pid).mainSeconds * 1000;
  return { wallMs: Math.max(answeredMs, runningMs) - startMs, cpuMs };
}

/** Epoch, as the jobs' times are. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

async function measureServedIdle(root: string): Promise<number> {
  await using command = await StartCommand.run(root, SLOTS);
  await delay(IDLE_MS);
  return residentMiB(command.pid) ?? Number.NaN;
}

function measureStart(driver: Driver, args: readonly string[]): Promise<Start> {
  const startMs = performance.now();
  return withDriver(driver, args, 'RUNNING', async (pid) => ({
    wallMs: performance.now() - startMs,
    cpuMs: readThreadCpu(pid).mainSeconds * 1000,
  }));
}

function measureIdle(driver: Driver, args: readonly string[]): Promise<number> {
  return withDriver(driver, args, 'READY', async (pid) => {
    await delay(IDLE_MS);
    return residentMiB(pid) ?? Number.NaN;
  });
}

/** Starts the driver, waits for its word, measures, ends it. */
async function withDriver<T>(
  driver: Driver,
  args: readonly string[],
  word: string,
  measure: (pid: number) => Promise<T>,
): Promise<T> {
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
