// Merges accumulators of users' own kinds over subtasks. Their merge() is code of the program, which runs in slots only: a slot
// that had one of the subtasks is sent the values of all, and answers with what they make.
//   O1. Asked once, when all tasks of the job have ended in any way and their slots are still there.
//   O2. A slot that is gone, throws or does not answer in time is followed by the next; without any the accumulator has no result.
import type { Clock } from '../../clock.ts';
import type { CoordinatorMessage, SlotMessage } from '../messages.ts';
import type { ExecutionVertex } from './execution-graph.ts';

/** Longest wait for one slot, ms: merging is quick, but it is code of the user. */
const MERGE_TIMEOUT_MS = 5_000;
/** Slots that are asked for one accumulator at most. */
const MAX_ASKED = 3;

export interface OwnAccumulator {
  /** Undefined: it could not be merged. */
  readonly merged: { readonly value: unknown } | undefined;
  /** The vertex that alone has it; undefined: several have. */
  readonly vertexId: string | undefined;
}

type Answer = Extract<SlotMessage, { type: 'accumulator-merged' }>;

export interface OwnAccumulatorMergerOptions {
  readonly clock: Clock;
  /** @returns false when there is no such slot */
  readonly send: (slotIndex: number, message: CoordinatorMessage) => boolean;
  readonly onProblem: (message: string, error: unknown) => void;
}

export class OwnAccumulatorMerger {
  readonly #options: OwnAccumulatorMergerOptions;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #requests = 0;

  constructor(options: OwnAccumulatorMergerOptions) {
    this.#options = options;
  }

  /** @returns by name; those of one subtask only need no merging and are left out */
  async merge(subtasks: readonly ExecutionVertex[]): Promise<ReadonlyMap<string, OwnAccumulator>> {
    const results = new Map<string, OwnAccumulator>();
    for (const [name, holders] of findOwn(subtasks)) {
      const vertexIds = new Set(holders.map(({ vertex }) => vertex.id));
      const vertexId = vertexIds.size === 1 ? holders[0]?.vertex.id : undefined;
      results.set(name, { merged: await this.#mergeOne(name, holders), vertexId });
    }
    return results;
  }

  onMerged(answer: Answer): void {
    this.#waiting.get(answer.requestId)?.(answer);
  }

  async #mergeOne(name: string, holders: readonly ExecutionVertex[]): Promise<OwnAccumulator['merged']> {
    const values = holders.map(({ current }) => current.report?.accumulators[name]?.value);
    let problem: unknown = new Error('the slots that had it are gone');
    for (const holder of holders.slice(0, MAX_ASKED)) {
      try {
        const answer = await this.#ask(holder, name, values);
        if (answer !== undefined) return answer;
      } catch (error) {
        problem = error;
      }
    }
    this.#options.onProblem(`Accumulator "${name}" has no result: merging its ${values.length} values failed`, problem);
    return undefined;
  }

  /** @returns undefined when the slot is gone */
  #ask(
    { slotIndex, vertex, subtaskIndex }: ExecutionVertex,
    name: string,
    values: readonly unknown[],
  ): Promise<OwnAccumulator['merged']> {
    const { clock, send } = this.#options;
    const requestId = ++this.#requests;
    return new Promise<OwnAccumulator['merged']>((resolve, reject) => {
      const message = {
        type: 'merge-accumulator',
        requestId,
        vertexId: vertex.id,
        subtaskIndex,
        name,
        values,
      } as const;
      const timer = clock.schedule(clock.nowMs() + MERGE_TIMEOUT_MS, () =>
        reject(new Error(`slot ${slotIndex} did not answer for ${MERGE_TIMEOUT_MS} ms`)),
      );
      this.#waiting.set(requestId, ({ value, error }) => {
        timer.cancel();
        if (error === undefined) resolve({ value });
        else reject(new Error(`${error.name}: ${error.message}`));
      });
      if (send(slotIndex, message)) return;
      timer.cancel();
      resolve(undefined);
    }).finally(() => this.#waiting.delete(requestId));
  }
}

/** Subtasks that reported an accumulator of a kind of the user's own, by its name; two or more each. */
function findOwn(subtasks: readonly ExecutionVertex[]): ReadonlyMap<string, readonly ExecutionVertex[]> {
  const found = new Map<string, ExecutionVertex[]>();
  for (const subtask of subtasks) {
    for (const [name, { isOwn }] of Object.entries(subtask.current.report?.accumulators ?? {})) {
      if (isOwn === true) found.set(name, [...(found.get(name) ?? []), subtask]);
    }
  }
  return new Map([...found].filter(([, holders]) => holders.length > 1));
}
