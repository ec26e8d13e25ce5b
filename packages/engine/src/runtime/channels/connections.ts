// Which subtasks of an edge are connected, as channels ask for it; the rule is graph/edge-topology's.
import { sourcesOf, targetsOf } from '../../graph/edge-topology.ts';
import type { Partitioner } from '../../graph/transformation.ts';

export interface EdgeParallelism {
  readonly source: number;
  readonly target: number;
}

/** Target subtasks that subtask `sourceSubtask` writes to, ascending. A writer's `targets` stand in this order. */
export function targetSubtasksOf(
  kind: Partitioner['kind'],
  parallelism: EdgeParallelism,
  sourceSubtask: number,
): number[] {
  return targetsOf(kind, parallelism.source, parallelism.target, sourceSubtask);
}

/** Source subtasks that write to `targetSubtask`, ascending. */
export function sourceSubtasksOf(
  kind: Partitioner['kind'],
  parallelism: EdgeParallelism,
  targetSubtask: number,
): number[] {
  return sourcesOf(kind, parallelism.source, parallelism.target, targetSubtask);
}
