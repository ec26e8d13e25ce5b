// Runs a source by hand: poll by poll, with snapshots between polls.
import type { SourceOperator } from '@yeoul/engine/harness';
import { OperatorHarness, type OperatorHarnessOptions } from './operator-harness.ts';

/** Records asked for by one poll; small, so that a snapshot falls between any two. */
const DEFAULT_POLL_RECORDS = 1;

export class SourceOperatorHarness<O = unknown> extends OperatorHarness<O> {
  static open<O>(options: OperatorHarnessOptions): Promise<SourceOperatorHarness<O>> {
    return new SourceOperatorHarness<O>(options).start();
  }

  get #source(): SourceOperator {
    return this.operator as SourceOperator;
  }

  /** What a source in a watermark group told it, in order; Infinity: it does not count. */
  get reportedWatermarks(): readonly number[] {
    return this.task.reportedWatermarks;
  }

  /** The least watermark of a group, as the coordinator would tell it. */
  announceGroupWatermark(group: string, watermarkMs: number): void {
    this.task.announceGroupWatermark(group, watermarkMs);
  }

  /** One turn of the source. */
  poll(maxRecords = DEFAULT_POLL_RECORDS): 'more' | 'wait' | 'end' {
    this.task.runPending();
    // Before every turn, as the engine does.
    this.task.cell.stop = false;
    const result = this.#source.poll(maxRecords);
    this.task.runPending();
    return result;
  }

  /** Polls until the source waits for something that does not come, or ends. */
  async run(maxPolls = 10_000): Promise<'wait' | 'end'> {
    for (let polls = 0; polls < maxPolls; polls += 1) {
      const result = this.poll();
      if (result === 'end') return 'end';
      if (result === 'wait' && !(await this.#becomesAvailable())) return 'wait';
    }
    throw new Error(`The source neither ended nor waited in ${maxPolls} polls`);
  }

  /** Resolves when polling is worth while again; asked after 'wait'. */
  whenAvailable(): Promise<void> {
    return this.#source.whenAvailable();
  }

  cancel(): void {
    this.#source.cancel();
  }

  /** What the task does after 'end'. */
  async finish(): Promise<void> {
    await this.finishOperator();
  }

  async #becomesAvailable(): Promise<boolean> {
    let available = false;
    void this.#source.whenAvailable().then(() => {
      available = true;
    });
    await this.task.settle();
    return available;
  }
}
