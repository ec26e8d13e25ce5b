// Chooses how a batch program runs: where data is repartitioned and sorted, where a combiner goes first, how a join works.
// It follows the choices Flink 1.9's optimizer makes when nothing is known of the data's size, without its search over
// alternatives: partitioning and order that are already there are used, everything else is repartitioned and sorted.
//   P1. Records with equal keys reach the same subtask of a grouping operator, and of both sides of a join.
//   P2. A combiner runs in the producer's subtasks and only where its consumer repartitions.
import type { BatchOperator } from './batch-operator.ts';
import { addCosts, type Costs, noCosts, shippingCosts, sortingCosts } from './costs.ts';
import {
  type GlobalProperties,
  isGroupedBy,
  isHashPartitionedExactly,
  isOrderedBy,
  isPartitionedBy,
  type LocalProperties,
  randomPartitioned,
  shippedGlobal,
  unordered,
} from './data-properties.ts';
import { resolveParallelism } from './parallelism.ts';
import type { PhysicalPlan, PlanChannel, PlanNode } from './physical-plan.ts';
import { createPlanNode } from './physical-plan.ts';
import { findPipelineBreakers } from './pipeline-breakers.ts';
import { planOperator } from './plan-operator.ts';
import type { RecordKey } from './record-key.ts';
import { DriverStrategy, type LocalStrategy, type OrderedField, type ShipStrategy } from './strategies.ts';

/** What an operator needs of the data on one of its inputs. */
export interface ChannelRequest {
  readonly parallelism: number;
  readonly partitioning:
    | { readonly kind: 'any' }
    /** Equal keys together; being partitioned by some of the key's fields will do. */
    | { readonly kind: 'together'; readonly key: RecordKey }
    /** By exactly this key, as the other side of a join is. */
    | { readonly kind: 'exactly'; readonly key: RecordKey }
    | { readonly kind: 'rebalanced' };
  /** Order wanted inside a subtask; empty: none. */
  readonly order: readonly OrderedField[];
  /** The first so many fields of `order` may come in any sequence and direction: it is for grouping only. */
  readonly groupingFields: number;
  readonly combiningSort: boolean;
}

/** Input of an operator before it is fixed: `plan-operator` may put a combiner between. */
export interface PlannedChannel {
  readonly channel: PlanChannel;
  readonly costs: Costs;
}

export function optimize(sinks: readonly BatchOperator[], defaultParallelism: number): PhysicalPlan {
  const optimizer = new Optimizer(sinks, defaultParallelism);
  const sinkNodes = sinks.map((sink) => optimizer.plan(sink));
  return { sinks: sinkNodes, nodes: optimizer.nodes };
}

export class Optimizer {
  readonly nodes: PlanNode[] = [];
  readonly #planned = new Map<BatchOperator, PlanNode>();
  readonly #breakers: ReadonlySet<BatchOperator>;
  readonly #defaultParallelism: number;

  constructor(sinks: readonly BatchOperator[], defaultParallelism: number) {
    this.#breakers = findPipelineBreakers(sinks);
    this.#defaultParallelism = defaultParallelism;
  }

  plan(operator: BatchOperator): PlanNode {
    const known = this.#planned.get(operator);
    if (known) return known;
    const node = planOperator(operator, this);
    this.#planned.set(operator, node);
    return node;
  }

  /** Creates a node and lists it; inputs are planned, and listed, before. */
  add(parts: Parameters<typeof createPlanNode>[0]): PlanNode {
    const node = createPlanNode(parts);
    this.nodes.push(node);
    return node;
  }

  parallelismOf(operator: BatchOperator): number {
    return resolveParallelism(operator, this.#defaultParallelism);
  }

  /** A channel from `input` that meets `request`. A union is repeated for each consumer, so that the request reaches its inputs. */
  connect(input: BatchOperator, request: ChannelRequest): PlannedChannel {
    const source = input.kind === 'union' ? this.#planUnion(input, request) : this.plan(input);
    const ship = chooseShipStrategy(source, request);
    return this.#channel(source, ship, request, this.#breakers.has(input) ? 'blocking' : 'pipelined');
  }

  #planUnion(union: BatchOperator, request: ChannelRequest): PlanNode {
    const inputs = this.#unionInputs(union, request);
    const estimates = inputs.map(({ channel }) => channel.source.estimates);
    const costs = inputs.reduce((sum, input) => addCosts(sum, input.costs), noCosts);
    return this.add({
      operator: union,
      operatorName: 'Union',
      label: 'Union',
      strategy: DriverStrategy.Union,
      parallelism: request.parallelism,
      inputs: inputs.map(({ channel }) => channel),
      global: commonGlobal(inputs.map(({ channel }) => channel.global)),
      estimates: {
        sizeBytes: estimates.every((e) => e.sizeBytes === 0) ? 0 : -1,
        records: estimates.every((e) => e.records === 0) ? 0 : -1,
      },
      costs,
      cumulativeCosts: inputs.reduce((sum, { channel }) => addCosts(sum, channel.source.cumulativeCosts), costs),
    });
  }

  /** Unions of unions are one. */
  #unionInputs(union: BatchOperator, request: ChannelRequest): PlannedChannel[] {
    const unsorted: ChannelRequest = { ...request, order: [], groupingFields: 0 };
    return union.inputs.flatMap((input) =>
      input.kind === 'union' ? this.#unionInputs(input, request) : [this.connect(input, unsorted)],
    );
  }

  #channel(
    source: PlanNode,
    ship: ShipStrategy,
    request: ChannelRequest,
    exchange: 'pipelined' | 'blocking',
  ): PlannedChannel {
    const arriving: LocalProperties = ship.kind === 'forward' ? source.local : unordered;
    const local = chooseLocalStrategy(arriving, request);
    const channel: PlanChannel = {
      source,
      ship,
      local,
      exchange,
      global: shippedGlobal(ship, source.global),
      localProperties: local ? { order: local.order } : arriving,
    };
    const shipping = ship.kind === 'forward' ? noCosts : shippingCosts;
    return { channel, costs: addCosts(shipping, local ? sortingCosts : noCosts) };
  }
}

function chooseShipStrategy(source: PlanNode, request: ChannelRequest): ShipStrategy {
  const { partitioning } = request;
  const sameSubtasks = source.parallelism === request.parallelism;
  switch (partitioning.kind) {
    case 'any':
      return sameSubtasks ? { kind: 'forward' } : { kind: 'redistribute' };
    case 'rebalanced':
      return { kind: 'rebalance' };
    case 'together':
    case 'exactly': {
      const { fields, read } = partitioning.key;
      const isMet = partitioning.kind === 'together' ? isPartitionedBy : isHashPartitionedExactly;
      return sameSubtasks && isMet(source.global, fields) ? { kind: 'forward' } : { kind: 'hash', fields, read };
    }
  }
}

function chooseLocalStrategy(arriving: LocalProperties, request: ChannelRequest): LocalStrategy | undefined {
  const { order, groupingFields } = request;
  if (order.length === 0) return undefined;
  const grouping = order.slice(0, groupingFields).map(({ field }) => field);
  const isMet = groupingFields === order.length ? isGroupedBy(arriving, grouping) : isOrderedBy(arriving, order);
  return isMet ? undefined : { kind: request.combiningSort ? 'combining-sort' : 'sort', order };
}

function commonGlobal(all: readonly GlobalProperties[]): GlobalProperties {
  const [first, ...rest] = all;
  if (first?.partitioning !== 'HASH_PARTITIONED') return randomPartitioned;
  return rest.every((other) => isHashPartitionedExactly(other, first.fields)) ? first : randomPartitioned;
}
