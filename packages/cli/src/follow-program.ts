// Follows a program to its end: its jobs one after the other, then what it still has to say.
import type { LocalCluster, ProgramExecution } from '@yeoul/engine/runtime';
import type { CommandContext } from './command-context.ts';
import { describeFailure } from './describe-failure.ts';
import { ExitCode } from './exit-codes.ts';
import { type JobOutcome, type View, watchJob } from './live/watch-job.ts';
import { printResult } from './print-result.ts';
import { isToldWithTheJob, reportError } from './program-error.ts';

/**
 * @param interrupted resolves at the first Ctrl-C: no further job is waited for
 * @returns the exit code: that of the first job that did not finish, else of the program
 */
export async function followProgram(
  cluster: LocalCluster,
  execution: ProgramExecution,
  interrupted: Promise<void>,
  view: View,
  context: CommandContext,
): Promise<number> {
  let exitCode: number = ExitCode.Ok;
  for (let index = 0; ; index++) {
    const jobId = await Promise.race([execution.job(index), interrupted.then(() => undefined)]);
    if (jobId === undefined) break;
    const outcome = await watchJob(cluster, jobId, { ...view, context });
    exitCode ||= report(outcome, context);
  }
  if (context.interrupted) return exitCode || ExitCode.Interrupted;
  return (await programExitCode(execution, exitCode, context)) || exitCode;
}

function report(outcome: JobOutcome, context: CommandContext): number {
  const { jobId, state, failure } = outcome;
  if (state === 'FINISHED') printResult(outcome, context);
  if (state === 'FINISHED') return ExitCode.Ok;
  if (state === 'CANCELED') context.error(`Job ${jobId} was cancelled`);
  else if (failure !== undefined) {
    context.error(`Job ${jobId} ${state.toLowerCase()}: ${describeFailure(failure, context.installedAt)}`);
  }
  return context.interrupted ? ExitCode.Interrupted : ExitCode.Failed;
}

async function programExitCode(
  execution: ProgramExecution,
  jobsExitCode: number,
  context: CommandContext,
): Promise<number> {
  try {
    await execution.ended;
    return jobsExitCode;
  } catch (error) {
    if (jobsExitCode !== ExitCode.Ok && isToldWithTheJob(error)) return jobsExitCode;
    return reportError(error, context);
  }
}
