// Failover regions: what must restart together. Pure.
//   A region is a set of subtasks connected by pipelined edges. A blocking result is not kept after its consumer read it (it passes
//   through the same rings), so regions that a blocking edge joins restart together, too: `restartSetOf` follows both.
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import { connectedSubtasks } from './channel-plan.ts';

export interface SubtaskKey {
  readonly vertexId: string;
  readonly subtaskIndex: number;
}

export interface Regions {
  /** Each region's subtasks. */
  readonly regions: readonly (readonly SubtaskKey[])[];
  /** Subtasks that restart when the given one fails, itself included. */
  restartSetOf(subtask: SubtaskKey): readonly SubtaskKey[];
}

export function findRegions(graph: JobGraphDescription): Regions {
  const pipelined = components(graph, (exchange) => exchange !== 'blocking');
  const restart = components(graph, () => true);
  return {
    regions: pipelined.groups,
    restartSetOf: (subtask) => restart.groupOf.get(keyOf(subtask)) ?? [subtask],
  };
}

interface Components {
  readonly groups: readonly (readonly SubtaskKey[])[];
  readonly groupOf: ReadonlyMap<string, readonly SubtaskKey[]>;
}

function components(graph: JobGraphDescription, follows: (exchange: string) => boolean): Components {
  const sets = new DisjointSets();
  const subtasks = graph.vertices.flatMap(({ id, parallelism }) =>
    Array.from({ length: parallelism }, (_, subtaskIndex) => ({ vertexId: id, subtaskIndex })),
  );
  for (const subtask of subtasks) sets.find(keyOf(subtask));
  const parallelism = new Map(graph.vertices.map((vertex) => [vertex.id, vertex.parallelism]));
  for (const edge of graph.edges.filter(({ exchange }) => follows(exchange))) {
    const sources = parallelism.get(edge.sourceVertexId) ?? 0;
    const targets = parallelism.get(edge.targetVertexId) ?? 0;
    for (const { sourceSubtask, targetSubtask } of connectedSubtasks(edge, sources, targets)) {
      sets.union(
        keyOf({ vertexId: edge.sourceVertexId, subtaskIndex: sourceSubtask }),
        keyOf({ vertexId: edge.targetVertexId, subtaskIndex: targetSubtask }),
      );
    }
  }
  return groupBySet(subtasks, sets);
}

function groupBySet(subtasks: readonly SubtaskKey[], sets: DisjointSets): Components {
  const byRoot = new Map<string, SubtaskKey[]>();
  const groupOf = new Map<string, readonly SubtaskKey[]>();
  for (const subtask of subtasks) {
    const root = sets.find(keyOf(subtask));
    const group = byRoot.get(root) ?? [];
    group.push(subtask);
    byRoot.set(root, group);
    groupOf.set(keyOf(subtask), group);
  }
  return { groups: [...byRoot.values()], groupOf };
}

function keyOf({ vertexId, subtaskIndex }: SubtaskKey): string {
  return `${vertexId}/${subtaskIndex}`;
}

/** Union-find with path halving. */
class DisjointSets {
  readonly #parents = new Map<string, string>();

  find(element: string): string {
    let at = element;
    for (;;) {
      const parent = this.#parents.get(at) ?? at;
      if (parent === at) break;
      const grand = this.#parents.get(parent) ?? parent;
      this.#parents.set(at, grand);
      at = grand;
    }
    if (!this.#parents.has(at)) this.#parents.set(at, at);
    return at;
  }

  union(a: string, b: string): void {
    this.#parents.set(this.find(a), this.find(b));
  }
}
