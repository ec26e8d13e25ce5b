// Order in which Flink lists the vertices of a job (source: Apache Flink, JobGraph#getVerticesSortedTopologicallyFromSources).

interface OrderedEdge {
  readonly sourceVertexId: string;
  readonly targetVertexId: string;
}

/**
 * @param vertices in creation order
 * @param edges in creation order
 * @returns vertices, sources first; depth-first along edges whose target has all its other inputs
 */
export function sortTopologically<V extends { readonly id: string }>(
  vertices: readonly V[],
  edges: readonly OrderedEdge[],
): V[] {
  const hasInput = new Set(edges.map((edge) => edge.targetVertexId));
  const sorted = vertices.filter((vertex) => !hasInput.has(vertex.id));
  const remaining = new Map(vertices.filter((vertex) => hasInput.has(vertex.id)).map((vertex) => [vertex.id, vertex]));
  const addReaders = (start: V): void => {
    for (const edge of edges) {
      const target = edge.sourceVertexId === start.id ? remaining.get(edge.targetVertexId) : undefined;
      if (target === undefined || waitsForOthers(edge, edges, remaining)) continue;
      sorted.push(target);
      remaining.delete(target.id);
      addReaders(target);
    }
  };
  for (let next = 0; next < sorted.length && remaining.size > 0; next++) addReaders(sorted[next] as V);
  return sorted;
}

function waitsForOthers(
  edge: OrderedEdge,
  edges: readonly OrderedEdge[],
  remaining: ReadonlyMap<string, unknown>,
): boolean {
  return edges.some(
    (other) => other !== edge && other.targetVertexId === edge.targetVertexId && remaining.has(other.sourceVertexId),
  );
}
