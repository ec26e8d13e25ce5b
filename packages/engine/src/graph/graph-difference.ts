// Says in words how two evaluations of one program differ.
import type { JobGraphDescription, JobVertexDescription } from './job-graph.ts';

// More than this many differences help nobody.
const MAX_DIFFERENCES = 5;

/** Of a job graph, what is compared; both JobGraph and JobGraphDescription have it. */
export type ComparableGraph = Pick<JobGraphDescription, 'name' | 'hash'> & {
  readonly vertices: readonly (Omit<JobVertexDescription, 'isSource' | 'operators'> & {
    readonly operators: readonly {
      readonly operatorId: string;
      readonly name: string;
      readonly uid: string | undefined;
    }[];
  })[];
  readonly edges: readonly {
    readonly sourceVertexId: string;
    readonly targetVertexId: string;
    readonly targetInput: number;
    readonly partitioner: string | { readonly kind: string };
  }[];
  readonly execution: object;
  readonly checkpointing: object;
};

/**
 * @param expected the first evaluation; only its hash when no more is known
 * @param actual the later one
 * @returns e.g. 'vertex "Map": parallelism 2, then 4'; never empty
 */
export function describeGraphDifference(expected: ComparableGraph | string, actual: ComparableGraph): string {
  if (typeof expected === 'string') {
    const names = actual.vertices.map((vertex) => `"${vertex.name}"`).join(', ');
    return `hash ${expected}, then ${actual.hash} with the vertices ${names}`;
  }
  const found = [
    ...memberDifferences('job', { name: expected.name }, { name: actual.name }),
    ...vertexDifferences(expected, actual),
    ...edgeDifferences(expected, actual),
    ...memberDifferences('execution', expected.execution, actual.execution),
    ...memberDifferences('checkpointing', expected.checkpointing, actual.checkpointing),
  ];
  if (found.length === 0) return 'declared types, state or settings of an operator';
  const more = found.length - MAX_DIFFERENCES;
  return found.slice(0, MAX_DIFFERENCES).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function vertexDifferences(expected: ComparableGraph, actual: ComparableGraph): string[] {
  const later = new Map(actual.vertices.map((vertex) => [vertex.id, vertex]));
  const earlier = new Set(expected.vertices.map((vertex) => vertex.id));
  return [
    ...expected.vertices.flatMap((vertex) => {
      const other = later.get(vertex.id);
      if (other === undefined) return [`vertex "${vertex.name}" (${vertex.id}) is missing`];
      return memberDifferences(`vertex "${vertex.name}"`, comparedVertex(vertex), comparedVertex(other));
    }),
    ...actual.vertices
      .filter((vertex) => !earlier.has(vertex.id))
      .map((vertex) => `vertex "${vertex.name}" (${vertex.id}) is new`),
  ];
}

function comparedVertex(vertex: ComparableGraph['vertices'][number]): object {
  const { name, parallelism, maxParallelism, slotSharingGroup, operators } = vertex;
  const text = operators.map(
    (operator) => operator.name + (operator.uid === undefined ? '' : ` (uid ${operator.uid})`),
  );
  return { name, parallelism, maxParallelism, slotSharingGroup, operators: text.join(', ') };
}

function edgeDifferences(expected: ComparableGraph, actual: ComparableGraph): string[] {
  const before = expected.edges.map(edgeText);
  const after = actual.edges.map(edgeText);
  return [
    ...before.filter((edge) => !after.includes(edge)).map((edge) => `edge ${edge} is missing`),
    ...after.filter((edge) => !before.includes(edge)).map((edge) => `edge ${edge} is new`),
  ];
}

function edgeText(edge: ComparableGraph['edges'][number]): string {
  const kind = typeof edge.partitioner === 'string' ? edge.partitioner : edge.partitioner.kind;
  return `${edge.sourceVertexId} → ${edge.targetVertexId} input ${edge.targetInput} (${kind})`;
}

function memberDifferences(where: string, before: object, after: object): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const text = (object: object, name: string): string => {
    const value: unknown = (object as Record<string, unknown>)[name];
    return typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'unset');
  };
  return names
    .filter((name) => text(before, name) !== text(after, name))
    .map((name) => `${where}: ${name} ${text(before, name)}, then ${text(after, name)}`);
}
