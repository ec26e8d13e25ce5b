// yeoul savepoint show: what is in a savepoint or checkpoint, and the entries of one of its states.
import type { OperatorMetadata } from '@yeoul/engine/runtime';
import type { CommandContext } from '../command-context.ts';
import { formatBytes, formatDuration, formatNumber, formatTime, plural } from '../format.ts';
import { createPrinter, type Printer } from '../print/printer.ts';
import type { Column } from '../print/table.ts';
import { UsageError } from '../usage-error.ts';
import { describeSerializer } from './describe-type.ts';
import {
  entriesOf,
  openSavepoint,
  type SavepointSummary,
  type ShownEntry,
  type StateSummary,
} from './open-savepoint.ts';
import { showValue, toPlain } from './show-value.ts';

export interface ShowFlags {
  readonly state?: string;
  readonly operator?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export async function showSavepoint(path: string, flags: ShowFlags, context: CommandContext): Promise<void> {
  const summary = await openSavepoint(path);
  const printer = createPrinter(context);
  if (flags.state !== undefined) return showState(chooseState(summary, flags.state, flags.operator), flags, printer);
  if (flags.json === true) printer.json(toJsonSummary(summary));
  else showSummary(summary, printer);
}

function showSummary({ directory, metadata, sizeBytes, fileCount, states }: SavepointSummary, printer: Printer): void {
  const { kind, jobName, jobId, checkpointId, triggerTimestampMs, completionTimestampMs } = metadata;
  const tookMs = completionTimestampMs - triggerTimestampMs;
  printer.fields([
    [kind, directory, 'bold'],
    ['job', `${jobName} (${jobId})`],
    ['id', `#${checkpointId}`],
    ['taken', `${formatTime(triggerTimestampMs)}, in ${formatDuration(tookMs)}, by Yeoul ${metadata.engineVersion}`],
    [
      'size',
      `${formatBytes(sizeBytes)} of state in ${fileCount === 0 ? '_metadata alone' : `_metadata and ${plural(fileCount, 'file')}`}`,
    ],
  ]);
  printer.line('');
  printer.table(operatorColumns, metadata.operators);
  printer.line('');
  if (states.length === 0) printer.line('No operator has state.');
  else printer.table(stateColumns, states);
}

const operatorColumns: readonly Column<OperatorMetadata>[] = [
  { head: 'operator', value: ({ name }) => name, minWidth: 12 },
  { head: 'uid', value: ({ uid }) => uid ?? '-', minWidth: 6, droppable: 3 },
  { head: 'id', value: ({ operatorId }) => operatorId, minWidth: 8, isId: true, droppable: 2 },
  { head: 'p', value: ({ parallelism }) => String(parallelism), align: 'right' },
  { head: 'key groups', value: ({ maxParallelism }) => String(maxParallelism), align: 'right', droppable: 1 },
  { head: 'finished', value: describeFinished, align: 'right', droppable: 4 },
];

function describeFinished({ finishedSubtasks, parallelism }: OperatorMetadata): string {
  return finishedSubtasks.length === 0 ? '-' : `${finishedSubtasks.length} of ${parallelism}`;
}

const stateColumns: readonly Column<StateSummary>[] = [
  { head: 'state', value: ({ state }) => state.name, minWidth: 10 },
  { head: 'of', value: ({ operator }) => operator.uid ?? operator.name, minWidth: 8, droppable: 2 },
  { head: 'kind', value: ({ state }) => state.kind },
  { head: 'type', value: describeStateType, minWidth: 8, droppable: 3 },
  { head: 'entries', value: describeCount, align: 'right' },
  {
    head: 'size',
    value: ({ sizeBytes }) => (sizeBytes === undefined ? '-' : formatBytes(sizeBytes)),
    align: 'right',
    droppable: 1,
  },
];

function describeStateType({ state }: StateSummary): string {
  const type = state.kind === 'timers' ? 'time' : describeSerializer(state.serializer);
  const window = state.namespaceSerializer === undefined ? '' : ` by ${describeSerializer(state.namespaceSerializer)}`;
  const ttl = state.ttlMs === undefined ? '' : `, lives ${formatDuration(state.ttlMs)}`;
  return `${type}${window}${ttl}`;
}

function describeCount({ count, isExact }: StateSummary): string {
  return `${isExact ? '' : '≤ '}${formatNumber(count)}`;
}

/** @throws UsageError with the states that there are */
function chooseState(
  { states, directory }: SavepointSummary,
  name: string,
  operator: string | undefined,
): StateSummary {
  const named = states.filter(({ state }) => state.name === name);
  const found = operator === undefined ? named : named.filter((summary) => isOf(summary, operator));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const shown = found.length > 1 ? found : states;
  const lines = shown.map(
    ({ state, operator: { uid, name: of, operatorId } }) => `  ${state.name}  of ${uid ?? of} (${operatorId})`,
  );
  if (found.length > 1)
    throw new UsageError(`Several operators have a state "${name}"; choose with --operator:\n${lines.join('\n')}`);
  const what = operator === undefined ? `no state "${name}"` : `no state "${name}" of an operator "${operator}"`;
  throw new UsageError(
    `${directory} has ${what}. ${shown.length === 0 ? 'It has no state.' : `It has these:\n${lines.join('\n')}`}`,
  );
}

function isOf({ operator: { uid, name, operatorId } }: StateSummary, operator: string): boolean {
  return uid === operator || name === operator || operatorId.startsWith(operator.toLowerCase());
}

async function showState(summary: StateSummary, flags: ShowFlags, printer: Printer): Promise<void> {
  const entries: ShownEntry[] = [];
  let isCut = false;
  for await (const entry of entriesOf(summary)) {
    if (entries.length === flags.limit) {
      isCut = true;
      break;
    }
    entries.push(entry);
  }
  if (flags.json === true) printer.json(entries.map(toJsonEntry));
  else showEntries(summary, entries, isCut, printer);
}

function showEntries(summary: StateSummary, entries: readonly ShownEntry[], isCut: boolean, printer: Printer): void {
  const { state, operator } = summary;
  const heading = `${state.kind} ${describeStateType(summary)} of ${operator.uid ?? operator.name}`;
  printer.line(`${printer.paint('bold', state.name)}  ${printer.paint('dim', heading)}`);
  printer.line('');
  if (entries.length === 0) printer.line('It is empty.');
  else printer.table(entryColumns(entries, state.kind), entries);
  if (isCut) printer.line(`… and more: ${describeCount(summary)} in all (--limit)`);
}

function entryColumns(entries: readonly ShownEntry[], kind: string): readonly Column<ShownEntry>[] {
  const has = (name: keyof ShownEntry) => entries.some((entry) => entry[name] !== undefined);
  const columns: readonly (Column<ShownEntry> | false)[] = [
    { head: 'subtask', value: ({ subtask }) => String(subtask), align: 'right', droppable: 2 },
    has('keyGroup') && { head: 'group', value: ({ keyGroup }) => String(keyGroup), align: 'right', droppable: 1 },
    has('key') && { head: 'key', value: ({ key }) => showValue(key), minWidth: 8 },
    has('namespace') && { head: 'window', value: ({ namespace }) => showValue(namespace), minWidth: 8 },
    has('writtenMs') && { head: 'written', value: ({ writtenMs = 0 }) => formatTime(writtenMs), droppable: 3 },
    { head: kind === 'timers' ? 'time' : 'value', value: (entry) => showEntryValue(entry, kind), minWidth: 12 },
  ];
  return columns.filter((column) => column !== false);
}

function showEntryValue({ value }: ShownEntry, kind: string): string {
  if (kind !== 'timers' || typeof value !== 'number') return showValue(value);
  return Math.abs(value) <= 8.64e15 ? `${value} (${new Date(value).toISOString()})` : String(value);
}

function toJsonEntry({ key, namespace, value, ...rest }: ShownEntry): unknown {
  return { ...rest, key: toPlain(key), namespace: toPlain(namespace), value: toPlain(value) };
}

function toJsonSummary({ directory, metadata, sizeBytes, fileCount, states }: SavepointSummary): unknown {
  const { operators, ...facts } = metadata;
  return {
    directory,
    ...facts,
    sizeBytes,
    fileCount,
    operators: operators.map(({ subtasks: _, states: __, ...operator }) => ({
      ...operator,
      states: states
        .filter(({ operator: own }) => own.operatorId === operator.operatorId)
        .map(({ state, count, sizeBytes: stateBytes, isExact }) => ({
          ...state,
          count,
          sizeBytes: stateBytes,
          isExact,
        })),
    })),
  };
}
