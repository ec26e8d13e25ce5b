// Hash of a job graph: equal for two evaluations of one program, different as soon as anything but functions differs.
import { toHex } from './hex.ts';
import type { ChainedOperator, JobGraph } from './job-graph.ts';
import { murmur3x64x128 } from './murmur3.ts';

/** @returns 32 hex digits */
export function hashJobGraph(graph: Omit<JobGraph, 'hash'>): string {
  const content = {
    name: graph.name,
    type: graph.type,
    vertices: graph.vertices.map(({ operators, ...vertex }) => ({
      ...vertex,
      operators: operators.map(hashedOperator),
    })),
    edges: graph.edges.map(({ partitioner, ...edge }) => ({
      ...edge,
      keyType: partitioner.kind === 'hash' ? partitioner.keyType : undefined,
    })),
    checkpointing: graph.checkpointing,
    execution: graph.execution,
    plan: graph.plan,
  };
  return toHex(murmur3x64x128(new TextEncoder().encode(stableJson(content))));
}

function hashedOperator(operator: ChainedOperator): unknown {
  return {
    ...operator,
    spec: plainMembers(operator.spec),
    inputKeys: operator.inputKeys.map((key) => (key === undefined ? null : { type: key.type })),
  };
}

/** Numbers, strings and flags of a spec; user objects are only told apart by being there. */
function plainMembers(spec: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec).map(([name, value]) => [name, isPlain(value) ? value : typeof value]));
}

function isPlain(value: unknown): boolean {
  return value === undefined || value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

/** JSON with sorted keys; numbers that JSON has no text for get one. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'number' && !Number.isFinite(member)) return String(member);
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
