// Which splits a source reads. Its subtasks enumerate by themselves, at different moments, of an outside that changes: what the first of them
// finds counts for all.
//   SA1. All subtasks of a source that run side by side go by one list, also those that are restarted alone. A list is made anew only when
//        all subtasks of the source start anew: only then is something found that was not there before.
//   SA2. New splits are dealt only to subtasks that read: those that had finished in the restored checkpoint take none.
import type { StateAssignment } from '../../checkpoint/state-assignment.ts';
import type { AgreedSplits } from '../messages.ts';
import type { ExecutionVertex } from './execution-graph.ts';

export class SplitAgreements {
  /** By vertex, then by operator. */
  readonly #agreed = new Map<string, Map<string, AgreedSplits>>();
  #restored: StateAssignment | undefined;

  /** @param subtasks those that are deployed together, starting from `restored` */
  onDeployment(subtasks: readonly ExecutionVertex[], restored: StateAssignment | undefined): void {
    this.#restored = restored;
    const counts = new Map<string, number>();
    for (const { vertex } of subtasks) counts.set(vertex.id, (counts.get(vertex.id) ?? 0) + 1);
    for (const { vertex } of subtasks) if (counts.get(vertex.id) === vertex.parallelism) this.#agreed.delete(vertex.id);
  }

  /** @param found what a subtask of the vertex enumerated */
  agree(vertexId: string, operatorId: string, found: readonly unknown[]): AgreedSplits {
    const ofVertex = this.#agreed.get(vertexId) ?? new Map<string, AgreedSplits>();
    this.#agreed.set(vertexId, ofVertex);
    const agreed = ofVertex.get(operatorId) ?? { splits: found, readers: this.#readersOf(vertexId) };
    ofVertex.set(operatorId, agreed);
    return agreed;
  }

  /** SA2. */
  #readersOf(vertexId: string): readonly number[] | undefined {
    return this.#restored?.[vertexId]?.flatMap((subtask, index) =>
      subtask.finished === true || subtask.operatorsFinished === true ? [] : [index],
    );
  }
}
