// Values of collect sinks on their way to the program that called executeAndCollect().
//   CV1. With exactly-once checkpoints a value is given out once a completed checkpoint covers it: it stands before the sink's barrier, or the
//        sink had finished before that checkpoint. What is left is given out when the job has FINISHED.
//   CV2. A sink that is deployed again begins anew: what its earlier attempt had handed over and no checkpoint covers will come again.
//   CV3. With at-least-once checkpoints values are given out at once, and some come again after a failure.
//   CV4. Without checkpoints values are given out at once, and once there are any nothing may begin again.
// Source: Apache Flink, CollectResultIterator and its buffers.
import type { CheckpointConfigData } from '../../graph/job-graph.ts';
import type { SlotMessage } from '../messages.ts';
import type { ExecutionVertex } from './execution-graph.ts';
import { ExecutionState } from './execution-state.ts';

type CollectedMessage = Extract<SlotMessage, { type: 'collected' }>;

/** Of one subtask, in order. */
interface Held {
  readonly executionId: string;
  readonly messages: CollectedMessage[];
}

export class CollectedValues {
  readonly #config: CheckpointConfigData;
  readonly #giveOut: (slotIndex: number, message: CollectedMessage) => void;
  readonly #held = new Map<ExecutionVertex, Held>();
  /** Subtasks whose values were given out without a checkpoint (CV4). */
  readonly #unchecked = new Set<ExecutionVertex>();

  constructor(config: CheckpointConfigData, giveOut: (slotIndex: number, message: CollectedMessage) => void) {
    this.#config = config;
    this.#giveOut = giveOut;
  }

  /** @param subtask whose current attempt sent it */
  onMessage(subtask: ExecutionVertex, message: CollectedMessage): void {
    if (this.#isExactlyOnce()) {
      this.#heldOf(subtask).messages.push(message);
      return;
    }
    if (this.#config.intervalMs === undefined && message.values.length > 0) this.#unchecked.add(subtask);
    this.#giveOut(subtask.slotIndex, message);
  }

  /** CV1. Before the checkpoint is what a restart begins from. */
  onCheckpointCompleted(checkpointId: number): void {
    for (const [subtask, { executionId, messages }] of this.#held) {
      const barrier = messages.findIndex((message) => message.checkpointId === checkpointId);
      const isOver = subtask.current.executionId === executionId && subtask.current.state === ExecutionState.FINISHED;
      if (barrier >= 0) this.#release(subtask, messages.splice(0, barrier + 1));
      else if (isOver) this.#release(subtask, messages.splice(0));
    }
  }

  onJobFinished(): void {
    for (const [subtask, { messages }] of this.#held) this.#release(subtask, messages.splice(0));
  }

  /** CV4. */
  mayRestart(subtasks: readonly ExecutionVertex[]): boolean {
    return !subtasks.some((subtask) => this.#unchecked.has(subtask));
  }

  #isExactlyOnce(): boolean {
    return this.#config.intervalMs !== undefined && this.#config.mode === 'exactly_once';
  }

  /** CV2. */
  #heldOf(subtask: ExecutionVertex): Held {
    const { executionId } = subtask.current;
    const existing = this.#held.get(subtask);
    if (existing?.executionId === executionId) return existing;
    const created: Held = { executionId, messages: [] };
    this.#held.set(subtask, created);
    return created;
  }

  #release(subtask: ExecutionVertex, messages: readonly CollectedMessage[]): void {
    for (const message of messages) {
      if (message.values.length > 0 || message.end) this.#giveOut(subtask.slotIndex, message);
    }
  }
}
