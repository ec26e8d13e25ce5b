// yeoul checkpoint: takes a checkpoint now, as Flink's command does; also "yeoul checkpoints trigger".
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { findJob } from '../find-job.ts';
import { withProgress } from '../progress.ts';
import {
  addJsonOption,
  addServerOptions,
  addTimeoutOption,
  type ServerFlags,
  type WaitFlags,
} from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';
import { describeJob } from './cancel.ts';

interface TriggerFlags extends ServerFlags, WaitFlags {
  readonly full?: boolean;
  readonly wait: boolean;
}

export function addCheckpointCommand(program: Command, context: CommandContext): void {
  addCheckpointTrigger(program.command('checkpoint'), context)
    .summary('take a checkpoint of a job now')
    .addHelpText('after', EXAMPLES);
}

/** The same under another name. */
export function addCheckpointTrigger(command: Command, context: CommandContext): Command {
  return addTimeoutOption(addJsonOption(addServerOptions(command)))
    .description('Take a checkpoint of a job now, beside the periodic ones; the job goes on.')
    .argument('<job>', 'name, id, or beginning of an id')
    .option('--full', 'of all of the state, where the periodic ones hold what has changed')
    .option('--no-wait', 'do not wait for the end')
    .action(async (job: string, flags: TriggerFlags) => {
      context.exitCode = await withServer(flags, context, (session) => trigger(session, job, flags));
    });
}

const EXAMPLES = `
Examples:
  $ yeoul checkpoint "State machine job"
  $ yeoul checkpoints "State machine job"         those that there are
A savepoint is yours to keep ("yeoul savepoint"); a checkpoint goes when newer ones are there.`;

async function trigger(session: ServerSession, named: string, flags: TriggerFlags): Promise<undefined> {
  const { client, printer, isJson, signal, context } = session;
  const job = await findJob(session, named);
  const checkpointType = flags.full === true ? 'FULL' : 'CONFIGURED';
  if (!flags.wait) {
    const { 'request-id': triggerId } = await client.jobs.triggerCheckpoint(job.jid, { checkpointType, signal });
    if (isJson) printer.json({ jobId: job.jid, triggerId });
    else printer.line(`Triggered a checkpoint of ${describeJob(job)}`);
    return;
  }
  const wait = () => client.takeCheckpoint(job.jid, { checkpointType, signal, timeoutMillis: flags.timeout });
  const { checkpointId, triggerId } = await withProgress(context, `Checkpoint of ${job.name}`, wait);
  if (isJson) printer.json({ jobId: job.jid, triggerId, checkpointId });
  else printer.line(`Checkpoint ${checkpointId} of ${describeJob(job)} completed`);
}
