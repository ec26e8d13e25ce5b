// Stream program → job graph: stream graph, ids, chains, vertices, edges, plan, hash.
import { appError } from '../errors.ts';
import { isChainable } from './chaining.ts';
import { hashJobGraph } from './graph-hash.ts';
import { buildChains, type Chain } from './job-chains.ts';
import type {
  ChainedOperator,
  CheckpointConfigData,
  ExecutionConfigData,
  JobEdge,
  JobGraph,
  JobVertex,
} from './job-graph.ts';
import { createJsonPlan } from './json-plan.ts';
import { computeDefaultMaxParallelism } from './max-parallelism.ts';
import { isSinkSpec } from './operator-role.ts';
import type { StreamEdge, StreamGraph, StreamNode } from './stream-graph.ts';
import { generateStreamGraph } from './stream-graph-generator.ts';
import { operatorIds } from './stream-graph-hasher.ts';
import { sortTopologically } from './topological-order.ts';
import type { OperatorTransformation } from './transformation.ts';

/** What a program built, up to one execute(). */
export interface StreamProgram {
  readonly name: string;
  /** All operators in creation order, sources included. */
  readonly operators: readonly OperatorTransformation[];
  readonly chainingEnabled: boolean;
  readonly execution: ExecutionConfigData;
  readonly checkpointing: CheckpointConfigData;
}

/** @throws EMPTY_PROGRAM, NO_SINK, DUPLICATE_UID, INVALID_PARALLELISM, FORWARD_PARALLELISM */
export function createJobGraph(program: StreamProgram): JobGraph {
  const streamGraph = generateStreamGraph({
    operators: program.operators,
    chainingEnabled: program.chainingEnabled,
    defaultParallelism: program.execution.parallelism,
    defaultMaxParallelism: program.execution.maxParallelism,
    defaultBufferTimeoutMs: defaultBufferTimeoutMs(program.execution),
  });
  checkHasSink(program.name, streamGraph);
  const ids = operatorIds(streamGraph);
  const chains = buildChains(streamGraph);
  const created = chains.map((chain) => createVertex(chain, ids, streamGraph));
  const edges = createEdges(chains, ids);
  const graph = {
    name: program.name,
    type: 'STREAMING' as const,
    vertices: sortTopologically(created, edges),
    edges,
    checkpointing: program.checkpointing,
    execution: program.execution,
    plan: createJsonPlan(program.name, created, edges),
  };
  return { ...graph, hash: hashJobGraph(graph) };
}

function defaultBufferTimeoutMs({ isBufferTimeoutDefault, bufferTimeoutMs }: ExecutionConfigData): number | undefined {
  return isBufferTimeoutDefault === true ? undefined : bufferTimeoutMs;
}

function checkHasSink(name: string, graph: StreamGraph): void {
  if (graph.nodes.length === 0) throw appError('EMPTY_PROGRAM', [name]);
  const ends = graph.nodes.some(
    ({ transformation: { operator } }) => isSinkSpec(operator) || operator.kind === 'custom',
  );
  if (!ends) throw appError('NO_SINK', [name, graph.nodes.length]);
}

function createVertex(chain: Chain, ids: ReadonlyMap<number, string>, graph: StreamGraph): JobVertex {
  const { head } = chain;
  return {
    id: idOf(ids, head),
    name: chain.name,
    parallelism: head.parallelism,
    maxParallelism: head.maxParallelism ?? computeDefaultMaxParallelism(head.parallelism),
    ...(head.maxParallelism === undefined ? { isMaxParallelismDefault: true } : {}),
    slotSharingGroup: head.slotSharingGroup,
    operators: chain.nodes.map((node) => createOperator(node, ids, graph)),
  };
}

function createOperator(node: StreamNode, ids: ReadonlyMap<number, string>, graph: StreamGraph): ChainedOperator {
  const { transformation } = node;
  return {
    nodeId: node.id,
    operatorId: idOf(ids, node),
    name: node.name,
    uid: transformation.uid,
    uidHash: transformation.uidHash,
    spec: transformation.operator,
    inputKeys: transformation.keys,
    inputTypes: transformation.inputs.map((input) => input.outputType),
    outputType: transformation.outputType,
    chainedOutputs: node.outEdges
      .filter((edge) => isChainable(edge, graph))
      .map((edge) => ({ nodeId: edge.target.id, input: edge.targetInput, tag: edge.tag })),
  };
}

function createEdges(chains: readonly Chain[], ids: ReadonlyMap<number, string>): JobEdge[] {
  const leaving = chains.flatMap((chain) => chain.outEdges.map((edge) => ({ chain, edge })));
  return leaving.map(({ chain, edge }, index) => createEdge(index, chain, edge, ids));
}

function createEdge(id: number, chain: Chain, edge: StreamEdge, ids: ReadonlyMap<number, string>): JobEdge {
  return {
    id,
    sourceVertexId: idOf(ids, chain.head),
    sourceNodeId: edge.source.id,
    targetVertexId: idOf(ids, edge.target),
    targetInput: edge.targetInput,
    tag: edge.tag,
    partitioner: edge.partitioner,
    type: edge.target.transformation.inputs[edge.targetInput]?.outputType,
    bufferTimeoutMs: edge.source.bufferTimeoutMs,
    shipStrategy: edge.partitioner.kind.toUpperCase(),
    exchange: 'pipelined_bounded',
  };
}

function idOf(ids: ReadonlyMap<number, string>, node: StreamNode): string {
  return ids.get(node.id) as string;
}
