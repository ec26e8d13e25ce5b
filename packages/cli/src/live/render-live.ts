// Draws the live model as lines that fit the terminal.
import { styleText } from 'node:util';
import Table from 'cli-table3';
import { formatBytes, formatCount, formatDuration, formatWatermark } from '../format.ts';
import type { LiveModel, LiveVertex } from './live-model.ts';

/** Columns that numbers take beside the vertex name, with borders. */
const NUMBERS_WIDTH = 80;
const MIN_NAME_WIDTH = 16;

/** @param columns width of the terminal; no line is longer */
export function renderLive(model: LiveModel, columns: number): string[] {
  return [
    header(model),
    ...addressLines(model),
    '',
    ...vertexTable(model.vertices, columns),
    '',
    ...checkpointLines(model),
    ...failureLines(model),
    ...outputLines(model),
    '',
    styleText('dim', 'Ctrl-C ends the view and stops cleanly'),
  ].map((line) => cut(line, columns));
}

function header(model: LiveModel): string {
  const restarts = model.restarts > 0 ? `  restarts ${model.restarts}` : '';
  return `${styleText('bold', model.jobName)}  ${coloured(model.status)}  ${formatDuration(model.uptimeMs)}  ${model.jobId}${restarts}`;
}

function addressLines({ address }: LiveModel): string[] {
  return address === undefined ? [] : [styleText('dim', `REST API at ${address}`)];
}

const statusColours: Readonly<Record<string, 'green' | 'red' | 'yellow' | 'cyan'>> = {
  RUNNING: 'green',
  FINISHED: 'cyan',
  FAILED: 'red',
  FAILING: 'red',
  CANCELED: 'yellow',
};

function coloured(status: string): string {
  return styleText(statusColours[status] ?? 'yellow', status);
}

function vertexTable(vertices: readonly LiveVertex[], columns: number): string[] {
  const nameWidth = Math.max(MIN_NAME_WIDTH, columns - NUMBERS_WIDTH);
  const table = new Table({
    head: ['vertex', 'p', 'status', 'in/s', 'out/s', 'in', 'out', 'busy', 'backpr.', 'watermark'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
    chars: {
      mid: '',
      'left-mid': '',
      'mid-mid': '',
      'right-mid': '',
      top: '',
      'top-left': '',
      'top-mid': '',
      'top-right': '',
      bottom: '',
      'bottom-left': '',
      'bottom-mid': '',
      'bottom-right': '',
      left: '',
      right: '',
      middle: '  ',
    },
    style: { head: ['dim'], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const vertex of vertices) table.push(vertexRow(vertex, nameWidth));
  return table.toString().split('\n');
}

function vertexRow(vertex: LiveVertex, nameWidth: number): string[] {
  return [
    vertex.name.length > nameWidth ? `${vertex.name.slice(0, nameWidth - 1)}…` : vertex.name,
    String(vertex.parallelism),
    coloured(vertex.status),
    formatCount(vertex.inPerSecond),
    formatCount(vertex.outPerSecond),
    formatCount(vertex.recordsIn),
    formatCount(vertex.recordsOut),
    percent(vertex.busy),
    percent(vertex.backPressured),
    formatWatermark(vertex.watermarkMs),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function checkpointLines(model: LiveModel): string[] {
  if (!model.checkpointing) return [styleText('dim', 'checkpointing is off')];
  const restored = model.restoredFrom === undefined ? '' : `  restored from ${model.restoredFrom}`;
  const counts = `completed ${model.completedCheckpoints}  failed ${model.failedCheckpoints}${restored}`;
  const last = model.lastCheckpoint;
  if (!last) return [`no checkpoint yet  ${counts}`];
  const what = `last checkpoint ${styleText('bold', `#${last.id}`)}  took ${formatDuration(last.durationMs)}  ${formatBytes(last.sizeBytes)}`;
  return [`${what}  ${formatDuration(last.agoMs)} ago  ${counts}`];
}

function failureLines(model: LiveModel): string[] {
  return model.failure === undefined ? [] : [styleText('red', model.failure)];
}

function outputLines(model: LiveModel): string[] {
  if (model.outputLines === 0) return [];
  return ['', styleText('dim', `output (${formatCount(model.outputLines)} lines)`), ...model.output];
}

/** Cuts visible characters; escape sequences take no room. */
function cut(line: string, columns: number): string {
  let visible = 0;
  let result = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith('\u001b')) result += part;
    else {
      result += part.slice(0, Math.max(0, columns - visible));
      visible += part.length;
    }
  }
  return result;
}
