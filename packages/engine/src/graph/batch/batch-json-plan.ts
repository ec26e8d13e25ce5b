// The plan of a batch job as Flink 1.9 answers it on /plan: names and order of fields are the contract.
import { escapePlanText } from '../html-escape.ts';
import type { JsonPlanInput, JsonPlanNode } from '../job-graph.ts';
import type { PlanVertex } from './chain-vertices.ts';
import { type Costs, formatEstimate } from './costs.ts';
import type { GlobalProperties, LocalProperties } from './data-properties.ts';
import type { PlanNode } from './physical-plan.ts';
import { formatFields } from './record-key.ts';
import { formatLocalStrategy, formatOrder, formatShipStrategy } from './strategies.ts';
import { type VertexInput, vertexInputs } from './vertex-inputs.ts';

interface Property {
  readonly name: string;
  readonly value: string;
}

/** @param idOf vertex id of the vertex that holds a plan node */
export function batchPlanNode(vertex: PlanVertex, idOf: (node: PlanNode) => string): JsonPlanNode {
  const inputs = vertexInputs(vertex.head).map((input, num) => planInput(input, num, idOf));
  return {
    id: idOf(vertex.head),
    parallelism: vertex.head.parallelism,
    operator: vertex.nodes.map((node) => node.operatorName).join(' -> '),
    operator_strategy: chainText(vertex.nodes.map((node) => node.strategyLabel)),
    description: chainText(vertex.nodes.map((node) => node.label)),
    ...(inputs.length > 0 ? { inputs } : {}),
    optimizer_properties: optimizerProperties(vertex.tail),
  };
}

function planInput({ channel }: VertexInput, num: number, idOf: (node: PlanNode) => string): JsonPlanInput {
  return {
    num,
    id: idOf(channel.source),
    ship_strategy: formatShipStrategy(channel.ship),
    ...(channel.local ? { local_strategy: formatLocalStrategy(channel.local) } : {}),
    exchange: channel.exchange,
  };
}

function chainText(parts: readonly string[]): string {
  return escapePlanText(parts.join('\n -> '));
}

/** Those of the last operator of a chain. */
function optimizerProperties(node: PlanNode): Record<string, readonly Property[]> {
  return {
    global_properties: globalProperties(node.global),
    local_properties: localProperties(node.local),
    estimates: [
      { name: 'Est. Output Size', value: formatEstimate(node.estimates.sizeBytes) },
      { name: 'Est. Cardinality', value: formatEstimate(node.estimates.records) },
    ],
    costs: [...costProperties('', node.costs), ...costProperties('Cumulative ', node.cumulativeCosts)],
    compiler_hints: compilerHints,
  };
}

const notUnique: Property = { name: 'Uniqueness', value: 'not unique' };

function globalProperties(global: GlobalProperties): readonly Property[] {
  const on = global.partitioning === 'HASH_PARTITIONED' ? [global.fields] : [];
  return [
    { name: 'Partitioning', value: global.partitioning },
    ...on.map((fields) => ({ name: 'Partitioned on', value: formatFields(fields) })),
    { name: 'Partitioning Order', value: '(none)' },
    notUnique,
  ];
}

function localProperties({ order }: LocalProperties): readonly Property[] {
  if (order.length === 0) {
    return [{ name: 'Order', value: '(none)' }, { name: 'Grouping', value: 'not grouped' }, notUnique];
  }
  return [
    { name: 'Order', value: formatOrder(order) },
    { name: 'Grouped on', value: formatFields(order.map(({ field }) => field)) },
    notUnique,
  ];
}

function costProperties(prefix: string, costs: Costs): readonly Property[] {
  return [
    { name: `${prefix}Network`, value: formatEstimate(costs.network) },
    { name: `${prefix}Disk I/O`, value: formatEstimate(costs.disk) },
    { name: `${prefix}CPU`, value: formatEstimate(costs.cpu) },
  ];
}

/** Hints are not part of the API here; Flink shows the unset ones like this. */
const compilerHints: readonly Property[] = [
  'Output Size (bytes)',
  'Output Cardinality',
  'Avg. Output Record Size (bytes)',
  'Filter Factor',
].map((name) => ({ name, value: '(none)' }));
