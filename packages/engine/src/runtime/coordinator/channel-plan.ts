// The channels of an edge as pairs of subtasks.
import { sourcesOf } from '../../graph/edge-topology.ts';
import type { JobEdgeDescription } from '../../graph/job-graph.ts';

export interface SubtaskPair {
  readonly sourceSubtask: number;
  readonly targetSubtask: number;
}

export function connectedSubtasks(
  edge: Pick<JobEdgeDescription, 'partitioner'>,
  sourceParallelism: number,
  targetParallelism: number,
): readonly SubtaskPair[] {
  return Array.from({ length: targetParallelism }, (_, targetSubtask) =>
    sourcesOf(edge.partitioner, sourceParallelism, targetParallelism, targetSubtask).map((sourceSubtask) => ({
      sourceSubtask,
      targetSubtask,
    })),
  ).flat();
}
