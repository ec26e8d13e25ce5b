// Which subtask runs in which slot. Pure.
//   Subtask i of every vertex of a sharing group runs in slot i of that group; groups do not share slots.
import type { JobVertexDescription } from '../../graph/job-graph.ts';

export interface SlotAssignment {
  /** Sum over the groups of the greatest parallelism in each. */
  readonly slotCount: number;
  /** Slot index of every subtask: placement[vertexId][subtask]. */
  readonly placement: Readonly<Record<string, readonly number[]>>;
  /** "2 for group default, 1 for group heavy": for the message when slots are short. */
  readonly explanation: string;
}

export function assignSlots(vertices: readonly JobVertexDescription[]): SlotAssignment {
  const sizes = new Map<string, number>();
  for (const { slotSharingGroup, parallelism } of vertices) {
    sizes.set(slotSharingGroup, Math.max(sizes.get(slotSharingGroup) ?? 0, parallelism));
  }
  const firstSlots = new Map<string, number>();
  let slotCount = 0;
  for (const [group, size] of sizes) {
    firstSlots.set(group, slotCount);
    slotCount += size;
  }
  const placement = Object.fromEntries(
    vertices.map((vertex) => {
      const first = firstSlots.get(vertex.slotSharingGroup) ?? 0;
      return [vertex.id, Array.from({ length: vertex.parallelism }, (_, index) => first + index)];
    }),
  );
  const explanation = [...sizes].map(([group, size]) => `${size} for slot sharing group ${group}`).join(', ');
  return { slotCount, placement, explanation };
}
