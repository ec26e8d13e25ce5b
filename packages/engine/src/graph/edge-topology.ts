// Which subtasks an edge connects. The one place that knows it: channels are made, and regions found, from here.
import type { Partitioner } from './transformation.ts';

/** FORWARD and RESCALE connect neighbours; every other partitioner connects all with all. */
export function isPointwise(partitioner: Partitioner['kind']): boolean {
  return partitioner === 'forward' || partitioner === 'rescale';
}

/**
 * Target subtasks that a source subtask writes to, ascending. The position in the list is the channel index of a RecordWriter.
 * Pointwise edges follow Flink: the larger side is dealt out in contiguous blocks.
 * @see Apache Flink, EdgeManagerBuildUtil.connectPointwise
 */
export function targetsOf(
  partitioner: Partitioner['kind'],
  sourceParallelism: number,
  targetParallelism: number,
  sourceSubtask: number,
): number[] {
  if (!isPointwise(partitioner)) return range(0, targetParallelism);
  return range(0, targetParallelism).filter((target) =>
    sourcesOf(partitioner, sourceParallelism, targetParallelism, target).includes(sourceSubtask),
  );
}

/** Source subtasks that a target subtask reads from, ascending. */
export function sourcesOf(
  partitioner: Partitioner['kind'],
  sourceParallelism: number,
  targetParallelism: number,
  targetSubtask: number,
): number[] {
  if (!isPointwise(partitioner)) return range(0, sourceParallelism);
  if (sourceParallelism >= targetParallelism) {
    const start = Math.floor((targetSubtask * sourceParallelism) / targetParallelism);
    const end = Math.floor(((targetSubtask + 1) * sourceParallelism) / targetParallelism);
    return range(start, end);
  }
  return [Math.floor((targetSubtask * sourceParallelism) / targetParallelism)];
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
