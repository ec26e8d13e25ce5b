import type { CommandContext } from './command-context.ts';
import { formatDuration } from './format.ts';
import type { JobOutcome } from './live/watch-job.ts';

/** What Flink's client says after a job, on standard error: standard output is the job's own. */
export function printResult(outcome: JobOutcome, context: CommandContext): void {
  context.error(`Job ${outcome.jobId} finished in ${formatDuration(outcome.durationMs)}`);
  for (const { name, type, value } of outcome.accumulators) context.error(`- ${name} (${type}): ${shown(value)}`);
}

const MAX_SHOWN = 200;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.length} elements]`;
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
