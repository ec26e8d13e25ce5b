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
  const text = typeof value === 'string' ? value : JSON.stringify(value, toPlain);
  if (Array.isArray(value)) return `[${value.length} elements]`;
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** Maps and sets as what they hold: JSON alone shows neither. */
function toPlain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}
