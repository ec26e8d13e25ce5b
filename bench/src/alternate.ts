// Runs the engines in turn, one repetition each, round by round: what the machine does meanwhile meets all of them.
import { setTimeout as delay } from 'node:timers/promises';
import type { DriverProcess } from './driver-process.ts';
import type { Engine } from './engines.ts';
import { loadBetween, type MachineLoad, readCpuCounters } from './machine-load.ts';
import type { RunReport } from './protocol.ts';

/** Longest repetition: a disk state run of the slowest engine takes about 40 s. */
const RUN_TIMEOUT_MS = 15 * 60_000;

// An engine that has answered may still be busy: Flink takes its cluster down, both collect garbage. The next one waits for it.
const SETTLE_STEP_MS = 250;
const SETTLE_LIMIT_MS = 5_000;
const SETTLED_CORES = 0.1;

export interface MeasuredRun {
  readonly engine: Engine;
  /** 0 = the first; warm-ups are counted too. */
  readonly round: number;
  readonly isWarmUp: boolean;
  readonly report: RunReport;
  /** undefined where the system does not tell. */
  readonly load: MachineLoad | undefined;
}

export interface AlternateOptions {
  readonly warmUps: number;
  readonly repeats: number;
  readonly onRun: (run: MeasuredRun) => void;
}

/** @returns every run in the order it ran, warm-ups included */
export async function runAlternating(
  drivers: ReadonlyMap<Engine, DriverProcess>,
  { warmUps, repeats, onRun }: AlternateOptions,
): Promise<MeasuredRun[]> {
  const runs: MeasuredRun[] = [];
  for (let round = 0; round < warmUps + repeats; round++) {
    for (const [engine, driver] of drivers) {
      const { report, load } = await measure(driver);
      const run = { engine, round, isWarmUp: round < warmUps, report, load };
      runs.push(run);
      onRun(run);
    }
  }
  return runs;
}

async function measure(driver: DriverProcess): Promise<{ report: RunReport; load: MachineLoad | undefined }> {
  const counters = () => readCpuCounters([driver.pid, process.pid], performance.now() / 1000);
  const before = counters();
  const report = await driver.runOnce(RUN_TIMEOUT_MS);
  const after = counters();
  await settle(driver.pid);
  return { report, load: before && after && loadBetween(before, after) };
}

/** Returns when the process uses next to no CPU, or at the limit; at once where the system does not tell. */
async function settle(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < SETTLE_LIMIT_MS; waitedMs += SETTLE_STEP_MS) {
    const before = readCpuCounters([pid], performance.now() / 1000);
    if (before === undefined) return;
    await delay(SETTLE_STEP_MS);
    const after = readCpuCounters([pid], performance.now() / 1000);
    if (after === undefined || loadBetween(before, after).ownCores <= SETTLED_CORES) return;
  }
}
