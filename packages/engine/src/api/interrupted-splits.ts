// For readers that read their splits one after the other. At a restore a subtask may get several splits that were being read side by side, by
// several subtasks, and goes on with them one by one: what it reads of the first must not make the others late.
//   IS1. Several begun splits: the watermark waits for each until it is read to its end. Splits that were not begun are not waited for; between
//        one split and the next the event time of a subtask may go back, and a watermark strategy has to allow for it (as in Flink).
import type { ReaderOutput, SourceOutput } from './source.ts';

export class InterruptedSplits<T> {
  /** Not at their end, in reading order. */
  #ids: readonly string[] = [];
  #outputs: Map<string, SourceOutput<T>> | undefined;

  /** @param ids splits that had begun when the state was taken, in the order in which they are read; before all others */
  add(ids: readonly string[]): void {
    this.#ids = [...this.#ids, ...ids];
  }

  /** Where to emit records of the split in hand. */
  outputFor(splitId: string, output: ReaderOutput<T>): SourceOutput<T> {
    // One alone has nobody to be waited for by.
    if (this.#outputs === undefined && this.#ids.length < 2) return output;
    this.#outputs ??= new Map(this.#ids.map((id) => [id, output.createOutputForSplit(id, { awaitsTurn: true })]));
    return this.#outputs.get(splitId) ?? output;
  }

  finished(splitId: string, output: ReaderOutput<T>): void {
    this.#ids = this.#ids.filter((id) => id !== splitId);
    if (this.#outputs?.delete(splitId)) output.releaseOutputForSplit(splitId);
  }

  /** Nothing is left to wait for: whoever emits need not ask. */
  get isEmpty(): boolean {
    return this.#ids.length === 0;
  }
}
