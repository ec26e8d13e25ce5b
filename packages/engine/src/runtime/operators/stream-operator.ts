// The operator contract. Call order, per attempt:
//   setup → initializeState → open → (processElement | processWatermark | processStatus | onTimer)* with snapshotState between
//   elements → endInput(i) for each input that ended → finish → close. close also runs after a failure.
// O1. Nothing of an operator runs concurrently: the task's mailbox takes one thing at a time.
// O2. An operator that must wait (an async sink, a full buffer of its own) calls context.suspendUntil(promise) and returns;
//     the task takes no further element until it settled. Barriers wait with it.
// O3. The timestamp of the element in hand is context.cell.timestampMs. It is set by whoever hands an element in and kept by
//     operators that do not change it; an operator that emits later, or with another time, sets it before collect.
//     An operator that changes the cell while it processes an element puts the old value back before it returns.
// O4. Keyed operators find the current key already set on the backend (the task calls setCurrentKey before the element).
// O5. Work that may emit without bound (timers of a watermark, windows of many keys) goes through context.runSliced; until
//     its steps are done the task hands in no further element, watermark, barrier or end of input.
// O6. Backends are restored before createOperator is called, so an operator may take its states when it is made.
import type { RuntimeContext } from '../../api/functions.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import type { Clock } from '../../clock.ts';
import type { ChainedOperator, ExecutionConfigData } from '../../graph/job-graph.ts';
import type { KeyedStateBackend } from '../../state/keyed-state-backend.ts';
import type { OperatorStateBackend } from '../../state/operator-state-backend.ts';
import type { TimerService } from '../../state/timer-service.ts';
import type { AgreedSplits } from '../messages.ts';
import type { LatencyMarker } from '../stream-event.ts';

/** Shared by the operators, readers and writers of one task. */
export interface TimestampCell {
  /** Timestamp of the element in hand. NaN: the record has none. */
  timestampMs: number;
  /**
   * Set when no further element should be taken now (output full, task suspended, something urgent in the mailbox): read loops
   * and sources look at it after every record and return. The task clears it.
   */
  stop: boolean;
}

/** Where an operator emits. `collect` reaches chained operators and channels; the functions are stable for the operator's life. */
export interface Output {
  /** Main output; one function per operator instance, so that V8 can inline it. */
  readonly collect: (value: unknown) => void;
  /** Emits to a side output; unknown tags are dropped. */
  collectSide(tag: string, value: unknown): void;
  /** @param timestampMs watermark; +Infinity ends event time */
  emitWatermark(timestampMs: number): void;
  emitStatus(idle: boolean): void;
  emitLatencyMarker(marker: LatencyMarker): void;
}

export interface StateInitializationContext {
  readonly isRestored: boolean;
  readonly restoredCheckpointId: number | undefined;
}

export interface OperatorSnapshotContext {
  readonly checkpointId: number;
  readonly checkpointTimestampMs: number;
  readonly isSavepoint: boolean;
}

/** A piece of what a collect sink took. */
export interface CollectedResult {
  readonly collectId: string;
  readonly values: readonly unknown[];
  /** Nothing comes after it. */
  readonly end: boolean;
  /** Everything after it is behind the barrier of this checkpoint. */
  readonly checkpointId?: number | undefined;
}

/** What the task gives each operator. Created per operator and subtask. */
export interface OperatorContext {
  readonly operator: ChainedOperator;
  readonly execution: ExecutionConfigData;
  readonly runtime: RuntimeContext;
  readonly output: Output;
  readonly cell: TimestampCell;
  readonly clock: Clock;
  /** Undefined for operators without keyed input. */
  readonly keyedState: KeyedStateBackend | undefined;
  readonly operatorState: OperatorStateBackend;
  /** Event and processing-time timers; one service per name. Undefined for operators without keyed input. */
  timerService(name: string, handler: TimerHandler, namespaceType?: TypeInformation): TimerService;
  /** Last event-time watermark that reached this operator, over all inputs; -Infinity before the first. */
  currentWatermarkMs(): number;
  /** Stops element processing of the task until the promise settles; a rejection fails the task. */
  suspendUntil(promise: Promise<unknown>): void;
  /** Like it, but what was enqueued goes on and may emit: for an operator whose own buffer is full. */
  suspendInputUntil(promise: Promise<unknown>): void;
  /** False while an operator of the chain waits (suspendUntil). Enqueued actions begin only while it is true; one that emits on and on looks. */
  mayEmit(): boolean;
  /**
   * Makes `timestampMs` the operator's watermark, fires its event-time timers up to it in slices (O5), then emits it
   * downstream. Called by the operator once its inputs are combined; values that do not advance are ignored.
   */
  advanceWatermark(timestampMs: number): void;
  /**
   * Calls `step` now and then again whenever the output has room, until it returns true (O5). A step returns false soon
   * after isOutputAvailable() turned false. Several pending works run in the order they came.
   */
  runSliced(step: () => boolean): void;
  /** Text of a print sink, in order; becomes an 'output' message. */
  print(stream: 'stdout' | 'stderr', text: string): void;
  /** Values of a collect sink, in order; becomes a 'collected' message. */
  collectResult(result: CollectedResult): void;
  /**
   * Hands in what this subtask enumerated and gets what all subtasks of the source go by: what the first of them found.
   * Rejects when the task ends meanwhile.
   */
  agreeOnSplits(found: readonly unknown[]): Promise<AgreedSplits>;
  /**
   * Takes part in a watermark group of the job. @param onLeast called from the mailbox with the least watermark of the group
   * @returns reports this subtask's watermark; Infinity: it does not count
   */
  joinWatermarkGroup(group: string, onLeast: (watermarkMs: number) => void): (watermarkMs: number) => void;
  /** Runs `callback` in the mailbox (between elements) at or after `atMs`, processing time, epoch ms. */
  registerProcessingTimeCallback(atMs: number, callback: (timeMs: number) => void): { cancel(): void };
  /** Puts `action` into the mailbox: runs between elements. For completions of asynchronous work. */
  enqueue(action: () => void): void;
  /** False while no more should be emitted because the task is back-pressured (for sources and sliced work). */
  isOutputAvailable(): boolean;
  /** Fails the task from asynchronous work. */
  fail(error: unknown): void;
}

export interface TimerHandler {
  onEventTime(timestampMs: number, key: unknown, namespace: unknown): void;
  onProcessingTime(timestampMs: number, key: unknown, namespace: unknown): void;
}

/** One input of an operator. */
export interface OperatorInput {
  /** One function per input instance (made once), so that V8 can inline it. */
  readonly processElement: (value: unknown) => void;
  /** Called for this input only; combining several inputs is the operator's (see combined-watermark). */
  processWatermark(timestampMs: number): void;
  processStatus(idle: boolean): void;
  processLatencyMarker(marker: LatencyMarker): void;
}

export interface StreamOperator {
  /** True for operators that act on completed checkpoints (transactional sinks): at the end of input the task waits for one more. */
  readonly needsFinalCheckpoint?: boolean;
  /** One per input, in order. Sources have none. */
  readonly inputs: readonly OperatorInput[];
  initializeState?(context: StateInitializationContext): void | Promise<void>;
  open?(): void | Promise<void>;
  /** Before the barrier goes downstream: flush what must come before it (bundles, async results). Synchronous, or a promise the barrier waits for. */
  prepareSnapshotPreBarrier?(checkpointId: number): void | Promise<void>;
  /** Synchronous part: copy or freeze what is not in backends. A returned promise is part of the asynchronous phase; the ack waits for it. */
  snapshotState?(context: OperatorSnapshotContext): void | Promise<void>;
  notifyCheckpointComplete?(checkpointId: number): void | Promise<void>;
  notifyCheckpointAborted?(checkpointId: number): void | Promise<void>;
  /** Input `input` ended: no more elements. */
  endInput?(input: number): void | Promise<void>;
  /** All inputs ended (or stop with drain): emit what is left. */
  finish?(): void | Promise<void>;
  close?(): void | Promise<void>;
}

/** A source: polled by the task while its outputs have room. */
export interface SourceOperator extends StreamOperator {
  /**
   * Emits up to `maxRecords` records and returns what to do next. Must return early when context.isOutputAvailable() is false.
   * 'more' poll again at once; 'wait' nothing now, wakes by whenAvailable(); 'end' no more records, ever.
   */
  poll(maxRecords: number): 'more' | 'wait' | 'end';
  /** Resolves when poll may make progress; asked after 'wait'. */
  whenAvailable(): Promise<void>;
  /** Cancel: end reading soon. */
  cancel(): void;
}
