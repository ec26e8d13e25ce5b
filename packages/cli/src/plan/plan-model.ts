// The plan as it is drawn: Flink's JSON plan, its texts without HTML, its vertices in an order that follows the data.
import type { jobEndpoints, ResponseOf } from '@yeoul/contract';

export type JsonPlan = ResponseOf<typeof jobEndpoints.getJobPlan>['plan'];
type JsonNode = JsonPlan['nodes'][number];

export interface PlanVertex {
  readonly id: string;
  readonly parallelism: number;
  /** The chain's operators. */
  readonly operators: readonly string[];
}

export interface PlanEdge {
  readonly from: PlanVertex;
  readonly to: PlanVertex;
  /** "HASH", "REBALANCE", … with the local strategy of batch plans behind it. */
  readonly strategy: string;
}

export interface PlanModel {
  readonly name: string;
  /** Inputs before what reads them, branches one after the other. */
  readonly vertices: readonly PlanVertex[];
  readonly edges: readonly PlanEdge[];
}

export function toPlanModel(plan: Pick<JsonPlan, 'name' | 'nodes'>): PlanModel {
  const byId = new Map(plan.nodes.map((node) => [node.id, toVertex(node)]));
  const edges = plan.nodes.flatMap((node) => toEdges(node, byId));
  return { name: plan.name, vertices: inOrder([...byId.values()], edges), edges };
}

function toVertex({ id, parallelism, description }: JsonNode): PlanVertex {
  return { id, parallelism, operators: toOperators(description) };
}

function toEdges(node: JsonNode, byId: ReadonlyMap<string, PlanVertex>): PlanEdge[] {
  const to = byId.get(node.id);
  const inputs = [...(node.inputs ?? [])].sort((a, b) => a.num - b.num);
  return inputs.flatMap((input) => {
    const from = byId.get(input.id);
    if (from === undefined || to === undefined) return [];
    const local = input.local_strategy === undefined ? '' : ` (${plainText(input.local_strategy)})`;
    return [{ from, to, strategy: plainText(input.ship_strategy) + local }];
  });
}

/** Chains stand as "A -> B" (1.9, Yeoul) or as a tree of lines "A<br/>+- B" (since 1.15). */
function toOperators(description: string): string[] {
  const lines = description.split(/<br\s*\/?>/).map((line) => plainText(line).replace(/^[\s:|]*[+:]-\s*/, ''));
  return lines.filter((line) => line !== '').flatMap(splitChain);
}

const entities: Readonly<Record<string, string>> = {
  '&gt;': '>',
  '&lt;': '<',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

/** Flink writes plans for a web page. */
export function plainText(html: string): string {
  return html
    .replace(/<br\s*\/?>/g, ' ')
    .replace(/&(gt|lt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity)
    .trim();
}

/** "A -> B -> (C, D -> E)" at its arrows, those in brackets excepted. */
function splitChain(description: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < description.length; i++) {
    if (description[i] === '(') depth++;
    else if (description[i] === ')') depth--;
    else if (depth === 0 && description.startsWith(' -> ', i)) {
      parts.push(description.slice(start, i));
      start = i + 4;
    }
  }
  return [...parts, description.slice(start)];
}

/** Goes on where it last was as long as it can, so that branches stay together. What lies on a cycle comes last. */
function inOrder(vertices: readonly PlanVertex[], edges: readonly PlanEdge[]): PlanVertex[] {
  const placed: PlanVertex[] = [];
  const isReady = (vertex: PlanVertex) =>
    edges.every(({ from, to }) => to !== vertex || from === vertex || placed.includes(from));
  const newestInput = (vertex: PlanVertex) =>
    Math.max(-1, ...edges.filter(({ to }) => to === vertex).map(({ from }) => placed.indexOf(from)));
  while (placed.length < vertices.length) {
    const left = vertices.filter((vertex) => !placed.includes(vertex));
    const ready = left.filter(isReady).sort((a, b) => newestInput(b) - newestInput(a));
    placed.push(...[ready[0] ?? left[0]].filter((vertex) => vertex !== undefined));
  }
  return placed;
}
