// Max parallelism is fixed for the life of keyed state. A program that sets none takes over that of the state it is restored from (as in
// Flink); one that sets another is refused (assignState).
import type { JobGraphDescription, JobVertexDescription } from '../graph/job-graph.ts';
import type { CheckpointMetadata, OperatorMetadata } from './checkpoint-metadata.ts';
import { savedStateOf } from './state-assignment.ts';

/** The graph with the max parallelism of the saved state, where the program leaves it open. Pure. */
export function adoptMaxParallelism(metadata: CheckpointMetadata, graph: JobGraphDescription): JobGraphDescription {
  const saved = new Map(metadata.operators.map((operator) => [operator.operatorId, operator]));
  return { ...graph, vertices: graph.vertices.map((vertex) => adoptVertex(vertex, saved)) };
}

function adoptVertex(vertex: JobVertexDescription, saved: ReadonlyMap<string, OperatorMetadata>): JobVertexDescription {
  if (vertex.isMaxParallelismDefault !== true) return vertex;
  const keyed = vertex.operators
    .map((operator) => savedStateOf(operator, saved))
    .find((operator) => operator?.subtasks.some((subtask) => subtask.keyed.length > 0));
  return keyed === undefined ? vertex : { ...vertex, maxParallelism: keyed.maxParallelism };
}
