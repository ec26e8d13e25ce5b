// The physical plan: operators with chosen strategies, connected by channels. One plan node is one runtime operator, except
// unions, which exist on channels only.
import type { BatchOperator } from './batch-operator.ts';
import { type Costs, type Estimates, noCosts } from './costs.ts';
import { type GlobalProperties, type LocalProperties, randomPartitioned, unordered } from './data-properties.ts';
import type { DriverStrategy, LocalStrategy, ShipStrategy } from './strategies.ts';

export interface PlanChannel {
  readonly source: PlanNode;
  readonly ship: ShipStrategy;
  readonly local: LocalStrategy | undefined;
  readonly exchange: 'pipelined' | 'blocking';
  /** Properties of the data as the receiving operator sees them. */
  readonly global: GlobalProperties;
  readonly localProperties: LocalProperties;
}

export interface PlanNode {
  readonly operator: BatchOperator;
  /** 'combine': the partial step that the optimizer put before `operator`. */
  readonly role: 'main' | 'combine';
  /** As Flink names the operator: "GroupReduce". */
  readonly operatorName: string;
  /** With its argument: "Reduce (SUM(1), at main(…)". */
  readonly label: string;
  readonly strategy: DriverStrategy;
  /** Strategy with its argument: "Hybrid Hash (build: …)". */
  readonly strategyLabel: string;
  readonly parallelism: number;
  readonly inputs: readonly PlanChannel[];
  readonly global: GlobalProperties;
  readonly local: LocalProperties;
  readonly estimates: Estimates;
  readonly costs: Costs;
  readonly cumulativeCosts: Costs;
  /** Channels that read this node; filled while consumers are planned. */
  readonly outgoing: PlanChannel[];
}

export interface PhysicalPlan {
  /** In creation order of the sinks. */
  readonly sinks: readonly PlanNode[];
  /** All nodes, each after those it reads. */
  readonly nodes: readonly PlanNode[];
}

type PlanNodeParts = Pick<
  PlanNode,
  'operator' | 'operatorName' | 'label' | 'strategy' | 'parallelism' | 'inputs' | 'estimates' | 'cumulativeCosts'
> &
  Partial<PlanNode>;

/** A main node with random, unordered output that costs nothing, unless `parts` say otherwise. Registers its channels. */
export function createPlanNode(parts: PlanNodeParts): PlanNode {
  const node: PlanNode = {
    role: 'main',
    strategyLabel: parts.strategy,
    global: randomPartitioned,
    local: unordered,
    costs: noCosts,
    ...parts,
    outgoing: [],
  };
  for (const channel of node.inputs) channel.source.outgoing.push(channel);
  return node;
}
