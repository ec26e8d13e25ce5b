// yeoul list: the jobs of a server.
import type { JobOverview } from '@yeoul/client';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { formatDuration, formatTime, plural } from '../format.ts';
import { hasEnded } from '../job-state.ts';
import { colourOfStatus } from '../print/colours.ts';
import type { Column } from '../print/table.ts';
import { addJsonOption, addServerOptions, type ServerFlags } from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';

interface ListFlags extends ServerFlags {
  readonly running?: boolean;
  readonly scheduled?: boolean;
  readonly all?: boolean;
  readonly quiet?: boolean;
}

export function addListCommand(program: Command, context: CommandContext): void {
  addJsonOption(addServerOptions(program.command('list')))
    .summary('list the jobs of a server')
    .description('List the jobs of a server: those that have not ended, the newest first.')
    .option('-r, --running', 'only jobs that run or restart')
    .option('-s, --scheduled', 'only jobs that wait to run')
    .option('-a, --all', 'also jobs that have ended')
    .option('-q, --quiet', 'print ids only')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ListFlags) => {
      context.exitCode = await withServer(flags, context, (session) => list(session, flags));
    });
}

const EXAMPLES = `
Examples:
  $ yeoul list                        jobs that have not ended
  $ yeoul list -a -m 10.0.0.5:8081    all jobs of another server
  $ yeoul list -q | xargs -n1 yeoul cancel`;

async function list({ client, printer, isJson, context, signal }: ServerSession, flags: ListFlags): Promise<undefined> {
  const { jobs } = await client.jobs.overview({ signal });
  const wanted = jobs.filter((job) => isWanted(job, flags)).sort((a, b) => b['start-time'] - a['start-time']);
  if (isJson) printer.json({ jobs: wanted });
  else if (flags.quiet === true) printer.lines(wanted.map(({ jid }) => jid));
  else if (wanted.length > 0) printer.table(jobColumns, wanted);
  else context.error(describeNone(jobs, flags));
}

function isWanted({ state }: JobOverview, { running, scheduled, all }: ListFlags): boolean {
  if (all === true) return true;
  const isScheduled = state === 'CREATED' || state === 'INITIALIZING' || state === 'RECONCILING';
  if (hasEnded(state)) return false;
  if (running === scheduled) return true;
  return scheduled === true ? isScheduled : !isScheduled;
}

function describeNone(jobs: readonly JobOverview[], { running, scheduled, all }: ListFlags): string {
  const kind = all === true ? '' : scheduled === true ? 'scheduled ' : running === true ? 'running ' : 'unfinished ';
  const ended = jobs.filter(({ state }) => hasEnded(state)).length;
  const hint = ended > 0 ? ` (${plural(ended, 'job')} ended: yeoul list -a)` : '';
  return `No ${kind}jobs${hint}.`;
}

export const jobColumns: readonly Column<JobOverview>[] = [
  { head: 'job', value: ({ jid }) => jid, minWidth: 8, isId: true },
  { head: 'name', value: ({ name }) => name, minWidth: 12 },
  { head: 'state', value: ({ state }) => state, colour: ({ state }) => colourOfStatus(state) },
  { head: 'tasks', value: describeTasks, align: 'right', droppable: 2 },
  { head: 'started', value: (job) => formatTime(job['start-time']), droppable: 3 },
  { head: 'for', value: ({ duration }) => formatDuration(duration), align: 'right', droppable: 1 },
];

/** Running of all, while it runs. */
function describeTasks({ state, tasks }: JobOverview): string {
  return hasEnded(state) ? String(tasks.total) : `${tasks.running}/${tasks.total}`;
}
