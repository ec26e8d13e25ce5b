// yeoul cancel: ends a job, with a savepoint if one is asked for.
import type { JobOverview } from '@yeoul/client';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { ExitCode } from '../exit-codes.ts';
import { findJob } from '../find-job.ts';
import { hidden } from '../hidden-option.ts';
import { withProgress } from '../progress.ts';
import {
  addJsonOption,
  addServerOptions,
  addTimeoutOption,
  type ServerFlags,
  type WaitFlags,
} from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';
import { UsageError } from '../usage-error.ts';

interface CancelFlags extends ServerFlags, WaitFlags {
  readonly withSavepoint?: string | true;
  /** False: the server is not waited for. */
  readonly wait?: boolean;
}

export function addCancelCommand(program: Command, context: CommandContext): void {
  addTimeoutOption(addJsonOption(addServerOptions(program.command('cancel'))))
    .summary('cancel a job, with a savepoint if you like')
    .description('Cancel a job. With -s a savepoint is taken first, and the job ends only if it succeeded.')
    .argument('[job]', 'name, id, or beginning of an id')
    .option('-s, --with-savepoint [dir]', "take a savepoint first; without a folder in the server's own")
    .addOption(hidden('--withSavepoint [dir]'))
    .option('--wait', 'wait until the job has ended (with -s always)')
    .option('--no-wait', 'with -s: do not wait for the savepoint, print how to ask for it')
    .addHelpText('after', EXAMPLES)
    .action(async (job: string | undefined, flags: CancelFlags) => {
      context.exitCode = await withServer(flags, context, (session) => cancel(session, job, flags));
    });
}

const EXAMPLES = `
Examples:
  $ yeoul cancel 7bf83c                       by the beginning of its id
  $ yeoul cancel -s "State machine job"       savepoint in the server's folder, then cancel
  $ yeoul cancel -s /data/savepoints 7bf83c   savepoint in another folder
"yeoul stop" ends a job more gently: its sources end first, so that nothing is emitted after the savepoint.`;

async function cancel(session: ServerSession, named: string | undefined, flags: CancelFlags): Promise<number> {
  const { withSavepoint } = flags;
  if (withSavepoint === undefined) return cancelPlainly(session, await jobOf(session, named), flags);
  // As Flink has it: of "-s x" alone x is the job.
  if (named === undefined && typeof withSavepoint === 'string') {
    return cancelWithSavepoint(session, await findJob(session, withSavepoint), undefined, flags);
  }
  const directory = withSavepoint === true ? undefined : withSavepoint;
  return cancelWithSavepoint(session, await jobOf(session, named), directory, flags);
}

async function jobOf(session: ServerSession, named: string | undefined): Promise<JobOverview> {
  if (named === undefined)
    throw new UsageError('Which job? Give its name or id: yeoul cancel JOB. "yeoul list" shows them');
  return findJob(session, named);
}

async function cancelPlainly(session: ServerSession, job: JobOverview, flags: CancelFlags): Promise<number> {
  const { client, printer, isJson, signal } = session;
  await client.jobs.cancel(job.jid, { signal });
  if (flags.wait !== true) {
    if (isJson) printer.json({ jobId: job.jid });
    else printer.line(`Cancelling ${describeJob(job)}`);
    return ExitCode.Ok;
  }
  const wait = () => client.waitUntilTerminal(job.jid, { signal, timeoutMillis: flags.timeout });
  const { status } = await withProgress(session.context, `Cancelling ${job.name}`, wait);
  if (isJson) printer.json({ jobId: job.jid, status });
  else printer.line(status === 'CANCELED' ? `Cancelled ${describeJob(job)}` : `${describeJob(job)} is ${status}`);
  return status === 'CANCELED' ? ExitCode.Ok : ExitCode.Failed;
}

async function cancelWithSavepoint(
  session: ServerSession,
  job: JobOverview,
  targetDirectory: string | undefined,
  flags: CancelFlags,
): Promise<number> {
  const { client, printer, isJson, signal, context } = session;
  if (flags.wait === false) {
    const { triggerId } = await client.savepoints.trigger(job.jid, { targetDirectory, cancelJob: true, signal });
    printTriggered(session, job, triggerId);
    return ExitCode.Ok;
  }
  const options = { targetDirectory, signal, timeoutMillis: flags.timeout };
  const wait = () => client.cancelWithSavepoint(job.jid, options);
  const { location, triggerId } = await withProgress(context, `Savepoint of ${job.name}, then cancel`, wait);
  if (isJson) printer.json({ jobId: job.jid, triggerId, location });
  else printer.line(`Cancelled ${describeJob(job)}. Savepoint: ${location}`);
  return ExitCode.Ok;
}

/** For savepoints and stops that are not waited for. */
export function printTriggered({ printer, isJson }: ServerSession, job: JobOverview, triggerId: string): void {
  if (isJson) printer.json({ jobId: job.jid, triggerId });
  else printer.line(`Triggered. Ask how it stands:  yeoul savepoint status ${job.jid} ${triggerId}`);
}

export function describeJob({ name, jid }: Pick<JobOverview, 'name' | 'jid'>): string {
  return `${name} (${jid})`;
}
