// The numbers of one task, by Flink's metric names, sampled when the coordinator or the clock asks: the hot path only
// increments plain fields.
import type { ReaderStatistics, WriterStatistics } from '../channels/channel.ts';
import type { Task, TaskLink } from '../task/task.ts';
import type { RateMeter } from './rate-meter.ts';

type Numbers = Record<string, number>;

/** Cumulative counts get a "…PerSecond" beside them. */
const RATED = new Set([
  'numRecordsIn',
  'numRecordsOut',
  'numBytesIn',
  'numBytesInLocal',
  'numBytesInRemote',
  'numBytesOut',
  'numBuffersInLocal',
  'numBuffersInRemote',
  'numBuffersOut',
]);

export function taskNumbers(task: Task, rates: RateMeter): Numbers {
  const readers = (task.gate?.channels ?? []).map((c) => c.reader.statistics);
  const writers = task.writers.map((w) => w.statistics);
  const counts = { ...inputCounts(task, readers), ...outputCounts(writers) };
  return {
    ...counts,
    ...rates.perSecond(counts, RATED),
    ...timeShares(task, rates),
    ...bufferUsage(readers, writers),
    ...nettyNames(counts, rates),
    ...alignment(task),
  };
}

export function operatorNumbers(link: TaskLink, isHead: boolean, task: Task, rates: RateMeter): Numbers {
  const counts = {
    numRecordsIn:
      isHead && task.gate ? sum(task.gate.channels, (c) => c.reader.statistics.records) : link.counters.numRecordsIn,
    numRecordsOut: link.counters.numRecordsOut,
  };
  const watermarks: Numbers = { currentOutputWatermark: link.output.currentWatermarkMs };
  if (!isHead || task.gate) watermarks['currentInputWatermark'] = link.context.currentWatermarkMs();
  return { ...counts, ...rates.perSecond(counts, RATED, link.operator.operatorId), ...watermarks };
}

function inputCounts(task: Task, readers: readonly ReaderStatistics[]): Numbers {
  const local = readers.filter((r) => r.isLocal);
  const remote = readers.filter((r) => !r.isLocal);
  return {
    numRecordsIn: task.gate ? sum(readers, (r) => r.records) : 0,
    numBytesIn: sum(readers, (r) => r.bytes),
    numBytesInLocal: sum(local, (r) => r.bytes),
    numBytesInRemote: sum(remote, (r) => r.bytes),
    numBuffersInLocal: sum(local, (r) => r.buffers),
    numBuffersInRemote: sum(remote, (r) => r.buffers),
  };
}

function outputCounts(writers: readonly WriterStatistics[]): Numbers {
  return {
    numRecordsOut: sum(writers, (w) => w.records),
    numBytesOut: sum(writers, (w) => w.bytes),
    numBuffersOut: sum(writers, (w) => w.buffers),
  };
}

function timeShares(task: Task, rates: RateMeter): Numbers {
  const { busyMs, backPressuredMs, idleMs } = task.time;
  const rate = rates.rates({ busyMs, backPressuredMs, idleMs }, 'time');
  return {
    busyTimeMsPerSecond: Math.round(rate['busyMs'] ?? 0),
    backPressuredTimeMsPerSecond: Math.round(rate['backPressuredMs'] ?? 0),
    idleTimeMsPerSecond: Math.round(rate['idleMs'] ?? 0),
    accumulateBusyTimeMs: busyMs,
    accumulateBackPressuredTimeMs: backPressuredMs,
    accumulateIdleTimeMs: idleMs,
    isBackPressured: (rate['backPressuredMs'] ?? 0) > 500 ? 1 : 0,
  };
}

function bufferUsage(readers: readonly ReaderStatistics[], writers: readonly WriterStatistics[]): Numbers {
  const queuedIn = sum(readers, (r) => r.queuedBuffers());
  const inUsage = share(
    queuedIn,
    sum(readers, (r) => r.totalBuffers()),
  );
  const queuedOut = sum(writers, (w) => w.usedBuffers());
  const outUsage = share(
    queuedOut,
    sum(writers, (w) => w.totalBuffers()),
  );
  return {
    'buffers.inPoolUsage': inUsage,
    'buffers.inputExclusiveBuffersUsage': inUsage,
    'buffers.inputFloatingBuffersUsage': 0,
    'buffers.inputQueueLength': queuedIn,
    'buffers.outPoolUsage': outUsage,
    'buffers.outputQueueLength': queuedOut,
    'Shuffle.Netty.Input.Buffers.inPoolUsage': inUsage,
    'Shuffle.Netty.Input.Buffers.inputExclusiveBuffersUsage': inUsage,
    'Shuffle.Netty.Input.Buffers.inputFloatingBuffersUsage': 0,
    'Shuffle.Netty.Input.Buffers.inputQueueLength': queuedIn,
    'Shuffle.Netty.Output.Buffers.outPoolUsage': outUsage,
    'Shuffle.Netty.Output.Buffers.outputQueueLength': queuedOut,
  };
}

/** Flink repeats the input counts under its shuffle's scope. */
function nettyNames(counts: Numbers, rates: RateMeter): Numbers {
  const names = ['numBuffersInLocal', 'numBuffersInRemote', 'numBytesInLocal', 'numBytesInRemote'];
  const netty: Numbers = {};
  for (const name of names) {
    netty[`Shuffle.Netty.Input.${name}`] = counts[name] ?? 0;
    netty[`Shuffle.Netty.Input.${name}PerSecond`] = rates.last(`${name}PerSecond`);
  }
  return netty;
}

function alignment(task: Task): Numbers {
  const head = task.links[0];
  if (!task.gate || !head) return {};
  return {
    checkpointAlignmentTime: task.lastAlignmentMs * 1e6,
    currentInputWatermark: head.context.currentWatermarkMs(),
  };
}

function share(used: number, total: number): number {
  return total === 0 ? 0 : used / total;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}
