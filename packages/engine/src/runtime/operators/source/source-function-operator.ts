// Runs a SourceFunction. A synchronous generator emits straight from its step; whatever arrives outside a step (async
// generators after an await, promises, callbacks) is queued and taken at the next poll, or before a barrier.
//   R1. Records leave in the order of their collect calls.
//   R2. Nothing is emitted outside poll and prepareSnapshotPreBarrier, so never while the task is suspended or full.
//   R3. What was collected before a barrier is downstream of the source before it: the position in state covers it.
import type { SourceContext } from '../../../api/source.ts';
import { watermarkMs } from '../../../api/watermark.ts';
import type { SourceFunctionSpec } from '../../../graph/operator-spec.ts';
import { compileInstance } from '../instance-function.ts';
import { startLatencyMarkers } from '../latency.ts';
import { LifecycleOperator } from '../lifecycle-operator.ts';
import type { OperatorContext, SourceOperator } from '../stream-operator.ts';
import { startIngestionWatermarks } from './ingestion-time.ts';
import { type QueuedElement, SourceQueue } from './source-queue.ts';
import { isPromiseLike, type StartedRun, toStartedRun } from './source-run.ts';

/** Shared with the compiled collect functions. */
interface EmissionState {
  /** True while collect may emit at once: in a step, not idle, nothing queued. */
  direct: boolean;
  emitted: number;
}

type CollectWithTimestamp = (value: unknown, timestampMs: number) => void;

const COLLECT_SOURCE = `function collectWithTimestamp(value, timestampMs) {
  if (state.direct) {
    cell.timestampMs = timestampMs;
    state.emitted += 1;
    collect(value);
  } else defer(value, timestampMs);
}`;

export class SourceFunctionOperator extends LifecycleOperator implements SourceOperator {
  readonly inputs = [];
  readonly #spec: SourceFunctionSpec;
  readonly #state: EmissionState = { direct: false, emitted: 0 };
  readonly #queue = new SourceQueue();
  readonly #collect: CollectWithTimestamp;
  readonly #sourceContext: SourceContext<unknown>;
  #run: StartedRun | undefined;
  #running = true;
  #ended = false;
  #idle = false;
  #stepping = false;
  #watermarkMs = Number.NEGATIVE_INFINITY;
  /** The step of an async run under way; resolves, never rejects. */
  #pending: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #stopLatencyMarkers = (): void => {};
  #stopWatermarks = (): void => {};

  constructor(spec: SourceFunctionSpec, context: OperatorContext) {
    super(spec.rich ?? spec.source, context);
    this.#spec = spec;
    const collect = compileInstance<CollectWithTimestamp>('source', COLLECT_SOURCE, {
      state: this.#state,
      cell: context.cell,
      collect: context.output.collect,
      defer: (value: unknown, timestampMs: number) => this.#defer({ kind: 'record', value, timestampMs }),
    });
    this.#collect = context.execution.ingestionTime ? (value) => collect(value, context.clock.nowMs()) : collect;
    this.#sourceContext = this.#createSourceContext();
  }

  override async open(): Promise<void> {
    await super.open();
    this.#stopLatencyMarkers = startLatencyMarkers(this.context);
    this.#stopWatermarks = startIngestionWatermarks(this.context, (timestampMs) =>
      this.#defer({ kind: 'watermark', timestampMs }),
    );
  }

  poll(maxRecords: number): 'more' | 'wait' | 'end' {
    this.#state.emitted = 0;
    this.#drain(maxRecords, false);
    this.#throwFailure();
    if (this.#queue.size > 0) return 'more';
    if (this.#ended) return 'end';
    if (this.#pending !== undefined) return 'wait';
    this.#setStepping(true);
    try {
      return this.#step(maxRecords);
    } finally {
      this.#setStepping(false);
    }
  }

  /** Resolves at the end of the step under way, or earlier when something was queued. */
  whenAvailable(): Promise<void> {
    if (this.#queue.size > 0 || this.#pending === undefined || this.#failure !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  prepareSnapshotPreBarrier(): void {
    this.#drain(Number.POSITIVE_INFINITY, true);
  }

  cancel(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#spec.source.cancel?.();
    this.#queue.releaseWaiters();
    this.#wakeUp();
  }

  /** The source is at its end: so is event time. */
  finish(): void {
    this.context.output.emitWatermark(Number.POSITIVE_INFINITY);
  }

  override close(): void | Promise<void> {
    this.#running = false;
    this.#stopLatencyMarkers();
    this.#stopWatermarks();
    this.#queue.releaseWaiters();
    this.#closeRun();
    return super.close();
  }

  #step(maxRecords: number): 'more' | 'wait' | 'end' {
    this.#run ??= toStartedRun(this.#spec.source.run(this.#sourceContext));
    switch (this.#run.kind) {
      case 'iterator':
        return this.#stepIterator(this.#run.iterator, maxRecords);
      case 'asyncIterator':
        this.#await(this.#stepAsyncIterator(this.#run.iterator));
        return 'wait';
      case 'promise':
        this.#await(this.#run.promise.then(() => this.#end()));
        return 'wait';
      case 'done':
        this.#end();
        return 'end';
    }
  }

  #stepIterator(iterator: Iterator<unknown>, maxRecords: number): 'more' | 'wait' | 'end' {
    const { cell } = this.context;
    const state = this.#state;
    for (let steps = 0; steps < maxRecords && state.emitted < maxRecords && !cell.stop; steps += 1) {
      const result = iterator.next();
      if (result.done) {
        this.#end();
        return 'end';
      }
      if (result.value === undefined) continue;
      if (isPromiseLike(result.value)) {
        this.#await(Promise.resolve(result.value).then(() => {}));
        return 'wait';
      }
      this.#collect(result.value, Number.NaN);
    }
    return 'more';
  }

  async #stepAsyncIterator(iterator: AsyncIterator<unknown>): Promise<void> {
    const result = await iterator.next();
    if (result.done) this.#end();
    else if (result.value !== undefined) this.#collect(result.value, Number.NaN);
  }

  #await(step: Promise<void>): void {
    this.#pending = step.then(
      () => this.#settled(),
      (error: unknown) => {
        if (this.#running) this.#failure = { error };
        else this.#end();
        this.#settled();
      },
    );
  }

  #settled(): void {
    this.#pending = undefined;
    this.#wakeUp();
  }

  #end(): void {
    this.#ended = true;
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Takes queued elements; in front of a barrier regardless of room. */
  #drain(maxElements: number, force: boolean): void {
    for (let taken = 0; taken < maxElements && (force || !this.context.cell.stop); taken += 1) {
      const element = this.#queue.shift();
      if (element === undefined) return;
      this.#emit(element);
    }
  }

  /** In a step elements go straight out (the source was idle); out of turn they wait in the queue. */
  #defer(element: QueuedElement): void {
    if (this.#stepping) {
      this.#emit(element);
      return;
    }
    this.#queue.push(element);
    this.#wakeUp();
  }

  #emit(element: QueuedElement): void {
    this.#setIdle(element.kind === 'idle');
    if (element.kind === 'record') {
      this.context.cell.timestampMs = element.timestampMs;
      this.#state.emitted += 1;
      this.context.output.collect(element.value);
    } else if (element.kind === 'watermark' && element.timestampMs > this.#watermarkMs) {
      this.#watermarkMs = element.timestampMs;
      this.context.output.emitWatermark(element.timestampMs);
    }
  }

  #setIdle(idle: boolean): void {
    if (idle === this.#idle) return;
    this.#idle = idle;
    this.#state.direct = this.#stepping && !idle;
    this.context.output.emitStatus(idle);
  }

  #setStepping(stepping: boolean): void {
    this.#stepping = stepping;
    this.#state.direct = stepping && !this.#idle;
  }

  #createSourceContext(): SourceContext<unknown> {
    const collectWithTimestamp = this.#collect;
    return {
      collect: (value) => collectWithTimestamp(value, Number.NaN),
      collectWithTimestamp,
      collectAsync: (value, timestampMs = Number.NaN) => {
        collectWithTimestamp(value, timestampMs);
        return this.#queue.whenRoom();
      },
      emitWatermark: (watermark) => this.#emitWatermark(watermarkMs(watermark)),
      markAsTemporarilyIdle: () => this.#defer({ kind: 'idle' }),
      currentProcessingTime: () => this.context.clock.nowMs(),
      isRunning: () => this.#running,
    };
  }

  /** With ingestion time the source's own watermarks do not count, but for the end of event time. */
  #emitWatermark(timestampMs: number): void {
    if (this.context.execution.ingestionTime && timestampMs !== Number.POSITIVE_INFINITY) return;
    this.#defer({ kind: 'watermark', timestampMs });
  }

  #closeRun(): void {
    const run = this.#run;
    if (this.#ended || run === undefined) return;
    // Runs the generator's finally blocks. An async generator may be in the middle of a step: nobody waits for it.
    if (run.kind === 'iterator') run.iterator.return?.();
    else if (run.kind === 'asyncIterator') void run.iterator.return?.().catch(() => {});
  }
}

export function createSourceFunctionOperator(spec: SourceFunctionSpec, context: OperatorContext): SourceOperator {
  return new SourceFunctionOperator(spec, context);
}
