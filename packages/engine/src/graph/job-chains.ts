// Groups stream nodes into chains and puts vertices and edges in Flink's order
// (source: Apache Flink 1.9, StreamingJobGraphGenerator#createChain).
//   C1. Vertices come out in the order their chains are complete: what reads a chain before the chain itself.
//   C2. Edges come out when their source's chain is complete, edges of chained operators first.
import { isChainable } from './chaining.ts';
import type { StreamEdge, StreamGraph, StreamNode } from './stream-graph.ts';

export interface Chain {
  readonly head: StreamNode;
  /** Head first, depth-first along chained edges. */
  readonly nodes: readonly StreamNode[];
  /** "A -> (B, C -> D)" */
  readonly name: string;
  /** Edges that leave the chain, in order (C2). */
  readonly outEdges: readonly StreamEdge[];
}

/** @returns chains in Flink's order (C1) */
export function buildChains(graph: StreamGraph): Chain[] {
  const chains: Chain[] = [];
  const started = new Set<StreamNode>();
  const startChain = (head: StreamNode): void => {
    if (started.has(head)) return;
    started.add(head);
    const nodes: StreamNode[] = [];
    const outEdges: StreamEdge[] = [];
    const name = follow(head, nodes, outEdges);
    chains.push({ head, nodes, name, outEdges });
  };
  const follow = (node: StreamNode, nodes: StreamNode[], outEdges: StreamEdge[]): string => {
    nodes.push(node);
    const chained = node.outEdges.filter((edge) => isChainable(edge, graph));
    const names = chained.map((edge) => follow(edge.target, nodes, outEdges));
    for (const edge of node.outEdges) {
      if (chained.includes(edge)) continue;
      outEdges.push(edge);
      startChain(edge.target);
    }
    return chainName(node.name, names);
  };
  graph.sources.forEach(startChain);
  return chains;
}

function chainName(name: string, outputs: readonly string[]): string {
  if (outputs.length === 0) return name;
  return outputs.length === 1 ? `${name} -> ${outputs[0]}` : `${name} -> (${outputs.join(', ')})`;
}
