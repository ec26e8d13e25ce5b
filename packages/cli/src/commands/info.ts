// yeoul info: a server, one of its jobs, or (as Flink's command has it) the execution plan of a program.
import type { JobDetail, JobExceptions, JobVertex } from '@yeoul/client';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { remoteStack } from '../describe-failure.ts';
import { ExitCode } from '../exit-codes.ts';
import { findJob } from '../find-job.ts';
import { formatBytes, formatCount, formatDuration, formatTime, plural } from '../format.ts';
import { isProgramName } from '../open-program.ts';
import { parseCount } from '../parse-options.ts';
import { planProgram } from '../plan/plan-program.ts';
import { colourOfStatus } from '../print/colours.ts';
import { createPrinter, toJson } from '../print/printer.ts';
import type { Column } from '../print/table.ts';
import { addJsonOption, addServerOptions, type ServerFlags } from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';

interface InfoFlags extends ServerFlags {
  readonly class?: string;
  readonly parallelism?: number;
}

export function addInfoCommand(program: Command, context: CommandContext): void {
  addJsonOption(addServerOptions(program.command('info')))
    .summary('a server, a job, or the plan of a program')
    .description(
      "Show a job of a server; without a job, the server. Of a program or jar, the plan as Flink's info prints it.",
    )
    .argument('[job|program]', 'name or id of a job; or program file or .jar')
    .argument('[args...]', "the program's own arguments")
    .option('-p, --parallelism <n>', 'parallelism of the plan, unless the program sets it', parseCount)
    .option('-c, --class <entry>', 'entry of the program: the name of an export')
    .passThroughOptions()
    .addHelpText('after', EXAMPLES)
    .action(async (named: string | undefined, args: string[], flags: InfoFlags) => {
      context.exitCode = await info(named, args, flags, context);
    });
}

const EXAMPLES = `
Examples:
  $ yeoul info                          the server: slots, jobs, version
  $ yeoul info "State machine job"      state, times, vertices, what went wrong
  $ yeoul info -p 4 job.jar             the execution plan; "yeoul plan" draws it`;

async function info(
  named: string | undefined,
  args: readonly string[],
  flags: InfoFlags,
  context: CommandContext,
): Promise<number> {
  if (named === undefined) return withServer(flags, context, showServer);
  if (!(await isProgramName(named))) return withServer(flags, context, (session) => showJob(session, named));
  const request = { named, args, entry: flags.class, parallelism: flags.parallelism };
  const { plan, description } = await planProgram(request, context);
  const printer = createPrinter(context);
  if (flags.json === true) printer.json(plan);
  else {
    printer.lines([
      '----------------------- Execution Plan -----------------------',
      toJson(plan),
      '--------------------------------------------------------------',
      '',
      description ?? 'No description provided.',
    ]);
  }
  return ExitCode.Ok;
}

async function showServer({ client, printer, isJson, signal }: ServerSession): Promise<undefined> {
  const [overview, config] = await Promise.all([
    client.cluster.overview({ signal }),
    client.cluster.config({ signal }),
  ]);
  if (isJson) {
    printer.json({ ...overview, ...config });
    return;
  }
  const version = config['yeoul-version'];
  printer.fields([
    ['server', client.baseUrl],
    [
      'version',
      version === undefined
        ? `Flink ${overview['flink-version']}`
        : `Yeoul ${version} (API of Flink ${overview['flink-version']})`,
    ],
    ['slots', `${overview['slots-available']} of ${overview['slots-total']} free`],
    ['task managers', String(overview.taskmanagers)],
    [
      'jobs',
      `${overview['jobs-running']} running, ${overview['jobs-finished']} finished, ${overview['jobs-cancelled']} cancelled, ${overview['jobs-failed']} failed`,
    ],
  ]);
}

async function showJob(session: ServerSession, named: string): Promise<undefined> {
  const { client, printer, isJson, signal } = session;
  const { jid } = await findJob(session, named);
  const job = await client.jobs.get(jid, { signal });
  if (isJson) {
    printer.json(job);
    return;
  }
  const [exceptions, checkpoints] = await Promise.all([
    client.jobs.exceptions(jid, { signal }),
    client.jobs.checkpoints(jid, { signal }).catch(() => undefined),
  ]);
  const newest = checkpoints?.latest.completed;
  printer.fields([
    ['job', job.name, 'bold'],
    ['id', job.jid],
    ['state', job.state, colourOfStatus(job.state)],
    ['started', formatTime(job['start-time'])],
    ['ended', job['end-time'] > 0 ? formatTime(job['end-time']) : undefined],
    ['for', formatDuration(job.duration)],
    ['vertices', describeVertices(job)],
    [
      'checkpoint',
      newest == null
        ? undefined
        : `#${newest.id}, ${formatBytes(newest.state_size)}, ${formatTime(newest.latest_ack_timestamp)}`,
    ],
  ]);
  printer.line('');
  printer.table(vertexColumns, job.vertices);
  showFailure(session, exceptions);
}

function describeVertices({ vertices }: JobDetail): string {
  const tasks = vertices.reduce((sum, { parallelism }) => sum + parallelism, 0);
  return `${vertices.length}, with ${plural(tasks, 'task')}`;
}

const vertexColumns: readonly Column<JobVertex>[] = [
  { head: 'vertex', value: ({ name }) => name, minWidth: 14 },
  { head: 'id', value: ({ id }) => id.slice(0, 8), droppable: 2 },
  { head: 'p', value: ({ parallelism }) => String(parallelism), align: 'right' },
  { head: 'status', value: ({ status }) => status, colour: ({ status }) => colourOfStatus(status) },
  {
    head: 'for',
    value: ({ duration }) => (duration < 0 ? '-' : formatDuration(duration)),
    align: 'right',
    droppable: 4,
  },
  { head: 'in', value: ({ metrics }) => formatCount(metrics['read-records']), align: 'right' },
  { head: 'out', value: ({ metrics }) => formatCount(metrics['write-records']), align: 'right' },
  { head: 'bytes in', value: ({ metrics }) => formatBytes(metrics['read-bytes']), align: 'right', droppable: 5 },
  { head: 'bytes out', value: ({ metrics }) => formatBytes(metrics['write-bytes']), align: 'right', droppable: 5 },
];

/** As much of a stack as says where. */
const MAX_FAILURE_LINES = 12;

function showFailure({ printer }: ServerSession, { 'root-exception': root, timestamp }: JobExceptions): void {
  if (root === null || root === '') return;
  const lines = remoteStack(root).split('\n');
  const more = lines.length > MAX_FAILURE_LINES ? [`    … ${lines.length - MAX_FAILURE_LINES} more lines`] : [];
  printer.lines([
    '',
    printer.paint('red', `Failed at ${formatTime(timestamp ?? 0)}`),
    ...lines.slice(0, MAX_FAILURE_LINES),
    ...more,
  ]);
}
