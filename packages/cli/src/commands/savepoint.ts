// yeoul savepoint: take, list, look into and delete savepoints.
import type { Checkpoint, CheckpointStatistics, JobOverview } from '@yeoul/client';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { ExitCode } from '../exit-codes.ts';
import { findJob } from '../find-job.ts';
import { formatBytes, formatTime } from '../format.ts';
import { hidden } from '../hidden-option.ts';
import { parseCount } from '../parse-options.ts';
import { createPrinter } from '../print/printer.ts';
import type { Column } from '../print/table.ts';
import { withProgress } from '../progress.ts';
import { readSavepointFolder, type StoredSavepoint } from '../savepoint/list-savepoints.ts';
import { type ShowFlags, showSavepoint } from '../savepoint/show-savepoint.ts';
import {
  addJsonOption,
  addServerOptions,
  addTimeoutOption,
  type ServerFlags,
  type WaitFlags,
} from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';
import { UsageError } from '../usage-error.ts';
import { printTriggered } from './cancel.ts';

interface TriggerFlags extends ServerFlags, WaitFlags {
  readonly wait: boolean;
  readonly dispose?: string;
}

export function addSavepointCommand(program: Command, context: CommandContext): void {
  const command = addTriggerOptions(program.command('savepoint'))
    .summary('take, list, look into and delete savepoints')
    .description("Take a savepoint of a job, as Flink's command does; or one of the commands below.")
    .usage('[options] <job> [dir] | -d <path> | <command>')
    .argument('[job]', 'name, id, or beginning of an id')
    .argument('[dir]', "folder for the savepoint (default: the server's)")
    .option('-d, --dispose <path>', 'delete this savepoint')
    .addOption(hidden('-j, --jarfile <jar>'))
    .addHelpText('after', EXAMPLES)
    .action(async (job: string | undefined, directory: string | undefined, flags: TriggerFlags) => {
      context.exitCode = await triggerOrDispose(job, directory, flags, context);
    });
  addTrigger(command, context);
  addList(command, context);
  addShow(command, context);
  addDispose(command, context);
  addStatus(command, context);
}

const EXAMPLES = `
Examples:
  $ yeoul savepoint "State machine job"           take one, in the server's folder
  $ yeoul savepoint 7bf83c /data/savepoints       in another folder
  $ yeoul savepoint list /data/savepoints         without a server
  $ yeoul savepoint show /data/savepoints/savepoint-7bf83c-a3c8c5190b01 --state counts
  $ yeoul savepoint dispose /data/savepoints/savepoint-7bf83c-a3c8c5190b01`;

function addTriggerOptions(command: Command): Command {
  return addTimeoutOption(addJsonOption(addServerOptions(command))).option(
    '--no-wait',
    'do not wait for the end, print how to ask for it',
  );
}

async function triggerOrDispose(
  job: string | undefined,
  directory: string | undefined,
  flags: TriggerFlags,
  context: CommandContext,
): Promise<number> {
  const path = flags.dispose;
  if (path !== undefined) return withServer(flags, context, (session) => dispose(session, path, flags));
  if (job === undefined)
    throw new UsageError('Which job? Give its name or id: yeoul savepoint JOB [dir]. "yeoul list" shows them');
  return withServer(flags, context, (session) => trigger(session, job, directory, flags));
}

function addTrigger(parent: Command, context: CommandContext): void {
  addTriggerOptions(parent.command('trigger'))
    .description('take a savepoint of a job; the job goes on')
    .argument('<job>', 'name, id, or beginning of an id')
    .argument('[dir]', "folder for the savepoint (default: the server's)")
    .action(async (job: string, directory: string | undefined, flags: TriggerFlags) => {
      context.exitCode = await withServer(flags, context, (session) => trigger(session, job, directory, flags));
    });
}

async function trigger(
  session: ServerSession,
  named: string,
  targetDirectory: string | undefined,
  flags: TriggerFlags,
): Promise<undefined> {
  const { client, printer, isJson, signal, context } = session;
  const job = await findJob(session, named);
  if (!flags.wait) {
    const { triggerId } = await client.savepoints.trigger(job.jid, { targetDirectory, signal });
    printTriggered(session, job, triggerId);
    return;
  }
  const wait = () => client.takeSavepoint(job.jid, { targetDirectory, signal, timeoutMillis: flags.timeout });
  const { location, triggerId } = await withProgress(context, `Savepoint of ${job.name}`, wait);
  if (isJson) printer.json({ jobId: job.jid, triggerId, location });
  else printer.line(`Savepoint completed. Path: ${location}`);
}

function addStatus(parent: Command, context: CommandContext): void {
  addJsonOption(addServerOptions(parent.command('status')))
    .description('how a savepoint or stop stands that was triggered with --no-wait')
    .argument('<job>', 'name, id, or beginning of an id')
    .argument('<trigger>', 'id that the trigger printed')
    .action(async (job: string, triggerId: string, flags: ServerFlags) => {
      context.exitCode = await withServer(flags, context, (session) => status(session, job, triggerId));
    });
}

async function status(session: ServerSession, named: string, triggerId: string): Promise<number> {
  const { client, printer, isJson, signal } = session;
  const { jid } = await findJob(session, named);
  const answer = await client.savepoints.status(jid, triggerId, { signal });
  const failure = answer.operation?.['failure-cause'];
  if (isJson) printer.json(answer);
  else if (failure !== undefined) printer.line(`FAILED: ${failure['stack-trace'].split('\n')[0] ?? failure.class}`);
  else printer.line([answer.status.id, answer.operation?.location].filter(Boolean).join(': '));
  return failure === undefined ? ExitCode.Ok : ExitCode.Failed;
}

function addDispose(parent: Command, context: CommandContext): void {
  addTriggerOptions(parent.command('dispose'))
    .description('delete a savepoint')
    .argument('<path>', 'folder or file: address, as the savepoint was answered')
    .action(async (path: string, flags: TriggerFlags) => {
      context.exitCode = await withServer(flags, context, (session) => dispose(session, path, flags));
    });
}

async function dispose(
  { client, printer, isJson, signal, context }: ServerSession,
  path: string,
  flags: TriggerFlags,
): Promise<undefined> {
  if (!flags.wait) {
    const { triggerId } = await client.savepoints.dispose(path, { signal });
    if (isJson) printer.json({ savepointPath: path, triggerId });
    else printer.line(`Triggered: ${triggerId}`);
    return;
  }
  const wait = () => client.disposeSavepoint(path, { signal, timeoutMillis: flags.timeout });
  await withProgress(context, `Deleting ${path}`, wait);
  if (isJson) printer.json({ savepointPath: path, disposed: true });
  else printer.line(`Savepoint ${path} disposed.`);
}

function addShow(parent: Command, context: CommandContext): void {
  parent
    .command('show')
    .description('what is in a savepoint or checkpoint: operators, states, entries. Reads files, needs no server')
    .argument('<path>', 'folder of the savepoint or checkpoint')
    .option('--state <name>', 'print the entries of this state')
    .option('--operator <operator>', 'the operator that has it, by uid, name or id, if several do')
    .option('--limit <n>', 'as many entries at most (default: 20)', parseCount, 20)
    .option('--json', 'as JSON')
    .action(async (path: string, flags: ShowFlags) => {
      await showSavepoint(path, flags, context);
      context.exitCode = ExitCode.Ok;
    });
}

function addList(parent: Command, context: CommandContext): void {
  addJsonOption(addServerOptions(parent.command('list')))
    .description("savepoints in a folder; without one, those of the server's jobs as their histories have them")
    .argument('[dir]', 'folder to look in, without a server')
    .action(async (folder: string | undefined, flags: ServerFlags) => {
      const list = () => withServer(flags, context, listOfServer);
      context.exitCode = folder === undefined ? await list() : await listFolder(folder, flags, context);
    });
}

const storedColumns: readonly Column<StoredSavepoint>[] = [
  { head: 'path', value: ({ path }) => path },
  { head: 'job', value: ({ metadata }) => metadata.jobName, minWidth: 8, droppable: 2 },
  { head: 'taken', value: ({ metadata }) => formatTime(metadata.completionTimestampMs), droppable: 3 },
  { head: 'size', value: ({ sizeBytes }) => formatBytes(sizeBytes), align: 'right', droppable: 1 },
];

async function listFolder(folder: string, flags: ServerFlags, context: CommandContext): Promise<number> {
  const { savepoints, unreadable } = await readSavepointFolder(folder).catch((error: unknown) => {
    throw new UsageError(`${folder} cannot be read: ${(error as Error).message}`);
  });
  const printer = createPrinter(context);
  if (flags.json === true) printer.json({ savepoints, unreadable });
  else if (savepoints.length > 0) printer.table(storedColumns, savepoints);
  else context.error(`No savepoints in ${folder}.`);
  if (flags.json !== true) for (const { path, reason } of unreadable) context.error(`${path}: ${reason}`);
  return unreadable.length === 0 ? ExitCode.Ok : ExitCode.Failed;
}

interface ListedSavepoint {
  readonly job: JobOverview;
  readonly savepoint: Extract<Checkpoint, { '@class': 'completed' }>;
}

const listedColumns: readonly Column<ListedSavepoint>[] = [
  { head: 'path', value: ({ savepoint }) => savepoint.external_path ?? '' },
  { head: 'job', value: ({ job }) => job.name, minWidth: 8, droppable: 2 },
  { head: 'taken', value: ({ savepoint }) => formatTime(savepoint.latest_ack_timestamp), droppable: 3 },
  { head: 'size', value: ({ savepoint }) => formatBytes(savepoint.state_size), align: 'right', droppable: 1 },
];

async function listOfServer({ client, printer, isJson, signal, context }: ServerSession): Promise<undefined> {
  const { jobs } = await client.jobs.overview({ signal });
  const perJob = await Promise.all(
    jobs.map(async (job) => {
      return keptSavepoints(await client.jobs.checkpoints(job.jid, { signal })).map((savepoint) => ({
        job,
        savepoint,
      }));
    }),
  );
  const found = perJob.flat().sort((a, b) => b.savepoint.latest_ack_timestamp - a.savepoint.latest_ack_timestamp);
  if (isJson) printer.json(found.map(({ job, savepoint }) => ({ jobId: job.jid, jobName: job.name, ...savepoint })));
  else if (found.length > 0) printer.table(listedColumns, found);
  else context.error('No savepoints in the histories of the jobs. Those in a folder:  yeoul savepoint list DIR');
}

/** The history is short; the latest savepoint outlasts it. */
function keptSavepoints({ history, latest }: CheckpointStatistics): ListedSavepoint['savepoint'][] {
  const byId = new Map(
    [...history, ...(latest.savepoint === null ? [] : [latest.savepoint])].map((one) => [one.id, one]),
  );
  return [...byId.values()].flatMap((one) =>
    one.is_savepoint && one['@class'] === 'completed' && !one.discarded ? [one] : [],
  );
}
