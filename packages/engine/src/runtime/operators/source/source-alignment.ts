// A subtask of a source that waits for the other sources of its watermark group.
//   SA1. While the subtask's watermark is more than maxDriftMs ahead of the least of the group it takes no record; all else goes on: barriers,
//        timers, cancelling. Where the reader can hold splits, each split that is as far ahead is held alone, and the others are read on.
//   SA2. Who is idle, at its end, or has no watermark yet holds nobody back.
//   SA3. What is held is not idle, however long it takes: its quiet is not of its own making.
//   SA4. It reports its first watermark, every change of idleness, when it stops, and once per update interval. Who stopped on old news, because
//        it is itself the last of the group, hears so at once.
// Source: Apache Flink, SourceOperator (FLIP-182, FLIP-217); SA4 is ours: Flink reports once per update interval.
import type { SourceReader } from '../../../api/source.ts';
import type { WatermarkAlignment } from '../../../api/watermark.ts';
import type { OperatorContext } from '../stream-operator.ts';
import type { SplitWatermarkListener, SplitWatermarks } from './split-watermarks.ts';

export class SourceAlignment implements SplitWatermarkListener {
  readonly #params: WatermarkAlignment;
  readonly #context: OperatorContext;
  readonly #report: (watermarkMs: number) => void;
  readonly #heldSplits = new Set<string>();
  #watermarks: SplitWatermarks | undefined;
  #reader: SourceReader<unknown, unknown> | undefined;
  /** Before the first answer it is not known how far it may go: what has a watermark waits for it. */
  #leastMs = Number.NEGATIVE_INFINITY;
  #isPaused = false;
  #wasIdle = false;
  #hasReported = false;
  #isOver = false;
  #waiters: (() => void)[] = [];
  #timer: { cancel(): void } | undefined;

  constructor(params: WatermarkAlignment, context: OperatorContext) {
    this.#params = params;
    this.#context = context;
    this.#report = context.joinWatermarkGroup(params.group, (watermarkMs) => this.#onLeast(watermarkMs));
    context.runtime.metricGroup.gauge('watermarkAlignmentDrift', () => this.#driftMs());
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Splits may have outputs from here on. */
  open(watermarks: SplitWatermarks, reader: SourceReader<unknown, unknown>): void {
    this.#watermarks = watermarks;
    this.#reader = reader;
    this.#schedule();
    this.onChange();
  }

  /** The subtask or some of its splits are not read. */
  get isHolding(): boolean {
    return this.#isPaused || this.#heldSplits.size > 0;
  }

  /** Resolves when there is more to read than now, or reading is over. */
  whenResumed(): Promise<void> {
    if (!this.isHolding) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  onChange(): void {
    if (this.#watermarks === undefined || this.#isOver) return;
    const { isIdle } = this.#watermarks;
    if (isIdle !== this.#wasIdle || !this.#hasReported) {
      this.#wasIdle = isIdle;
      this.#tell();
    }
    this.#decide(this.#watermarks);
  }

  /** SA3. */
  isHeld(splitId: string | undefined): boolean {
    return this.#isPaused || (splitId !== undefined && this.#heldSplits.has(splitId));
  }

  /** No record comes any more. */
  end(): void {
    this.close();
    this.#report(Number.POSITIVE_INFINITY);
  }

  close(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#isPaused = false;
    this.#wakeWaiters();
  }

  #schedule(): void {
    const atMs = this.#context.clock.nowMs() + this.#params.updateIntervalMs;
    this.#timer = this.#context.registerProcessingTimeCallback(atMs, () => {
      this.#tell();
      this.#schedule();
    });
  }

  /** SA2. */
  #tell(): void {
    if (this.#watermarks === undefined) return;
    const { isIdle, combinedMs } = this.#watermarks;
    if (!isIdle && combinedMs === Number.NEGATIVE_INFINITY) return;
    this.#hasReported = true;
    this.#report(isIdle ? Number.POSITIVE_INFINITY : combinedMs);
  }

  #onLeast(watermarkMs: number): void {
    this.#leastMs = watermarkMs;
    if (this.#watermarks !== undefined && !this.#isOver) this.#decide(this.#watermarks);
  }

  /** SA1. */
  #decide(watermarks: SplitWatermarks): void {
    const limitMs = this.#leastMs + this.#params.maxDriftMs;
    // At the end of event time there is nothing to wait for.
    const isAhead = (watermarkMs: number) => watermarkMs > limitMs && watermarkMs !== Number.POSITIVE_INFINITY;
    if (this.#holdsBySplit(watermarks)) this.#holdSplits(watermarks, isAhead);
    else this.#holdAll(isAhead(watermarks.combinedMs) && !watermarks.isIdle);
  }

  #holdsBySplit({ splits, main }: SplitWatermarks): boolean {
    return this.#reader?.pauseOrResumeSplits !== undefined && splits.size > 0 && main.events === 0;
  }

  #holdAll(isAhead: boolean): void {
    if (isAhead === this.#isPaused) return;
    this.#isPaused = isAhead;
    if (isAhead) this.#onHeld();
    else this.#wakeWaiters();
  }

  /** SA4. */
  #onHeld(): void {
    this.#context.cell.stop = true;
    this.#tell();
  }

  #wakeWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  #holdSplits({ splits }: SplitWatermarks, isAhead: (watermarkMs: number) => boolean): void {
    const ahead = [...splits].flatMap(([id, { currentMs }]) => (isAhead(currentMs) ? [id] : []));
    const toPause = ahead.filter((id) => !this.#heldSplits.has(id));
    const toResume = [...this.#heldSplits].filter((id) => !ahead.includes(id));
    if (toPause.length === 0 && toResume.length === 0) return;
    for (const id of toPause) this.#heldSplits.add(id);
    for (const id of toResume) this.#heldSplits.delete(id);
    const stillRead = toResume.filter((id) => splits.has(id));
    this.#reader?.pauseOrResumeSplits?.(toPause, stillRead);
    if (toPause.length > 0) this.#onHeld();
    if (toResume.length > 0) this.#wakeWaiters();
  }

  /** How far ahead of the group the subtask is, ms; 0 while that is unknown. */
  #driftMs(): number {
    const driftMs = (this.#watermarks?.combinedMs ?? Number.NEGATIVE_INFINITY) - this.#leastMs;
    return Number.isFinite(driftMs) ? Math.max(0, driftMs) : 0;
  }
}
