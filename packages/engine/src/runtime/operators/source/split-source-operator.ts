// Runs one subtask's share of a split source: enumerates, claims, reads, and keeps the positions as state.
//   P1. Every split is read by exactly one subtask, also after a restore at another parallelism, and whatever subtasks find that enumerate at
//       different moments: they go by one list (SplitAgreements).
//   P2. A split that was read to its end is remembered by its id, so that enumeration does not bring it back. Every subtask remembers all
//       ids, so a subtask that finishes before the others takes nothing with it.

import type { ReaderOutput, SourceOutput, SourceReader, SplitOutputOptions } from '../../../api/source.ts';
import { type BroadcastState, type ListState, ListStateDescriptor, MapStateDescriptor } from '../../../api/state.ts';
import { Types } from '../../../api/type-information.ts';
import type { TimestampAssigner, WatermarkSpec } from '../../../api/watermark.ts';
import { assert } from '../../../errors.ts';
import type { SplitSourceSpec } from '../../../graph/operator-spec.ts';
import { compileInstance } from '../instance-function.ts';
import { startLatencyMarkers } from '../latency.ts';
import { LifecycleOperator } from '../lifecycle-operator.ts';
import type { OperatorContext, OperatorSnapshotContext, SourceOperator } from '../stream-operator.ts';
import { toEventTime } from '../time/event-time.ts';
import type { WatermarkEmitter } from '../time/watermark-emitter.ts';
import { claimSplits } from './claim-splits.ts';
import { ingestionTimeStrategy } from './ingestion-time.ts';
import { SourceAlignment } from './source-alignment.ts';
import { SplitWatermarks } from './split-watermarks.ts';

/** Flink's name of the reader state. */
const SPLITS_STATE = 'SourceReaderState';
const KNOWN_IDS_STATE = 'known-split-ids';

type CollectOfSplit = (emitter: WatermarkEmitter, value: unknown, timestampMs: number) => void;

/** How a record is emitted. @param signature with the emitter among the parameters where that of the split comes in */
const collectSource = (signature: string, generator: string) => `function ${signature} {
  let timestampMs = assign === undefined ? readerTimestampMs : assign(value, readerTimestampMs);
  if (typeof timestampMs !== 'number') timestampMs = toEventTime(timestampMs);
  if (emitter.idle) emitter.markActive();
  emitter.events += 1;
  progress.emitted += 1;
  cell.timestampMs = timestampMs;
  collect(value);
  ${generator}.onEvent(value, timestampMs, emitter);
}`;

const READER_COLLECT_SOURCE = collectSource('collectWithTimestamp(value, readerTimestampMs)', 'generator');
const SPLIT_COLLECT_SOURCE = collectSource('collectOfSplit(emitter, value, readerTimestampMs)', 'emitter.generator');

const NO_WATERMARKS = {
  createWatermarkGenerator: () => ({ onEvent() {}, onPeriodicEmit() {} }),
  createTimestampAssigner: () => undefined,
  idleTimeoutMs: undefined,
};

export class SplitSourceOperator extends LifecycleOperator implements SourceOperator {
  readonly inputs = [];
  readonly #spec: SplitSourceSpec;
  readonly #watermarks: WatermarkSpec<unknown>;
  readonly #splitWatermarks: SplitWatermarks;
  /** Undefined: in no watermark group. */
  readonly #alignment: SourceAlignment | undefined;
  readonly #splitOutputs = new Map<string, SourceOutput<unknown>>();
  readonly #progress = { emitted: 0 };
  readonly #readerOutput: ReaderOutput<unknown>;
  readonly #splitsState: ListState<unknown>;
  /** Ids of all splits ever dealt, the same in every subtask. */
  readonly #knownIds: BroadcastState<string, boolean>;
  #reader: SourceReader<unknown, unknown> | undefined;
  #running = true;
  #stopLatencyMarkers = (): void => {};

  constructor(spec: SplitSourceSpec, context: OperatorContext) {
    super(spec.rich, context);
    this.#spec = spec;
    this.#watermarks =
      spec.watermarks ?? (context.execution.ingestionTime ? ingestionTimeStrategy(context) : NO_WATERMARKS);
    const { alignment } = this.#watermarks;
    this.#alignment = alignment && new SourceAlignment(alignment, context);
    this.#splitWatermarks = new SplitWatermarks(this.#watermarks, context, this.#alignment);
    this.#readerOutput = this.#createReaderOutput();
    this.#splitsState = context.operatorState.getListState(new ListStateDescriptor<unknown>(SPLITS_STATE));
    this.#knownIds = context.operatorState.getBroadcastState(
      new MapStateDescriptor(KNOWN_IDS_STATE, Types.string, Types.boolean),
    );
  }

  override async open(): Promise<void> {
    await super.open();
    const { indexOfThisSubtask, numberOfParallelSubtasks, metricGroup } = this.context.runtime;
    const found = await this.#spec.source.enumerateSplits({ parallelism: numberOfParallelSubtasks });
    const agreed = await this.context.agreeOnSplits(found);
    const claim = claimSplits({
      splitId: (split) => this.#spec.source.splitId(split),
      found: agreed.splits,
      restored: this.#splitsState.get(),
      knownIds: [...this.#knownIds.entries()].map(([id]) => id),
      subtask: indexOfThisSubtask,
      readers: agreed.readers ?? Array.from({ length: numberOfParallelSubtasks }, (_, subtask) => subtask),
    });
    for (const id of claim.knownIds) this.#knownIds.put(id, true);
    const reader = this.#spec.source.createReader({
      indexOfThisSubtask,
      numberOfParallelSubtasks,
      metricGroup,
      currentProcessingTime: () => this.context.clock.nowMs(),
      waitUntil: (timeMs) =>
        new Promise((resolve) => this.context.registerProcessingTimeCallback(timeMs, () => resolve())),
    });
    this.#reader = reader;
    await reader.start?.();
    reader.addSplits(claim.splits);
    reader.notifyNoMoreSplits?.();
    this.#splitWatermarks.open();
    this.#alignment?.open(this.#splitWatermarks, reader);
    this.#stopLatencyMarkers = startLatencyMarkers(this.context);
  }

  poll(maxRecords: number): 'more' | 'wait' | 'end' {
    if (!this.#running) return 'end';
    if (this.#alignment?.isPaused === true) return 'wait';
    const reader = this.#openReader();
    const progress = this.#progress;
    progress.emitted = 0;
    const { cell } = this.context;
    for (let steps = 0; steps < maxRecords && progress.emitted < maxRecords && !cell.stop; steps += 1) {
      const next = reader.pollNext(this.#readerOutput);
      if (next !== 'more') return next;
    }
    return 'more';
  }

  whenAvailable(): Promise<void> {
    const alignment = this.#alignment;
    if (alignment?.isHolding !== true) return this.#openReader().isAvailable();
    if (alignment.isPaused) return alignment.whenResumed();
    return Promise.race([this.#openReader().isAvailable(), alignment.whenResumed()]);
  }

  override snapshotState(snapshot: OperatorSnapshotContext): void | Promise<void> {
    this.#splitsState.update(this.#openReader().snapshotState(snapshot.checkpointId));
    return super.snapshotState(snapshot);
  }

  override async notifyCheckpointComplete(checkpointId: number): Promise<void> {
    await this.#openReader().notifyCheckpointComplete?.(checkpointId);
    await super.notifyCheckpointComplete(checkpointId);
  }

  cancel(): void {
    this.#running = false;
  }

  finish(): void {
    this.#splitWatermarks.end();
    this.#alignment?.end();
  }

  override async close(): Promise<void> {
    this.#running = false;
    this.#stopLatencyMarkers();
    this.#splitWatermarks.close();
    this.#alignment?.close();
    await this.#reader?.close?.();
    await super.close();
  }

  #openReader(): SourceReader<unknown, unknown> {
    assert(this.#reader, 'a split source is opened before it is polled');
    return this.#reader;
  }

  #createReaderOutput(): ReaderOutput<unknown> {
    const emitter = this.#splitWatermarks.main;
    const assign = this.#watermarks.createTimestampAssigner();
    const collectWithTimestamp = compileInstance<(value: unknown, timestampMs: number) => void>(
      'split-source',
      READER_COLLECT_SOURCE,
      {
        assign,
        emitter,
        toEventTime,
        generator: emitter.generator,
        progress: this.#progress,
        cell: this.context.cell,
        collect: this.context.output.collect,
      },
    );
    return {
      collect: (value) => collectWithTimestamp(value, Number.NaN),
      collectWithTimestamp,
      emitWatermark: (watermark) => emitter.emitWatermark(watermark),
      markIdle: () => emitter.markIdle(),
      ...this.#splitOutputMethods(assign),
    };
  }

  #splitOutputMethods(
    assign: TimestampAssigner<unknown> | undefined,
  ): Pick<ReaderOutput<unknown>, 'createOutputForSplit' | 'releaseOutputForSplit'> {
    const collectOfSplit = compileInstance<CollectOfSplit>('split-source-split', SPLIT_COLLECT_SOURCE, {
      assign,
      toEventTime,
      progress: this.#progress,
      cell: this.context.cell,
      collect: this.context.output.collect,
    });
    return {
      createOutputForSplit: (splitId, options = {}) => this.#splitOutput(splitId, options, collectOfSplit),
      releaseOutputForSplit: (splitId) => {
        this.#splitOutputs.delete(splitId);
        this.#splitWatermarks.release(splitId);
      },
    };
  }

  #splitOutput(splitId: string, options: SplitOutputOptions, collectOfSplit: CollectOfSplit): SourceOutput<unknown> {
    const existing = this.#splitOutputs.get(splitId);
    if (existing !== undefined) return existing;
    const emitter = this.#splitWatermarks.split(splitId, options.awaitsTurn === true);
    const output: SourceOutput<unknown> = {
      collect: (value) => collectOfSplit(emitter, value, Number.NaN),
      collectWithTimestamp: (value, timestampMs) => collectOfSplit(emitter, value, timestampMs),
      emitWatermark: (watermark) => emitter.emitWatermark(watermark),
      markIdle: () => emitter.markIdle(),
    };
    this.#splitOutputs.set(splitId, output);
    return output;
  }
}

export function createSplitSourceOperator(spec: SplitSourceSpec, context: OperatorContext): SourceOperator {
  return new SplitSourceOperator(spec, context);
}
