import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonPlan } from '../../src/graph/job-graph.ts';
import { StreamExecutionEnvironment } from '../../src/index.ts';
import { flinkTopologies } from './flink-topologies.ts';

interface RecordedTopology {
  readonly name: string;
  readonly plan: JsonPlan;
  readonly sorted: readonly {
    readonly id: string;
    readonly name: string;
    readonly parallelism: number;
    readonly maxParallelism: number;
    readonly operators: readonly string[];
    readonly alternatives: readonly string[];
  }[];
}

const recorded = JSON.parse(
  readFileSync(new URL('fixtures/flink-1.9-topologies.json', import.meta.url), 'utf8'),
) as RecordedTopology[];

// Flink 1.9 takes many sources in the order of a HashSet, so the order of vertices and of inputs is not comparable.
const unordered = new Set(['many sources']);

describe('topologies recorded from Apache Flink 1.9.1', () => {
  it('are all built here', () => {
    expect(recorded.map(({ name }) => name).sort()).toEqual(Object.keys(flinkTopologies).sort());
  });

  for (const topology of recorded) {
    it(`${topology.name}: the plan is the same`, () => {
      const { plan } = build(topology.name);
      expect(comparablePlan(plan, topology.name)).toEqual(comparablePlan(topology.plan, topology.name));
    });

    it(`${topology.name}: vertices, operator ids and their order are the same`, () => {
      const vertices = build(topology.name).vertices.map((vertex, index) => ({
        id: vertex.id,
        name: withoutCall(vertex.name),
        parallelism: vertex.parallelism,
        // Flink leaves the default to the run: -1.
        maxParallelism: topology.sorted[index]?.maxParallelism === -1 ? -1 : vertex.maxParallelism,
        operators: vertex.operators.map(({ operatorId }) => operatorId).sort(),
        alternatives: vertex.operators.flatMap(({ uidHash }) => uidHash ?? []).sort(),
      }));
      expect(inOrder(vertices, topology.name)).toEqual(inOrder(topology.sorted.map(renamed), topology.name));
    });
  }
});

function build(name: string) {
  const env = new StreamExecutionEnvironment();
  env.setParallelism(2);
  flinkTopologies[name]?.(env);
  return env.getJobGraph(name);
}

function comparablePlan(plan: JsonPlan, name: string): unknown {
  const nodes = plan.nodes.map((node) => ({
    ...node,
    description: withoutCall(node.description),
    ...(unordered.has(name) ? { inputs: node.inputs?.map(({ id }) => id).sort() } : {}),
  }));
  return { name: plan.name, nodes: inOrder(nodes, name) };
}

function renamed<V extends { readonly name: string }>(vertex: V): V {
  return { ...vertex, name: withoutCall(vertex.name) };
}

function withoutCall(name: string): string {
  return name.replace(/AllWindowedStream\.[^)]*/, 'AllWindowedStream');
}

function inOrder<V extends { readonly id: string }>(items: readonly V[], name: string): readonly V[] {
  return unordered.has(name) ? [...items].sort((a, b) => (a.id < b.id ? -1 : 1)) : items;
}
