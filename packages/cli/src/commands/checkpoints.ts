// yeoul checkpoints: the checkpoints of a job, or one of them.
import type { Checkpoint, CheckpointConfig, CheckpointStatistics, JobDetail } from '@yeoul/client';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { findJob } from '../find-job.ts';
import { formatBytes, formatDuration, formatTime } from '../format.ts';
import { parseCount } from '../parse-options.ts';
import { colourOfStatus } from '../print/colours.ts';
import type { Column } from '../print/table.ts';
import { addJsonOption, addServerOptions, type ServerFlags } from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';
import { addCheckpointTrigger } from './checkpoint.ts';

interface CheckpointFlags extends ServerFlags {
  readonly limit: number;
}

const DEFAULT_LIMIT = 20;

export function addCheckpointsCommand(program: Command, context: CommandContext): void {
  const command = addJsonOption(addServerOptions(program.command('checkpoints')))
    .summary("a job's checkpoints, or one of them")
    .usage('[options] <job> [checkpoint] | trigger <job>')
    .description("Show a job's checkpoints and savepoints, the newest first; or one of them with its tasks.")
    .argument('<job>', 'name, id, or beginning of an id')
    .argument('[checkpoint]', 'id of a checkpoint, from the list', parseCount)
    .option('--limit <n>', `list as many (default: ${DEFAULT_LIMIT})`, parseCount, DEFAULT_LIMIT)
    .addHelpText('after', EXAMPLES)
    .action(async (job: string, checkpoint: number | undefined, flags: CheckpointFlags) => {
      context.exitCode = await withServer(flags, context, (session) => show(session, job, checkpoint, flags));
    });
  addCheckpointTrigger(command.command('trigger'), context);
}

const EXAMPLES = `
Examples:
  $ yeoul checkpoints "State machine job"
  $ yeoul checkpoints 7bf83c 12
  $ yeoul checkpoints trigger 7bf83c              take one now; as "yeoul checkpoint 7bf83c"`;

async function show(
  session: ServerSession,
  named: string,
  checkpointId: number | undefined,
  { limit }: CheckpointFlags,
): Promise<undefined> {
  const { client, printer, isJson, signal } = session;
  const { jid } = await findJob(session, named);
  if (checkpointId !== undefined) {
    const [checkpoint, job] = await Promise.all([
      client.jobs.checkpoint(jid, checkpointId, { signal }),
      client.jobs.get(jid, { signal }),
    ]);
    if (isJson) printer.json(checkpoint);
    else showOne(session, checkpoint, job);
    return;
  }
  const [statistics, config] = await Promise.all([
    client.jobs.checkpoints(jid, { signal }),
    client.jobs.checkpointConfig(jid, { signal }),
  ]);
  if (isJson) printer.json({ ...statistics, config });
  else showAll(session, statistics, config, limit);
}

function showAll(
  { printer }: ServerSession,
  statistics: CheckpointStatistics,
  config: CheckpointConfig,
  limit: number,
): void {
  const { counts, history, latest, summary } = statistics;
  const { restored } = latest;
  printer.fields([
    ['checkpointing', describeConfig(config)],
    [
      'so far',
      `${counts.completed} completed, ${counts.failed} failed, ${counts.in_progress} in progress, ${counts.restored} restored`,
    ],
    [
      'on average',
      counts.completed > 0
        ? `${formatDuration(summary.end_to_end_duration.avg)}, ${formatBytes(summary.state_size.avg)}`
        : undefined,
    ],
    ['restored from', restored === null ? undefined : `#${restored.id} ${restored.external_path ?? ''}`],
  ]);
  if (history.length === 0) return;
  printer.line('');
  printer.table(checkpointColumns, history.slice(0, limit));
  if (history.length > limit) printer.line(`… and ${history.length - limit} older: --limit ${history.length}`);
}

function describeConfig({ mode, interval, externalization }: CheckpointConfig): string {
  const isPeriodic = Number(interval) < Number.MAX_SAFE_INTEGER;
  const every = isPeriodic ? `every ${formatDuration(Number(interval))}` : 'off: only savepoints';
  const kept = externalization.enabled && !externalization.delete_on_cancellation ? ', kept after cancellation' : '';
  return isPeriodic ? `${every}, ${mode.replace('_', ' ')}${kept}` : every;
}

const checkpointColumns: readonly Column<Checkpoint>[] = [
  { head: 'id', value: ({ id }) => `#${id}`, align: 'right' },
  { head: 'kind', value: (checkpoint) => (checkpoint.is_savepoint ? 'savepoint' : 'checkpoint'), droppable: 2 },
  { head: 'status', value: ({ status }) => status, colour: ({ status }) => colourOfStatus(status) },
  { head: 'triggered', value: (checkpoint) => formatTime(checkpoint.trigger_timestamp), droppable: 1 },
  { head: 'took', value: (checkpoint) => formatDuration(checkpoint.end_to_end_duration), align: 'right' },
  { head: 'size', value: (checkpoint) => formatBytes(checkpoint.state_size), align: 'right' },
  { head: 'path', value: describeEnd, droppable: 3 },
];

function describeEnd(checkpoint: Checkpoint): string {
  if (checkpoint['@class'] === 'failed') return checkpoint.failure_message ?? '';
  if (checkpoint['@class'] !== 'completed') return acknowledged(checkpoint);
  return `${checkpoint.external_path ?? ''}${checkpoint.discarded ? ' (removed)' : ''}`;
}

function acknowledged({ num_acknowledged_subtasks, num_subtasks }: Checkpoint): string {
  return `${num_acknowledged_subtasks} of ${num_subtasks} tasks`;
}

interface TaskLine {
  readonly id: string;
  readonly name: string;
  readonly task: Checkpoint['tasks'][string];
}

const taskColumns: readonly Column<TaskLine>[] = [
  { head: 'vertex', value: ({ name }) => name, minWidth: 12 },
  { head: 'id', value: ({ id }) => id, minWidth: 8, isId: true, droppable: 3 },
  { head: 'status', value: ({ task }) => task.status, colour: ({ task }) => colourOfStatus(task.status) },
  {
    head: 'tasks',
    value: ({ task }) => `${task.num_acknowledged_subtasks}/${task.num_subtasks}`,
    align: 'right',
    droppable: 1,
  },
  { head: 'took', value: ({ task }) => formatDuration(task.end_to_end_duration), align: 'right' },
  { head: 'size', value: ({ task }) => formatBytes(task.state_size), align: 'right' },
];

function showOne({ printer }: ServerSession, checkpoint: Checkpoint, { vertices }: JobDetail): void {
  printer.fields([
    [checkpoint.is_savepoint ? 'savepoint' : 'checkpoint', `#${checkpoint.id}`],
    ['status', checkpoint.status, colourOfStatus(checkpoint.status)],
    ['triggered', formatTime(checkpoint.trigger_timestamp)],
    ['took', formatDuration(checkpoint.end_to_end_duration)],
    ['size', formatBytes(checkpoint.state_size)],
    ['acknowledged', acknowledged(checkpoint)],
    [checkpoint['@class'] === 'failed' ? 'because' : 'path', describeEnd(checkpoint)],
  ]);
  const names = new Map(vertices.map(({ id, name }) => [id, name]));
  const tasks = Object.entries(checkpoint.tasks).map(([id, task]) => ({ id, name: names.get(id) ?? id, task }));
  if (tasks.length === 0) return;
  printer.line('');
  printer.table(taskColumns, tasks);
}
