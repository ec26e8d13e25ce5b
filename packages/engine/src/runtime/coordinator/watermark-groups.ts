// The watermark groups of a job: how far the sources of each are.
//   WG1. The least watermark of a group is over the subtasks that reported and are not FINISHED. One that is being restarted counts with what it
//        reported last until its next attempt reports: the others do not run away from it.
//   WG2. Who reports is answered; the others of the group are told when the least watermark has changed.
import type { SlotMessage } from '../messages.ts';
import type { ExecutionVertex } from './execution-graph.ts';
import { ExecutionState } from './execution-state.ts';

interface Member {
  readonly subtask: ExecutionVertex;
  readonly operatorId: string;
  watermarkMs: number;
}

interface Group {
  readonly members: Map<string, Member>;
  leastMs: number;
}

/** To be told the least watermark of its group. */
export interface GroupWatermark {
  readonly subtask: ExecutionVertex;
  readonly operatorId: string;
  readonly watermarkMs: number;
}

type Report = Pick<Extract<SlotMessage, { type: 'watermark-reported' }>, 'group' | 'operatorId' | 'watermarkMs'>;

export class WatermarkGroups {
  readonly #groups = new Map<string, Group>();

  /** @returns who is to be told what */
  report(subtask: ExecutionVertex, { group: name, operatorId, watermarkMs }: Report): readonly GroupWatermark[] {
    const group = this.#groupOf(name);
    const key = `${subtask.vertex.id}/${operatorId}/${subtask.subtaskIndex}`;
    group.members.set(key, { subtask, operatorId, watermarkMs });
    for (const [memberKey, member] of group.members) {
      if (member.subtask.current.state === ExecutionState.FINISHED) group.members.delete(memberKey);
    }
    const members = [...group.members.values()];
    const leastMs = Math.min(...members.map((member) => member.watermarkMs));
    const hasChanged = leastMs !== group.leastMs;
    group.leastMs = leastMs;
    const told = members.filter(
      (member) => !member.subtask.current.isTerminal && (hasChanged || member.subtask === subtask),
    );
    return told.map((member) => ({ subtask: member.subtask, operatorId: member.operatorId, watermarkMs: leastMs }));
  }

  #groupOf(name: string): Group {
    const existing = this.#groups.get(name);
    if (existing !== undefined) return existing;
    const created: Group = { members: new Map(), leastMs: Number.POSITIVE_INFINITY };
    this.#groups.set(name, created);
    return created;
  }
}
