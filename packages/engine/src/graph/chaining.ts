// Which edges chain (source of the rule: Apache Flink 1.9, StreamingJobGraphGenerator#isChainable).
import type { StreamEdge, StreamGraph } from './stream-graph.ts';
import { ChainingStrategy } from './transformation.ts';

/** True when source and target of the edge run in one task, the target fed by direct calls. */
export function isChainable(edge: StreamEdge, graph: Pick<StreamGraph, 'chainingEnabled'>): boolean {
  const { source, target } = edge;
  return (
    graph.chainingEnabled &&
    target.inEdges.length === 1 &&
    source.slotSharingGroup === target.slotSharingGroup &&
    target.transformation.chaining === ChainingStrategy.Always &&
    source.transformation.chaining !== ChainingStrategy.Never &&
    edge.partitioner.kind === 'forward' &&
    source.parallelism === target.parallelism
  );
}
