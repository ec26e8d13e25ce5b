// Whether memory stayed flat, from samples of it. Pure.
import type { SlowConsumerScenario } from './scenario.ts';

export interface MemorySample {
  readonly rssMiB: number;
  /** Records that the sinks had written by then. */
  readonly written: number;
}

export interface Judgement {
  /** Median of the first and of the last third of the samples, MiB. */
  readonly firstMiB: number;
  readonly lastMiB: number;
  readonly written: number;
  readonly problems: readonly string[];
}

export function judgeSamples(samples: readonly MemorySample[], scenario: SlowConsumerScenario): Judgement {
  const third = Math.floor(samples.length / 3);
  const firstMiB = median(samples.slice(0, third).map(({ rssMiB }) => rssMiB));
  const lastMiB = median(samples.slice(-third).map(({ rssMiB }) => rssMiB));
  const written = (samples.at(-1)?.written ?? 0) - (samples[0]?.written ?? 0);
  const problems: string[] = [];
  if (third === 0) problems.push(`${samples.length} samples are too few to tell`);
  if (lastMiB - firstMiB > scenario.toleratedGrowthMiB) {
    problems.push(`memory grew from ${firstMiB} to ${lastMiB} MiB; ${scenario.toleratedGrowthMiB} MiB are tolerated`);
  }
  if (written === 0) problems.push('the sinks wrote nothing');
  return { firstMiB, lastMiB, written, problems };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
