// The plan as Flink's /plan answers it, without the job id (source: Apache Flink 1.9, JsonPlanGenerator).
import { escapePlanText } from './html-escape.ts';
import type { JobEdge, JobVertex, JsonPlan, JsonPlanNode } from './job-graph.ts';

/**
 * @param vertices in creation order, not sorted: Flink lists what reads a chain before the chain
 * @param edges in creation order: the inputs of a vertex are numbered by it
 */
export function createJsonPlan(name: string, vertices: readonly JobVertex[], edges: readonly JobEdge[]): JsonPlan {
  return { name, nodes: vertices.map((vertex) => planNode(vertex, edges)) };
}

function planNode(vertex: JobVertex, edges: readonly JobEdge[]): JsonPlanNode {
  const inputs = edges
    .filter((edge) => edge.targetVertexId === vertex.id)
    .map((edge, num) => ({
      num,
      id: edge.sourceVertexId,
      ship_strategy: edge.shipStrategy,
      exchange: edge.exchange,
    }));
  return {
    id: vertex.id,
    parallelism: vertex.parallelism,
    operator: '',
    operator_strategy: '',
    description: escapePlanText(vertex.name),
    ...(inputs.length > 0 ? { inputs } : {}),
    optimizer_properties: {},
  };
}
