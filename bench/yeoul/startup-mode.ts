import type { BenchEngine } from './engine.ts';

/** Reads the command line `PROGRAMS DIST MODE PARALLELISM` of both drivers, and says how far the engine is. */
export async function runStartupDriver(
  open: (options: Parameters<typeof BenchEngine.open>[0]) => Promise<BenchEngine>,
): Promise<void> {
  const [programs = '', dist = '', mode, parallelismText] = process.argv.slice(2);
  const parallelism = Number(parallelismText);
  const engine = await open({ programs, dist, parallelism, backend: 'heap' });
  if (mode === 'job') await engine.startUntilRunning('endless', { parallelism, checkpointMs: 0 });
  process.stdout.write(mode === 'job' ? 'RUNNING\n' : 'READY\n');
  process.stdin.resume();
}
