// The channels of an edge as pairs of subtasks, by the rule of the channels themselves.
import type { JobEdgeDescription } from '../../graph/job-graph.ts';
import { sourceSubtasksOf } from '../channels/connections.ts';

export interface SubtaskPair {
  readonly sourceSubtask: number;
  readonly targetSubtask: number;
}

export function connectedSubtasks(
  edge: Pick<JobEdgeDescription, 'partitioner'>,
  sourceParallelism: number,
  targetParallelism: number,
): readonly SubtaskPair[] {
  const parallelism = { source: sourceParallelism, target: targetParallelism };
  return Array.from({ length: targetParallelism }, (_, targetSubtask) =>
    sourceSubtasksOf(edge.partitioner, parallelism, targetSubtask).map((sourceSubtask) => ({
      sourceSubtask,
      targetSubtask,
    })),
  ).flat();
}
