// The stream graph: one node per operator, edges with their partitioner. Unions, partitions and side outputs are gone:
// they became properties of edges.
import type { OperatorTransformation, Partitioner } from './transformation.ts';

export interface StreamNode {
  /** Transformation id. */
  readonly id: number;
  /** With "Source: " or "Sink: " in front where Flink has it. */
  readonly name: string;
  readonly parallelism: number;
  /** Undefined: the default for the parallelism. */
  readonly maxParallelism: number | undefined;
  readonly slotSharingGroup: string;
  /** See JobEdge. */
  readonly bufferTimeoutMs: number | undefined;
  readonly transformation: OperatorTransformation;
  /** In the order they were added, over all inputs. */
  readonly inEdges: StreamEdge[];
  readonly outEdges: StreamEdge[];
}

export interface StreamEdge {
  readonly source: StreamNode;
  readonly target: StreamNode;
  /** Input of the target, from 0. */
  readonly targetInput: number;
  readonly partitioner: Partitioner;
  /** Side output it takes. */
  readonly tag: string | undefined;
}

export interface StreamGraph {
  readonly chainingEnabled: boolean;
  /** By id, ascending. */
  readonly nodes: readonly StreamNode[];
  /** Nodes without inputs, by id. */
  readonly sources: readonly StreamNode[];
}
