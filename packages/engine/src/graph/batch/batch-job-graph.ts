// Batch program → job graph. Vertex ids are random in Flink; here driver and slots each evaluate the program and must agree,
// so ids are derived from the plan and the vertex's place in it.
import { appError } from '../../errors.ts';
import { hashJobGraph } from '../graph-hash.ts';
import { toHex } from '../hex.ts';
import type {
  ChainedOperator,
  CheckpointConfigData,
  ExecutionConfigData,
  JobEdge,
  JobGraph,
  JobVertex,
} from '../job-graph.ts';
import { checkParallelism, computeDefaultMaxParallelism } from '../max-parallelism.ts';
import { murmur3x64x128 } from '../murmur3.ts';
import { sortTopologically } from '../topological-order.ts';
import type { Partitioner } from '../transformation.ts';
import { batchPlanNode } from './batch-json-plan.ts';
import type { BatchOperator } from './batch-operator.ts';
import { chainVertices, type PlanVertex, vertexName } from './chain-vertices.ts';
import { nodeSpec } from './node-spec.ts';
import { optimize } from './optimizer.ts';
import type { PhysicalPlan, PlanNode } from './physical-plan.ts';
import { formatShipStrategy, type ShipStrategy } from './strategies.ts';
import { vertexInputs } from './vertex-inputs.ts';

export interface BatchJobGraphOptions {
  readonly name: string;
  /** At least one, in creation order. */
  readonly sinks: readonly BatchOperator[];
  readonly execution: ExecutionConfigData;
  readonly checkpointing: CheckpointConfigData;
}

/** @throws NO_BATCH_SINK without sinks, INVALID_PARALLELISM */
export function createBatchJobGraph(options: BatchJobGraphOptions): JobGraph {
  const { name, sinks, execution, checkpointing } = options;
  if (sinks.length === 0) throw appError('NO_BATCH_SINK');
  const plan = optimize(sinks, checkParallelism(execution.parallelism, 'the default parallelism'));
  const vertices = chainVertices(plan);
  const ids = new PlanIds(plan, vertices);
  const nodes = vertices.map((vertex) => batchPlanNode(vertex, ids.vertexIdOf));
  const edges = toJobEdges(vertices, ids, execution);
  const created = vertices.map((vertex) => toJobVertex(vertex, ids, execution));
  const graph = {
    name,
    type: 'BATCH' as const,
    vertices: sortTopologically(created, edges),
    edges,
    checkpointing,
    execution,
    plan: { name, nodes },
  };
  return { ...graph, hash: hashJobGraph(graph) };
}

/** Ids of a plan's nodes and vertices. */
class PlanIds {
  readonly #nodeIds: ReadonlyMap<PlanNode, number>;
  readonly #vertexIds = new Map<PlanNode, string>();

  constructor(plan: PhysicalPlan, vertices: readonly PlanVertex[]) {
    this.#nodeIds = new Map(plan.nodes.map((node, i) => [node, i + 1]));
    const signature = vertices.map((vertex) => this.#signature(vertex)).join('\n');
    for (const [position, { nodes }] of vertices.entries()) {
      const id = hashText(`${position}\n${signature}`);
      for (const node of nodes) this.#vertexIds.set(node, id);
    }
  }

  nodeIdOf(node: PlanNode): number {
    return this.#nodeIds.get(node) as number;
  }

  readonly vertexIdOf = (node: PlanNode): string => this.#vertexIds.get(node) as string;

  #signature(vertex: PlanVertex): string {
    const inputs = vertexInputs(vertex.head).map(
      ({ channel }) => `${this.nodeIdOf(channel.source)}:${formatShipStrategy(channel.ship)}`,
    );
    return [vertexName(vertex), vertex.head.parallelism, ...vertex.nodes.map((n) => this.nodeIdOf(n)), ...inputs].join(
      '|',
    );
  }
}

/** @returns 32 hex digits, equal for equal text */
export function hashText(text: string): string {
  return toHex(murmur3x64x128(new TextEncoder().encode(text)));
}

function toJobVertex(vertex: PlanVertex, ids: PlanIds, execution: ExecutionConfigData): JobVertex {
  const name = vertexName(vertex);
  const { parallelism } = vertex.head;
  checkParallelism(parallelism, `parallelism of "${name}"`, execution.maxParallelism);
  const id = ids.vertexIdOf(vertex.head);
  return {
    id,
    name,
    parallelism,
    maxParallelism: execution.maxParallelism ?? computeDefaultMaxParallelism(parallelism),
    ...(execution.maxParallelism === undefined ? { isMaxParallelismDefault: true } : {}),
    slotSharingGroup: 'default',
    operators: vertex.nodes.map((node, i) => toChainedOperator(node, vertex.nodes[i + 1], id, ids)),
  };
}

function toChainedOperator(
  node: PlanNode,
  next: PlanNode | undefined,
  vertexId: string,
  ids: PlanIds,
): ChainedOperator {
  const nodeId = ids.nodeIdOf(node);
  return {
    nodeId,
    operatorId: hashText(`${vertexId}:${nodeId}`),
    name: node.label,
    uid: undefined,
    spec: nodeSpec(node),
    // Groups are made by the operators themselves, not by keyed state.
    inputKeys: node.inputs.map(() => undefined),
    inputTypes: node.inputs.map(({ source }) => source.operator.outputType),
    outputType: node.operator.outputType,
    chainedOutputs: next ? [{ nodeId: ids.nodeIdOf(next), input: 0, tag: undefined }] : [],
  };
}

function toJobEdges(vertices: readonly PlanVertex[], ids: PlanIds, execution: ExecutionConfigData): JobEdge[] {
  return vertices
    .flatMap((vertex) => vertexInputs(vertex.head).map(({ channel, input }) => ({ vertex, channel, input })))
    .map(({ vertex, channel, input }, id) => ({
      id,
      sourceVertexId: ids.vertexIdOf(channel.source),
      sourceNodeId: ids.nodeIdOf(channel.source),
      targetVertexId: ids.vertexIdOf(vertex.head),
      targetInput: input,
      tag: undefined,
      partitioner: toPartitioner(channel.ship),
      type: channel.source.operator.outputType,
      bufferTimeoutMs: execution.isBufferTimeoutDefault === true ? undefined : execution.bufferTimeoutMs,
      shipStrategy: formatShipStrategy(channel.ship),
      exchange: channel.exchange,
    }));
}

function toPartitioner(ship: ShipStrategy): Partitioner {
  switch (ship.kind) {
    case 'forward':
      return { kind: 'forward' };
    case 'redistribute':
    case 'rebalance':
      return { kind: 'rebalance' };
    case 'hash':
      return { kind: 'hash', keySelector: ship.read };
  }
}
