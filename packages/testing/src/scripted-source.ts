// A source that plays a script, with its position as checkpointed state: scriptedSource([1, 2, crash(), pause(50), barrier()]).
//   SS1. The k-th crash of the script happens in attempt k and in no other, so the job gets past it by restarting.
//   SS2. A barrier step waits for a checkpoint whose position is behind it; after a restore from that checkpoint it is passed.
import {
  type CheckpointedFunction,
  type CheckpointListener,
  type FunctionInitializationContext,
  type FunctionSnapshotContext,
  type ListState,
  ListStateDescriptor,
  type RuntimeContext,
  type SourceContext,
  type SourceFunction,
  Types,
} from '@yeoul/engine';
import { type Script, type ScriptStep, toSteps } from './script.ts';

/** Real time between two looks at whether a pause or barrier is over, ms. */
const LOOK_INTERVAL_MS = 1;

export class ScriptedSource<T> implements SourceFunction<T>, CheckpointedFunction, CheckpointListener {
  readonly #steps: readonly ScriptStep<T>[];
  #position = 0;
  #attempt = 0;
  #running = true;
  #positions: ListState<number> | undefined;
  /** Set while a barrier step waits: ids of checkpoints taken there, and whether one of them completed. */
  #waiting: { readonly checkpoints: Set<number>; passed: boolean } | undefined;

  constructor(script: Script<T>) {
    this.#steps = toSteps(script);
  }

  setRuntimeContext(context: RuntimeContext): void {
    this.#attempt = context.attemptNumber;
  }

  initializeState(context: FunctionInitializationContext): void {
    this.#positions = context.operatorStateStore.getListState(positionDescriptor);
    this.#position = this.#positions.get()[0] ?? 0;
  }

  snapshotState(context: FunctionSnapshotContext): void {
    this.#waiting?.checkpoints.add(context.checkpointId);
    this.#positions?.update([this.#waiting === undefined ? this.#position : this.#position + 1]);
  }

  notifyCheckpointComplete(checkpointId: number): void {
    if (this.#waiting?.checkpoints.has(checkpointId)) this.#waiting.passed = true;
  }

  cancel(): void {
    this.#running = false;
  }

  *run(context: SourceContext<T>): Generator<Promise<void> | undefined> {
    while (this.#running && this.#position < this.#steps.length) {
      const step = this.#steps[this.#position]!;
      if (step.kind === 'pause') yield* this.#pause(context, step.durationMs);
      else if (step.kind === 'barrier') yield* this.#awaitCheckpoint();
      else this.#play(step, context);
      this.#position += 1;
      yield undefined;
    }
  }

  #play(step: ScriptStep<T>, context: SourceContext<T>): void {
    if (step.kind === 'crash') this.#crash(step.message);
    else if (step.kind === 'watermark') context.emitWatermark(step.timestampMs);
    else if (step.kind === 'element' && step.timestampMs === undefined) context.collect(step.value);
    else if (step.kind === 'element') context.collectWithTimestamp(step.value, step.timestampMs as number);
  }

  #crash(message: string): void {
    const earlier = this.#steps.slice(0, this.#position).filter((step) => step.kind === 'crash').length;
    if (earlier === this.#attempt) throw new Error(message);
  }

  *#pause(context: SourceContext<T>, durationMs: number): Generator<Promise<void>> {
    const untilMs = context.currentProcessingTime() + durationMs;
    while (this.#running && context.currentProcessingTime() < untilMs) yield lookLater();
  }

  *#awaitCheckpoint(): Generator<Promise<void>> {
    this.#waiting = { checkpoints: new Set(), passed: false };
    while (this.#running && !this.#waiting.passed) yield lookLater();
    this.#waiting = undefined;
  }
}

const positionDescriptor = new ListStateDescriptor<number>('script-position', Types.int);

function lookLater(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
}

export function scriptedSource<T>(script: Script<T>): ScriptedSource<T> {
  return new ScriptedSource(script);
}
