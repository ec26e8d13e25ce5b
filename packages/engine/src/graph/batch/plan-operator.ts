// One plan node (and its combiner) per kind of operator.
import { assert } from '../../errors.ts';
import type {
  BatchAggregate,
  BatchGroupCombine,
  BatchGroupReduce,
  BatchJoin,
  BatchMapLike,
  BatchOperator,
  BatchPartition,
  BatchReduce,
  BatchSink,
  BatchSortPartition,
  BatchSource,
} from './batch-operator.ts';
import { addCosts, type Costs, type Estimates, noCosts, sortingCosts, unknownEstimates } from './costs.ts';
import { forwardGlobal, forwardLocal, isOrderedBy, randomPartitioned, unordered } from './data-properties.ts';
import type { ForwardedFields } from './forwarded-fields.ts';
import type { ChannelRequest, Optimizer, PlannedChannel } from './optimizer.ts';
import type { PlanChannel, PlanNode } from './physical-plan.ts';
import type { RecordKey, SortField } from './record-key.ts';
import { DriverStrategy, type OrderedField } from './strategies.ts';

export function planOperator(operator: BatchOperator, optimizer: Optimizer): PlanNode {
  switch (operator.kind) {
    case 'source':
      return planSource(operator, optimizer);
    case 'map':
    case 'flatMap':
    case 'filter':
    case 'mapPartition':
      return planMap(operator, optimizer);
    case 'reduce':
      return operator.key ? planReduce(operator, operator.key, optimizer) : planReduceAll(operator, optimizer);
    case 'aggregate':
    case 'groupReduce':
      return operator.key
        ? planGroupReduce(operator, operator.key, optimizer)
        : planGroupReduceAll(operator, optimizer);
    case 'groupCombine':
      return planGroupCombine(operator, optimizer);
    case 'join':
      return planJoin(operator, optimizer);
    case 'partition':
      return planPartition(operator, optimizer);
    case 'sortPartition':
      return planSortPartition(operator, optimizer);
    case 'sink':
      return planSink(operator, optimizer);
    case 'union':
      throw new Error('Invariant broken: a union is planned with its consumer');
  }
}

/** Nothing wanted of an input but the right subtasks. */
function anyRequest(parallelism: number): ChannelRequest {
  return { parallelism, partitioning: { kind: 'any' }, order: [], groupingFields: 0, combiningSort: false };
}

function groupRequest(
  key: RecordKey,
  parallelism: number,
  groupOrder: readonly SortField[],
  combiningSort: boolean,
): ChannelRequest {
  const order: OrderedField[] = [
    ...key.fields.map((field): OrderedField => ({ field, direction: 'ASC' })),
    ...groupOrder.map(({ field, direction }) => ({ field, direction })),
  ];
  return {
    parallelism,
    partitioning: { kind: 'together', key },
    order,
    groupingFields: key.fields.length,
    combiningSort,
  };
}

function firstInput(operator: BatchOperator): BatchOperator {
  const [input] = operator.inputs;
  assert(input, `${operator.kind} has an input`);
  return input;
}

/** Parts that follow from an operator's only input. */
function behind({ channel, costs }: PlannedChannel, forwarded: ForwardedFields, own: Costs = noCosts) {
  const total = addCosts(costs, own);
  return {
    inputs: [channel],
    global: forwardGlobal(channel.global, forwarded),
    local: forwardLocal(channel.localProperties, forwarded),
    costs: total,
    cumulativeCosts: addCosts(channel.source.cumulativeCosts, total),
  };
}

function planSource(operator: BatchSource, optimizer: Optimizer): PlanNode {
  return optimizer.add({
    operator,
    operatorName: 'Data Source',
    label: `DataSource (${operator.name})`,
    strategy: DriverStrategy.None,
    parallelism: optimizer.parallelismOf(operator),
    inputs: [],
    estimates: unknownEstimates,
    cumulativeCosts: noCosts,
  });
}

const mapLike = {
  map: { operatorName: 'Map', strategy: DriverStrategy.Map },
  flatMap: { operatorName: 'FlatMap', strategy: DriverStrategy.FlatMap },
  filter: { operatorName: 'Filter', strategy: DriverStrategy.FlatMap },
  mapPartition: { operatorName: 'MapPartition', strategy: DriverStrategy.MapPartition },
} as const;

function planMap(operator: BatchMapLike, optimizer: Optimizer): PlanNode {
  const parallelism = optimizer.parallelismOf(operator);
  const input = optimizer.connect(firstInput(operator), anyRequest(parallelism));
  const { operatorName, strategy } = mapLike[operator.kind];
  return optimizer.add({
    ...behind(input, operator.forwarded),
    operator,
    operatorName,
    label: `${operatorName} (${operator.name})`,
    strategy,
    parallelism,
    estimates: mapEstimates(operator.kind, input.channel.source.estimates),
  });
}

/** Flink's default estimates. A filter halves -1 (unknown) to 0, and so do we. */
function mapEstimates(kind: BatchMapLike['kind'], input: Estimates): Estimates {
  if (kind === 'filter') return { sizeBytes: 0, records: 0 };
  return kind === 'mapPartition' ? unknownEstimates : { sizeBytes: -1, records: input.records };
}

function planReduce(operator: BatchReduce, key: RecordKey, optimizer: Optimizer): PlanNode {
  const parallelism = optimizer.parallelismOf(operator);
  const input = optimizer.connect(firstInput(operator), groupRequest(key, parallelism, [], false));
  const combined = combineBefore(input, operator, optimizer, {
    operatorName: 'Reduce',
    strategy: DriverStrategy.SortedPartialReduce,
  });
  return optimizer.add({
    ...behind(combined, operator.forwarded),
    operator,
    operatorName: 'Reduce',
    label: `Reduce (${operator.name})`,
    strategy: DriverStrategy.SortedReduce,
    parallelism,
    estimates: unknownEstimates,
  });
}

function planReduceAll(operator: BatchReduce, optimizer: Optimizer): PlanNode {
  const input = optimizer.connect(firstInput(operator), anyRequest(1));
  const combined = combineBefore(input, operator, optimizer, {
    operatorName: 'Reduce',
    strategy: DriverStrategy.AllReduce,
  });
  return optimizer.add({
    ...behind(combined, operator.forwarded),
    global: randomPartitioned,
    local: unordered,
    operator,
    operatorName: 'Reduce',
    label: `Reduce (${operator.name})`,
    strategy: DriverStrategy.AllReduce,
    parallelism: 1,
    estimates: unknownEstimates,
  });
}

function isCombinable(operator: BatchGroupReduce | BatchAggregate): boolean {
  return operator.kind === 'aggregate' || operator.combineFn !== undefined;
}

function planGroupReduce(operator: BatchGroupReduce | BatchAggregate, key: RecordKey, optimizer: Optimizer): PlanNode {
  const parallelism = optimizer.parallelismOf(operator);
  const combinable = isCombinable(operator);
  const groupOrder = operator.kind === 'groupReduce' ? operator.groupOrder : [];
  const input = optimizer.connect(firstInput(operator), groupRequest(key, parallelism, groupOrder, combinable));
  const combined = combinable
    ? combineBefore(input, operator, optimizer, {
        operatorName: 'GroupCombine',
        strategy: DriverStrategy.SortedGroupCombine,
      })
    : input;
  return optimizer.add({
    ...behind(combined, operator.forwarded),
    operator,
    operatorName: 'GroupReduce',
    label: `${combinable ? 'Reduce' : 'GroupReduce'} (${operator.name})`,
    strategy: DriverStrategy.SortedGroupReduce,
    parallelism,
    estimates: unknownEstimates,
  });
}

function planGroupReduceAll(operator: BatchGroupReduce | BatchAggregate, optimizer: Optimizer): PlanNode {
  const input = optimizer.connect(firstInput(operator), anyRequest(1));
  const combined = isCombinable(operator)
    ? combineBefore(input, operator, optimizer, {
        operatorName: 'GroupCombine',
        strategy: DriverStrategy.AllGroupReduce,
      })
    : input;
  return optimizer.add({
    ...behind(combined, operator.forwarded),
    operator,
    operatorName: 'GroupReduce',
    label: `GroupReduce (${operator.name})`,
    strategy: DriverStrategy.AllGroupReduce,
    parallelism: 1,
    estimates: unknownEstimates,
  });
}

/** P2: the channel behind a combiner, where `input` moves data between subtasks; `input` itself elsewhere. */
function combineBefore(
  input: PlannedChannel,
  operator: BatchOperator,
  optimizer: Optimizer,
  shown: Pick<PlanNode, 'operatorName' | 'strategy'>,
): PlannedChannel {
  const { channel, costs } = input;
  const { source } = channel;
  if (channel.ship.kind === 'forward' || source.strategy === DriverStrategy.Union) return input;
  const toCombiner: PlanChannel = {
    source,
    ship: { kind: 'forward' },
    local: undefined,
    exchange: 'pipelined',
    global: source.global,
    localProperties: source.local,
  };
  const combiner = optimizer.add({
    ...shown,
    operator,
    role: 'combine',
    label: `Combine (${operator.name})`,
    parallelism: source.parallelism,
    inputs: [toCombiner],
    global: source.global,
    local: source.local,
    estimates: source.estimates,
    cumulativeCosts: source.cumulativeCosts,
  });
  return { channel: { ...channel, source: combiner }, costs };
}

/** Flink plans it for its own parallelism and then runs it in the input's subtasks. */
function planGroupCombine(operator: BatchGroupCombine, optimizer: Optimizer): PlanNode {
  const input = optimizer.connect(firstInput(operator), anyRequest(optimizer.parallelismOf(operator)));
  return optimizer.add({
    ...behind(input, operator.forwarded),
    operator,
    operatorName: 'GroupCombine',
    label: `GroupCombine (${operator.name})`,
    strategy: operator.key ? DriverStrategy.SortedGroupCombine : DriverStrategy.AllGroupCombine,
    parallelism: input.channel.source.parallelism,
    estimates: unknownEstimates,
  });
}

function planJoin(operator: BatchJoin, optimizer: Optimizer): PlanNode {
  const parallelism = optimizer.parallelismOf(operator);
  const [left, right] = operator.inputs;
  assert(left && right, 'a join has two inputs');
  const request = (key: RecordKey): ChannelRequest => ({
    ...anyRequest(parallelism),
    partitioning: { kind: 'exactly', key },
  });
  const first = optimizer.connect(left, request(operator.leftKey));
  const second = optimizer.connect(right, request(operator.rightKey));
  const merge = isSortedByKey(first.channel, operator.leftKey) && isSortedByKey(second.channel, operator.rightKey);
  const costs = addCosts(addCosts(first.costs, second.costs), merge ? noCosts : sortingCosts);
  const sources = [first.channel.source, second.channel.source];
  return optimizer.add({
    operator,
    operatorName: 'Join',
    label: `Join (${operator.name})`,
    strategy: merge ? DriverStrategy.Merge : DriverStrategy.HybridHash,
    strategyLabel: merge ? DriverStrategy.Merge : `${DriverStrategy.HybridHash} (build: ${first.channel.source.label})`,
    parallelism,
    inputs: [first.channel, second.channel],
    global: joinGlobal(operator, first.channel, second.channel),
    // A hash join gives the probe side's sequence, which is not promised; a merge join keeps the order of the left.
    local: merge ? forwardLocal(first.channel.localProperties, operator.forwarded) : unordered,
    estimates: { sizeBytes: -1, records: sources.every((s) => s.estimates.records === 0) ? 0 : -1 },
    costs,
    cumulativeCosts: sources.reduce((sum, source) => addCosts(sum, source.cumulativeCosts), costs),
  });
}

function isSortedByKey(channel: PlanChannel, key: RecordKey): boolean {
  return isOrderedBy(
    channel.localProperties,
    key.fields.map((field) => ({ field, direction: 'ASC' })),
  );
}

function joinGlobal(operator: BatchJoin, first: PlanChannel, second: PlanChannel): PlanNode['global'] {
  const left = forwardGlobal(first.global, operator.forwarded);
  return left.partitioning === 'RANDOM_PARTITIONED' ? forwardGlobal(second.global, operator.forwardedRight) : left;
}

function planPartition(operator: BatchPartition, optimizer: Optimizer): PlanNode {
  const parallelism = optimizer.parallelismOf(operator);
  const partitioning: ChannelRequest['partitioning'] = operator.key
    ? { kind: 'exactly', key: operator.key }
    : { kind: 'rebalanced' };
  const input = optimizer.connect(firstInput(operator), { ...anyRequest(parallelism), partitioning });
  return optimizer.add({
    ...behind(input, operator.forwarded),
    operator,
    operatorName: 'Partition',
    label: 'Partition',
    strategy: DriverStrategy.NoOp,
    parallelism,
    estimates: input.channel.source.estimates,
  });
}

function planSortPartition(operator: BatchSortPartition, optimizer: Optimizer): PlanNode {
  const parallelism = optimizer.parallelismOf(operator);
  const input = optimizer.connect(firstInput(operator), { ...anyRequest(parallelism), order: operator.order });
  return optimizer.add({
    ...behind(input, operator.forwarded),
    operator,
    operatorName: 'Sort-Partition',
    label: 'Sort-Partition',
    strategy: DriverStrategy.NoOp,
    parallelism,
    estimates: input.channel.source.estimates,
  });
}

function planSink(operator: BatchSink, optimizer: Optimizer): PlanNode {
  const parallelism = optimizer.parallelismOf(operator);
  const input = optimizer.connect(firstInput(operator), anyRequest(parallelism));
  return optimizer.add({
    ...behind(input, operator.forwarded),
    operator,
    operatorName: 'Data Sink',
    label: `DataSink (${operator.name})`,
    strategy: DriverStrategy.None,
    parallelism,
    estimates: input.channel.source.estimates,
  });
}
