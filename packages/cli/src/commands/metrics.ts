// yeoul metrics: what a job or one of its vertices measures, once or again and again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AggregatedMetricList, JobDetail, JobVertex, MetricList } from '@yeoul/client';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { findJob } from '../find-job.ts';
import { chooseVertex } from '../find-vertex.ts';
import { formatCount, formatNumber, formatWatermark } from '../format.ts';
import { LiveScreen } from '../live/live-screen.ts';
import { collectList, parseCount, parseDuration } from '../parse-options.ts';
import { colourOfStatus } from '../print/colours.ts';
import { type Column, renderTable } from '../print/table.ts';
import { addJsonOption, addServerOptions, type ServerFlags } from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';
import { UsageError } from '../usage-error.ts';

interface MetricFlags extends ServerFlags {
  readonly get?: readonly string[];
  readonly subtask?: number;
  /** Ms, or true for the default. */
  readonly watch?: number | true;
}

const DEFAULT_WATCH_MS = 2000;
/** Long query strings are refused by some proxies; metric names have up to some hundred characters. */
const NAMES_PER_CALL = 40;

export function addMetricsCommand(program: Command, context: CommandContext): void {
  addJsonOption(addServerOptions(program.command('metrics')))
    .summary('metrics of a job or of one of its vertices')
    .description('Show rates and load of the vertices of a job; with a vertex, all metrics of its subtasks.')
    .argument('<job>', 'name, id, or beginning of an id')
    .argument('[vertex]', 'id, beginning of an id, or part of the name of a vertex')
    .option('--get <names>', 'only these metrics, by name or pattern with *; comma-separated', collectList)
    .option('--subtask <index>', 'of one subtask of the vertex, from 0', parseIndex)
    .option('-w, --watch [time]', 'again and again, every 2 s or as often as said', parseDuration)
    .addHelpText('after', EXAMPLES)
    .action(async (job: string, vertex: string | undefined, flags: MetricFlags) => {
      context.exitCode = await withServer(flags, context, (session) => metrics(session, job, vertex, flags));
    });
}

const EXAMPLES = `
Examples:
  $ yeoul metrics "State machine job" --watch
  $ yeoul metrics 7bf83c "Flat Map" --get 'numRecords*,currentInputWatermark'
  $ yeoul metrics 7bf83c --get uptime,numRestarts --json`;

function parseIndex(text: string): number {
  return text === '0' ? 0 : parseCount(text);
}

/** Makes what is to be shown: lines for people, a value for programs. */
type View = () => Promise<{ readonly lines: readonly string[]; readonly json: unknown }>;

async function metrics(
  session: ServerSession,
  named: string,
  vertexName: string | undefined,
  flags: MetricFlags,
): Promise<undefined> {
  const { client, signal } = session;
  const { jid } = await findJob(session, named);
  const job = await client.jobs.get(jid, { signal });
  if (vertexName === undefined && flags.subtask !== undefined) throw new UsageError('--subtask needs a vertex');
  const view = chooseView(session, job, vertexName, flags);
  await (flags.watch === undefined ? showOnce(session, view) : watch(session, view, flags.watch));
}

function chooseView(session: ServerSession, job: JobDetail, vertexName: string | undefined, flags: MetricFlags): View {
  if (vertexName === undefined) {
    return flags.get === undefined
      ? loadView(session, job.jid)
      : listView(session, jobMetrics(session, job.jid), flags);
  }
  const vertex = chooseVertex(job.vertices, vertexName);
  if (flags.subtask === undefined) return aggregateView(session, job.jid, vertex, flags);
  if (flags.subtask >= vertex.parallelism) {
    throw new UsageError(`${vertex.name} has no subtask ${flags.subtask}: they are 0 to ${vertex.parallelism - 1}`);
  }
  return listView(session, subtaskMetrics(session, job.jid, vertex.id, flags.subtask), flags);
}

async function showOnce({ printer, isJson }: ServerSession, view: View): Promise<void> {
  const { lines, json } = await view();
  if (isJson) printer.json(json);
  else printer.lines(lines);
}

/** Until Ctrl-C; on a terminal in place. */
async function watch(session: ServerSession, view: View, every: number | true): Promise<void> {
  const { context, signal, printer, isJson } = session;
  const screen = new LiveScreen(context.stdout);
  const isDrawn = context.stdout.isTTY === true && !isJson;
  try {
    while (!signal.aborted) {
      const { lines, json } = await view();
      if (isDrawn) screen.draw([...lines, '', printer.paint('dim', 'Ctrl-C ends this view')]);
      else if (isJson) context.stdout.write(`${JSON.stringify(json)}\n`);
      else printer.lines([...lines, '']);
      await sleep(every === true ? DEFAULT_WATCH_MS : every, undefined, { signal });
    }
  } finally {
    screen.close();
  }
}

interface VertexLoad {
  readonly vertex: JobVertex;
  readonly values: ReadonlyMap<string, AggregatedMetricList[number]>;
}

const loadMetrics = [
  'numRecordsInPerSecond',
  'numRecordsOutPerSecond',
  'numRecordsIn',
  'numRecordsOut',
  'busyTimeMsPerSecond',
  'backPressuredTimeMsPerSecond',
  'currentInputWatermark',
] as const;

function sumOf(name: (typeof loadMetrics)[number]): (load: VertexLoad) => string {
  return ({ values }) => {
    const sum = values.get(name)?.sum;
    return sum === undefined ? '-' : formatCount(sum);
  };
}

/** Of the busiest subtask: that is the one that holds the others up. */
function shareOf(name: (typeof loadMetrics)[number]): (load: VertexLoad) => string {
  return ({ values }) => {
    const max = values.get(name)?.max;
    return max === undefined || !Number.isFinite(max) ? '-' : `${Math.round(max / 10)}%`;
  };
}

const loadColumns: readonly Column<VertexLoad>[] = [
  { head: 'vertex', value: ({ vertex }) => vertex.name, minWidth: 14 },
  { head: 'id', value: ({ vertex }) => vertex.id.slice(0, 8), droppable: 4 },
  { head: 'p', value: ({ vertex }) => String(vertex.parallelism), align: 'right' },
  {
    head: 'status',
    value: ({ vertex }) => vertex.status,
    colour: ({ vertex }) => colourOfStatus(vertex.status),
    droppable: 2,
  },
  { head: 'in/s', value: sumOf('numRecordsInPerSecond'), align: 'right' },
  { head: 'out/s', value: sumOf('numRecordsOutPerSecond'), align: 'right' },
  { head: 'in', value: sumOf('numRecordsIn'), align: 'right', droppable: 3 },
  { head: 'out', value: sumOf('numRecordsOut'), align: 'right', droppable: 3 },
  { head: 'busy', value: shareOf('busyTimeMsPerSecond'), align: 'right' },
  { head: 'backpr.', value: shareOf('backPressuredTimeMsPerSecond'), align: 'right', droppable: 1 },
  { head: 'watermark', value: describeWatermark, droppable: 5 },
];

/** The least of the subtasks: that is how far the vertex's event time is. */
function describeWatermark({ values }: VertexLoad): string {
  const watermarkMs = values.get('currentInputWatermark')?.min;
  const isKnown = watermarkMs !== undefined && Math.abs(watermarkMs) < 8.64e15;
  if (isKnown) return formatWatermark(watermarkMs);
  return watermarkMs !== undefined && watermarkMs > 0 ? 'end' : '-';
}

function loadView(session: ServerSession, jobId: string): View {
  const { client, printer, signal } = session;
  return async () => {
    const { name, state, vertices } = await client.jobs.get(jobId, { signal });
    const loads = await Promise.all(vertices.map((vertex) => loadOf(session, jobId, vertex)));
    const title = `${printer.paint('bold', name)}  ${printer.paint(colourOfStatus(state), state)}`;
    return {
      lines: [title, '', ...renderTable(loadColumns, loads, printer)],
      json: loads.map(({ vertex, values }) => ({ id: vertex.id, name: vertex.name, metrics: [...values.values()] })),
    };
  };
}

/** An unknown name among those asked for makes the whole answer empty, in Flink too: sources have no input. */
async function loadOf({ client, signal }: ServerSession, jobId: string, vertex: JobVertex): Promise<VertexLoad> {
  const ask = (get?: readonly string[]) => client.jobs.vertices.subtasksMetrics(jobId, vertex.id, { get, signal });
  const known = new Set((await ask()).map(({ id }) => id));
  const get = loadMetrics.filter((name) => known.has(name));
  const list = get.length === 0 ? [] : await ask(get);
  return { vertex, values: new Map(list.map((metric) => [metric.id, metric])) };
}

type Ask = (get: readonly string[] | undefined) => Promise<MetricList>;

function jobMetrics({ client, signal }: ServerSession, jobId: string): Ask {
  return (get) => client.jobs.metrics(jobId, { get, signal });
}

function subtaskMetrics({ client, signal }: ServerSession, jobId: string, vertexId: string, subtask: number): Ask {
  return (get) => client.jobs.vertices.subtaskMetrics(jobId, vertexId, subtask, { get, signal });
}

const valueColumns: readonly Column<MetricList[number]>[] = [
  { head: 'metric', value: ({ id }) => id, minWidth: 20 },
  { head: 'value', value: ({ value }) => value ?? '', align: 'right' },
];

function listView({ printer }: ServerSession, ask: Ask, { get }: MetricFlags): View {
  return async () => {
    const names = chooseNames(
      (await ask(undefined)).map(({ id }) => id),
      get,
    );
    const values = (await inParts(names, ask)).sort(byId);
    return { lines: renderTable(valueColumns, values, printer), json: values };
  };
}

type Aggregate = AggregatedMetricList[number];

function aggregateColumn(name: 'min' | 'max' | 'avg' | 'sum', droppable?: number): Column<Aggregate> {
  const value = (metric: Aggregate) => (metric[name] === undefined ? '-' : formatNumber(metric[name]));
  return { head: name, value, align: 'right', ...(droppable === undefined ? {} : { droppable }) };
}

const aggregateColumns: readonly Column<Aggregate>[] = [
  { head: 'metric', value: ({ id }) => id, minWidth: 20 },
  aggregateColumn('min', 2),
  aggregateColumn('max', 2),
  aggregateColumn('avg', 1),
  aggregateColumn('sum'),
];

function aggregateView(
  session: ServerSession,
  jobId: string,
  { id, name, parallelism }: JobVertex,
  flags: MetricFlags,
): View {
  const { client, printer, signal } = session;
  const ask = (get: readonly string[] | undefined) => client.jobs.vertices.subtasksMetrics(jobId, id, { get, signal });
  return async () => {
    const names = chooseNames(
      (await ask(undefined)).map((metric) => metric.id),
      flags.get,
    );
    const values = (await inParts(names, ask)).sort(byId);
    const title = `${printer.paint('bold', name)}  ${printer.paint('dim', `×${parallelism}, over its subtasks`)}`;
    return { lines: [title, '', ...renderTable(aggregateColumns, values, printer)], json: values };
  };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

async function inParts<T>(
  names: readonly string[],
  ask: (get: readonly string[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const parts: T[] = [];
  for (let i = 0; i < names.length; i += NAMES_PER_CALL) parts.push(...(await ask(names.slice(i, i + NAMES_PER_CALL))));
  return parts;
}

/** @throws UsageError when a wanted name or pattern finds nothing */
export function chooseNames(available: readonly string[], wanted: readonly string[] | undefined): readonly string[] {
  if (wanted === undefined) return available;
  const chosen = wanted.flatMap((pattern) => {
    const matches = available.filter((name) => toPattern(pattern).test(name));
    if (matches.length > 0) return matches;
    const similar = available.filter((name) => name.toLowerCase().includes(pattern.replaceAll('*', '').toLowerCase()));
    const hint = similar.length > 0 ? `; did you mean ${similar.slice(0, 5).join(', ')}?` : '.';
    throw new UsageError(`There is no metric "${pattern}"${hint} Without --get all ${available.length} are shown`);
  });
  return [...new Set(chosen)];
}

function toPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`);
}
