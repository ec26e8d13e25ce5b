// The plans a real Flink 1.9.1 made (see flink-plans/README.md), and ours in the same form.
import { readFileSync } from 'node:fs';
import type { JobGraph, JsonPlanNode } from '../../../src/graph/job-graph.ts';

export interface ComparablePlanNode {
  readonly name: string;
  readonly [field: string]: unknown;
}

export function recordedPlans(): ReadonlyMap<string, readonly ComparablePlanNode[]> {
  const properties = readLines('optimizer-properties.jsonl');
  const plans = readLines('plans.jsonl') as { program: string; nodes: ComparablePlanNode[] }[];
  return new Map(
    plans.map(({ program, nodes }) => [
      program,
      sortNodes(
        nodes.map((node) => ({ ...node, optimizer_properties: properties[node.optimizer_properties as number] })),
      ),
    ]),
  );
}

export function comparablePlan(graph: JobGraph): readonly ComparablePlanNode[] {
  const byId = new Map(graph.plan.nodes.map((node) => [node.id, node]));
  const names = new Map(graph.vertices.map((vertex) => [vertex.id, vertex.name]));
  return sortNodes(graph.plan.nodes.map((node) => comparableNode(node, names.get(node.id) ?? '', byId)));
}

function comparableNode(
  { id: _id, inputs, optimizer_properties, ...node }: JsonPlanNode,
  name: string,
  byId: ReadonlyMap<string, JsonPlanNode>,
): ComparablePlanNode {
  const shown = { name: maskCallSites(name), ...node, description: maskCallSites(node.description) };
  const properties = Object.entries(optimizer_properties).map(([group, list]) => [
    group,
    list.map((p) => [p.name, p.value]),
  ]);
  return {
    ...shown,
    operator_strategy: maskCallSites(node.operator_strategy),
    ...(inputs && {
      inputs: inputs.map(({ id, ...input }) => ({ ...input, from: maskCallSites(byId.get(id)?.description ?? '') })),
    }),
    optimizer_properties: Object.fromEntries(properties),
  };
}

/** As in the recording and in the conformance tests. */
function maskCallSites(text: string): string {
  return text.replace(/\bat [\w$.<>]+\([^()\s]+:\d+\)/g, 'at <call site>');
}

function sortNodes(nodes: readonly ComparablePlanNode[]): ComparablePlanNode[] {
  return [...nodes].sort((a, b) => (sortText(a) < sortText(b) ? -1 : 1));
}

function sortText(node: ComparablePlanNode): string {
  return JSON.stringify([node.name, node.parallelism, node.inputs ?? null]);
}

function readLines(file: string): unknown[] {
  const text = readFileSync(new URL(`flink-plans/${file}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
