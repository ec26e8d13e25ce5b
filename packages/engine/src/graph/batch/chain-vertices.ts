// Cuts the physical plan into vertices: a node joins the chain of the one it reads when nothing lies between them.
import type { PhysicalPlan, PlanNode } from './physical-plan.ts';
import { chainableStrategies, DriverStrategy } from './strategies.ts';

/** A chain of plan nodes that becomes one vertex; head first. */
export interface PlanVertex {
  readonly nodes: readonly PlanNode[];
  readonly head: PlanNode;
  readonly tail: PlanNode;
}

/** @returns vertices, each after those it reads */
export function chainVertices(plan: PhysicalPlan): PlanVertex[] {
  const chains = new Map<PlanNode, PlanNode[]>();
  const ordered: PlanNode[][] = [];
  for (const node of plan.nodes) {
    if (node.strategy === DriverStrategy.Union) continue;
    const chain = chainToJoin(node, chains);
    if (chain) chain.push(node);
    else ordered.push([node]);
    chains.set(node, chain ?? (ordered.at(-1) as PlanNode[]));
  }
  return ordered.map(toVertex);
}

function chainToJoin(node: PlanNode, chains: ReadonlyMap<PlanNode, PlanNode[]>): PlanNode[] | undefined {
  const [input, second] = node.inputs;
  if (!input || second || !canChain(node, input.source)) return undefined;
  if (input.ship.kind !== 'forward' || input.local !== undefined) return undefined;
  return chains.get(input.source);
}

function canChain(node: PlanNode, predecessor: PlanNode): boolean {
  return (
    chainableStrategies.has(node.strategy) &&
    predecessor.strategy !== DriverStrategy.Union &&
    predecessor.outgoing.length === 1 &&
    predecessor.parallelism === node.parallelism
  );
}

function toVertex(nodes: readonly PlanNode[]): PlanVertex {
  return { nodes, head: nodes[0] as PlanNode, tail: nodes.at(-1) as PlanNode };
}

export function vertexName(vertex: PlanVertex): string {
  const labels = vertex.nodes.map((node) => node.label).join(' -> ');
  return vertex.nodes.length > 1 ? `CHAIN ${labels}` : labels;
}
