// Which subtasks of an edge are connected. Forward and rescale connect few; everything else connects all to all.
import type { Partitioner } from '../../graph/transformation.ts';

export interface EdgeParallelism {
  readonly source: number;
  readonly target: number;
}

/**
 * Target subtasks that subtask `sourceSubtask` writes to, ascending. A writer's `targets` stand in this order.
 * @see Apache Flink, VertexInputInfoComputationUtils / EdgeManagerBuildUtil (pointwise distribution)
 */
export function targetSubtasksOf(
  kind: Partitioner['kind'],
  parallelism: EdgeParallelism,
  sourceSubtask: number,
): number[] {
  const { source, target } = parallelism;
  if (kind !== 'forward' && kind !== 'rescale') return range(0, target);
  if (source < target)
    return range(Math.ceil((sourceSubtask * target) / source), Math.ceil(((sourceSubtask + 1) * target) / source));
  return range(0, target).filter(
    (t) =>
      Math.floor((t * source) / target) <= sourceSubtask && sourceSubtask < Math.floor(((t + 1) * source) / target),
  );
}

/** Source subtasks that write to `targetSubtask`, ascending. */
export function sourceSubtasksOf(
  kind: Partitioner['kind'],
  parallelism: EdgeParallelism,
  targetSubtask: number,
): number[] {
  return range(0, parallelism.source).filter((s) => targetSubtasksOf(kind, parallelism, s).includes(targetSubtask));
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
