// Stands in for the task around one operator: same mailbox and sliced work as in the engine, driven by the test.
import {
  type AgreedSplits,
  type Clock,
  type CollectedResult,
  type ExecutionConfigData,
  Mailbox,
  SlicedWorks,
  type TaskServices,
  type TimestampCell,
} from '@yeoul/engine/harness';

/** Turns of the event loop that settle() gives to promises before it takes stock. */
const SETTLE_TURNS = 8;

export class HarnessTask implements TaskServices {
  readonly cell: TimestampCell = { timestampMs: Number.NaN, stop: false };
  readonly clock: Clock;
  readonly execution: ExecutionConfigData;
  /** Lines of print sinks. */
  readonly printed: { readonly stream: 'stdout' | 'stderr'; readonly text: string }[] = [];
  readonly collected: CollectedResult[] = [];
  /** Of sources in watermark groups, in the order of their reports. */
  readonly reportedWatermarks: number[] = [];
  readonly #mailbox = new Mailbox(() => {});
  readonly #sliced = new SlicedWorks(() => {});
  readonly #timers = new Set<{ cancel(): void }>();
  #outputAvailable: () => boolean = () => true;
  readonly #alignments = new Map<string, (watermarkMs: number) => void>();
  #suspensions = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(clock: Clock, execution: ExecutionConfigData) {
    this.clock = clock;
    this.execution = execution;
  }

  /** True while the operator waits for a promise or has sliced work left: it must be given nothing then. */
  get isBlocked(): boolean {
    return this.#suspensions > 0 || this.#sliced.pending;
  }

  setOutputAvailable(isAvailable: () => boolean): void {
    this.#outputAvailable = isAvailable;
  }

  isOutputAvailable(): boolean {
    return this.#outputAvailable();
  }

  suspendUntil(promise: Promise<unknown>): void {
    this.#suspensions += 1;
    this.cell.stop = true;
    promise.then(
      () => this.enqueue(() => this.#resume()),
      (error: unknown) => this.fail(error),
    );
  }

  runSliced(step: () => boolean): void {
    this.#sliced.run(step);
  }

  suspendInputUntil(promise: Promise<unknown>): void {
    this.suspendUntil(promise);
  }

  mayEmit(): boolean {
    return true;
  }

  enqueue(action: () => void): void {
    this.#mailbox.putUrgent(action);
  }

  /** What this subtask found: harnesses of several subtasks are given sources that find the same. */
  agreeOnSplits(_operatorId: string, found: readonly unknown[]): Promise<AgreedSplits> {
    return Promise.resolve({ splits: found, readers: undefined });
  }

  /** Groups are of one subtask: nobody else reports. */
  joinWatermarkGroup(
    _operatorId: string,
    group: string,
    onLeast: (watermarkMs: number) => void,
  ): (watermarkMs: number) => void {
    this.#alignments.set(group, onLeast);
    return (watermarkMs) => this.reportedWatermarks.push(watermarkMs);
  }

  /** What a coordinator would tell all members of the group. */
  announceGroupWatermark(group: string, watermarkMs: number): void {
    this.#alignments.get(group)?.(watermarkMs);
    this.runPending();
  }

  print(stream: 'stdout' | 'stderr', text: string): void {
    this.printed.push({ stream, text });
  }

  collectResult(result: CollectedResult): void {
    this.collected.push(result);
  }

  scheduleProcessingTime(atMs: number, callback: (timeMs: number) => void): { cancel(): void } {
    const timer = this.clock.schedule(atMs, () => {
      this.#timers.delete(timer);
      this.#mailbox.put(() => callback(atMs));
      this.runPending();
    });
    this.#timers.add(timer);
    return timer;
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Does what can be done now; throws what the operator failed with. */
  runPending(): void {
    for (let progress = true; progress; ) {
      progress = this.#mailbox.drain({ isBlocked: () => false, isSuspended: () => this.#suspensions > 0 });
      if (this.#suspensions === 0 && this.#sliced.pending) {
        this.#sliced.resume(() => this.#outputAvailable());
        progress ||= !this.#sliced.pending;
      }
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Lets promises settle and runs what they lead to. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLE_TURNS; turn += 1) {
      this.runPending();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.runPending();
  }

  /** Waits for `work` while the mailbox goes on; only for work that does not need the clock. */
  async settleUntil<R>(work: Promise<R> | R): Promise<R> {
    let done = false;
    const settled = Promise.resolve(work).finally(() => {
      done = true;
    });
    settled.catch(() => {});
    while (!done) {
      this.runPending();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.runPending();
    return settled;
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#mailbox.clear();
  }

  #resume(): void {
    this.#suspensions -= 1;
    if (this.#suspensions === 0) this.cell.stop = false;
  }
}
