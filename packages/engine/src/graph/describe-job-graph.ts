import type { JobGraph, JobGraphDescription } from './job-graph.ts';

/** The part of a job graph without functions and types of records: crosses threads, is stored, is shown. */
export function describeJobGraph(graph: JobGraph): JobGraphDescription {
  return {
    name: graph.name,
    type: graph.type,
    vertices: graph.vertices.map((vertex) => ({
      id: vertex.id,
      name: vertex.name,
      parallelism: vertex.parallelism,
      maxParallelism: vertex.maxParallelism,
      isMaxParallelismDefault: vertex.isMaxParallelismDefault,
      slotSharingGroup: vertex.slotSharingGroup,
      isSource: !graph.edges.some((edge) => edge.targetVertexId === vertex.id),
      operators: vertex.operators.map((operator) => ({
        operatorId: operator.operatorId,
        name: operator.name,
        uid: operator.uid,
        uidHash: operator.uidHash,
        keyed: operator.inputKeys.some((key) => key !== undefined),
      })),
    })),
    edges: graph.edges.map((edge) => ({
      id: edge.id,
      sourceVertexId: edge.sourceVertexId,
      targetVertexId: edge.targetVertexId,
      targetInput: edge.targetInput,
      partitioner: edge.partitioner.kind,
      exchange: edge.exchange,
    })),
    checkpointing: graph.checkpointing,
    execution: graph.execution,
    collects: collects(graph) || undefined,
    hash: graph.hash,
    plan: graph.plan,
  };
}

function collects(graph: JobGraph): boolean {
  return graph.vertices.some(({ operators }) => operators.some(({ spec }) => spec.kind === 'collect'));
}
