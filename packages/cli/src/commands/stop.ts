// yeoul stop: ends a job with a savepoint, its sources first.
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
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
import { describeJob, printTriggered } from './cancel.ts';

interface StopFlags extends ServerFlags, WaitFlags {
  readonly savepointPath?: string;
  readonly drain?: boolean;
  readonly wait: boolean;
}

export function addStopCommand(program: Command, context: CommandContext): void {
  addTimeoutOption(addJsonOption(addServerOptions(program.command('stop'))))
    .summary('stop a job with a savepoint')
    .description('Stop a job with a savepoint: its sources end, and nothing is emitted after the savepoint.')
    .argument('<job>', 'name, id, or beginning of an id')
    .option('-p, --savepoint-path <dir>', "folder for the savepoint (default: the server's)")
    .addOption(hidden('--savepointPath <dir>'))
    .option('-d, --drain', 'let event time run to its end: windows fire. For jobs that are not to be resumed')
    .option('--no-wait', 'do not wait for the savepoint, print how to ask for it')
    .addHelpText('after', EXAMPLES)
    .action(async (job: string, flags: StopFlags) => {
      context.exitCode = await withServer(flags, context, (session) => stop(session, job, flags));
    });
}

const EXAMPLES = `
Examples:
  $ yeoul stop "State machine job"
  $ yeoul stop -p /data/savepoints 7bf83c
  $ yeoul run -m 127.0.0.1:8081 -d -s "$(yeoul stop --json 7bf83c | jq -r .location)" job.ts`;

async function stop(session: ServerSession, named: string, flags: StopFlags): Promise<undefined> {
  const { client, printer, isJson, signal, context } = session;
  const job = await findJob(session, named);
  const options = { targetDirectory: flags.savepointPath, drain: flags.drain === true, signal };
  if (!flags.wait) {
    const { triggerId } = await client.savepoints.stop(job.jid, options);
    printTriggered(session, job, triggerId);
    return;
  }
  const wait = () => client.stopWithSavepoint(job.jid, { ...options, timeoutMillis: flags.timeout });
  const { location, triggerId } = await withProgress(context, `Stopping ${job.name} with a savepoint`, wait);
  if (isJson) printer.json({ jobId: job.jid, triggerId, location });
  else printer.line(`Stopped ${describeJob(job)}. Savepoint: ${location}`);
}
