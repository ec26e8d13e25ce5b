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
import { readThreadCpu } from './thread-cpu.ts';

/** Long enough for what start-up left behind to be collected. */
const IDLE_MS = 3_000;

export interface StartupResult {
  readonly bench: 'startup';
  readonly parallelism: number;
  readonly alone: StartupFigures;
  /** With the REST API, which accepts requests before the job is submitted. */
  readonly served: StartupFigures;
}

interface StartupFigures {
  /** From spawning the process to the job's RUNNING, as the parent sees it. */
  readonly startToRunningMs: Spread;
  /** CPU time of the main thread until then: what a quiet machine would take at least, whatever this one does. */
  readonly mainCpuMs: Spread;
  /** Resident memory of the whole process, engine up, no job. */
  readonly idleMiB: Spread;
}

type Driver = Awaited<ReturnType<typeof prepareYeoul>>;

export async function runStartup({ parallelism, repeats }: BenchArguments, context: BenchContext): Promise<Outcome> {
  const { bars, root, log } = context;
  const measure = async (name: string, label: string) =>
    measureStarts(await prepareYeoul(name, root), { parallelism, repeats, label, log });
  const alone = await measure('startup-driver', 'alone');
  const served = await measure('startup-served-driver', 'with REST');
  return toOutcome({ bench: 'startup', parallelism, alone, served }, bars.startup);
}

interface StartMeasurement {
  readonly parallelism: number;
  readonly repeats: number;
  readonly label: string;
  readonly log: (line: string) => void;
}

async function measureStarts(driver: Driver, measurement: StartMeasurement): Promise<StartupFigures> {
  const { parallelism, repeats, label, log } = measurement;
  const starts: { readonly wallMs: number; readonly cpuMs: number }[] = [];
  const idles: number[] = [];
  for (let run = 0; run < repeats; run++) {
    starts.push(await measureStart(driver, ['job', String(parallelism)]));
    idles.push(await measureIdle(driver, ['idle', String(parallelism)]));
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
    text: [...describeFigures('alone', alone), ...describeFigures('with REST', served)].join('\n'),
    summary: result,
    result,
    svg: undefined,
    checks: [...checksOf('alone', alone, limits), ...checksOf('with REST', served, limits)],
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

function measureStart(driver: Driver, args: readonly string[]): Promise<{ wallMs: number; cpuMs: number }> {
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
