// What the program itself threw, outside of its jobs.
import type { CommandContext } from './command-context.ts';
import { describeKnown, userStack } from './describe-failure.ts';
import { ExitCode } from './exit-codes.ts';

/** Already told with the job that it is about. */
const TOLD_WITH_THE_JOB: ReadonlySet<unknown> = new Set(['JOB_FAILED', 'JOB_CANCELED', 'CLUSTER_CLOSED']);
/** The command line names what is not there. */
const USAGE: ReadonlySet<unknown> = new Set(['PROGRAM_ENTRY_MISSING', 'PROGRAM_NOT_READABLE']);

export function isToldWithTheJob(error: unknown): boolean {
  return TOLD_WITH_THE_JOB.has((error as { code?: unknown }).code);
}

/** Prints the error. @returns the exit code */
export function reportError(error: unknown, context: CommandContext): number {
  const { code, message, stack } = error as { code?: unknown; message?: string; stack?: string };
  if (typeof code === 'string') context.error(describeKnown(code, message ?? '', stack ?? ''));
  else context.error(stack === undefined ? String(error) : userStack(stack, context.installedAt));
  return USAGE.has(code) ? ExitCode.Usage : ExitCode.Failed;
}
