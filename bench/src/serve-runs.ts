import { createInterface } from 'node:readline';
import { peakResidentMiB } from './process-memory.ts';
import type { CheckpointFigures, RunOptions, RunReport } from './protocol.ts';

/** What a driver's repetition gives back. */
export interface Repetition {
  readonly records: number;
  readonly results: number;
  readonly checksum: number;
  /** The engine's own net run time; without it the wall time of the call counts. */
  readonly seconds?: number;
  readonly checkpoints?: CheckpointFigures;
}

/** The driver's side of the protocol: one repetition for each line of standard input, until its end. */
export async function serveRuns(
  engine: string,
  options: RunOptions,
  runOnce: () => Repetition | Promise<Repetition>,
): Promise<void> {
  let run = 0;
  for await (const _request of createInterface({ input: process.stdin })) {
    run++;
    const startMs = performance.now();
    const repetition = await runOnce();
    const seconds = repetition.seconds ?? (performance.now() - startMs) / 1000;
    const report: RunReport = {
      engine,
      bench: options.bench,
      run,
      parallelism: options.parallelism,
      records: repetition.records,
      seconds: Math.round(seconds * 1000) / 1000,
      recordsPerSecond: Math.round(repetition.records / seconds),
      results: repetition.results,
      checksum: repetition.checksum,
      peakMiB: peakResidentMiB(),
      ...(repetition.checkpoints === undefined ? {} : { checkpoints: repetition.checkpoints }),
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
}
