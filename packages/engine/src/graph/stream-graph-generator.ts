// Translates transformations into the stream graph (source of the rules: Apache Flink 1.9, StreamGraphGenerator).
//   G1. Sources that nothing reads are left out; every other operator is in the graph, read or not.
//   G2. On the way from an operator up to its input, the first partitioner met wins, and the first side output tag.
//   G3. An edge without a partitioner is forward when the parallelisms agree, rebalance when not.
import { appError } from '../errors.ts';
import { checkParallelism } from './max-parallelism.ts';
import { isSinkSpec, isSourceSpec } from './operator-role.ts';
import type { StreamEdge, StreamGraph, StreamNode } from './stream-graph.ts';
import type { OperatorTransformation, Partitioner, Transformation } from './transformation.ts';

const DEFAULT_SLOT_SHARING_GROUP = 'default';

export interface StreamGraphOptions {
  /** In creation order. */
  readonly operators: readonly OperatorTransformation[];
  readonly chainingEnabled: boolean;
  readonly defaultParallelism: number;
  readonly defaultMaxParallelism: number | undefined;
  readonly defaultBufferTimeoutMs: number | undefined;
}

/** A physical node behind a transformation, with what virtual transformations on the way said. */
interface ResolvedInput {
  readonly transformation: OperatorTransformation;
  readonly partitioner: Partitioner | undefined;
  readonly tag: string | undefined;
}

export function generateStreamGraph(options: StreamGraphOptions): StreamGraph {
  const nodes = new Map<number, StreamNode>();
  for (const operator of readOperators(options.operators)) {
    const inputs = operator.inputs.map((input) => resolveInput(input, undefined, undefined));
    const node = createNode(operator, inputs, nodes, options);
    nodes.set(node.id, node);
    for (const [targetInput, resolved] of inputs.entries()) {
      for (const input of resolved) addEdge(nodes, node, targetInput, input);
    }
  }
  const ordered = [...nodes.values()].sort((a, b) => a.id - b.id);
  return {
    chainingEnabled: options.chainingEnabled,
    nodes: ordered,
    sources: ordered.filter((node) => node.inEdges.length === 0),
  };
}

/** All operators but sources without readers (G1), in creation order: inputs come before what reads them. */
function readOperators(operators: readonly OperatorTransformation[]): OperatorTransformation[] {
  const read = new Set<Transformation>();
  const visit = (transformation: Transformation): void => {
    if (read.has(transformation)) return;
    read.add(transformation);
    if (transformation.kind === 'union') transformation.inputs.forEach(visit);
    else if (transformation.kind !== 'operator') visit(transformation.input);
  };
  for (const operator of operators) operator.inputs.forEach(visit);
  return operators.filter((operator) => !isSourceSpec(operator.operator) || read.has(operator));
}

function resolveInput(
  transformation: Transformation,
  partitioner: Partitioner | undefined,
  tag: string | undefined,
): ResolvedInput[] {
  switch (transformation.kind) {
    case 'operator':
      return [{ transformation, partitioner, tag }];
    case 'union':
      return transformation.inputs.flatMap((input) => resolveInput(input, partitioner, tag));
    case 'partition':
      return resolveInput(transformation.input, partitioner ?? transformation.partitioner, tag);
    case 'sideOutput':
      return resolveInput(transformation.input, partitioner, tag ?? transformation.tag);
  }
}

function createNode(
  operator: OperatorTransformation,
  inputs: readonly ResolvedInput[][],
  nodes: ReadonlyMap<number, StreamNode>,
  options: StreamGraphOptions,
): StreamNode {
  const name = displayName(operator);
  const maxParallelism = operator.maxParallelism ?? options.defaultMaxParallelism;
  const parallelism = operator.parallelism ?? options.defaultParallelism;
  return {
    id: operator.id,
    name,
    parallelism: checkParallelism(parallelism, `parallelism of "${name}"`, maxParallelism),
    maxParallelism,
    slotSharingGroup: operator.slotSharingGroup ?? inheritSlotSharingGroup(inputs.flat(), nodes),
    bufferTimeoutMs: operator.bufferTimeoutMs ?? options.defaultBufferTimeoutMs,
    transformation: operator,
    inEdges: [],
    outEdges: [],
  };
}

function displayName(operator: OperatorTransformation): string {
  if (operator.isIterationEnd === true) return operator.name;
  if (isSourceSpec(operator.operator)) return `Source: ${operator.name}`;
  if (isSinkSpec(operator.operator)) return `Sink: ${operator.name}`;
  return operator.name;
}

/** The group of the inputs when they agree, else the default one. */
function inheritSlotSharingGroup(inputs: readonly ResolvedInput[], nodes: ReadonlyMap<number, StreamNode>): string {
  const groups = new Set(inputs.map((input) => nodes.get(input.transformation.id)?.slotSharingGroup));
  const [group] = groups;
  return groups.size === 1 && group !== undefined ? group : DEFAULT_SLOT_SHARING_GROUP;
}

function addEdge(
  nodes: ReadonlyMap<number, StreamNode>,
  target: StreamNode,
  targetInput: number,
  input: ResolvedInput,
): void {
  const source = nodes.get(input.transformation.id);
  if (source === undefined) throw appError('STREAMS_OF_TWO_ENVIRONMENTS', [`"${target.name}"`]);
  const edge: StreamEdge = {
    source,
    target,
    targetInput,
    partitioner: choosePartitioner(source, target, input.partitioner),
    tag: input.tag,
  };
  source.outEdges.push(edge);
  target.inEdges.push(edge);
}

function choosePartitioner(source: StreamNode, target: StreamNode, given: Partitioner | undefined): Partitioner {
  const agree = source.parallelism === target.parallelism;
  if (given === undefined) return { kind: agree ? 'forward' : 'rebalance' };
  if (given.kind === 'forward' && !agree) {
    throw appError('FORWARD_PARALLELISM', [source.name, source.parallelism, target.name, target.parallelism]);
  }
  return given;
}
