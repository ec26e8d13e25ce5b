// One subtask of a job vertex: reads its channels (or polls its source), runs its chain of operators, takes part in
// checkpoints. Driven by the slot's loop; nothing of it runs concurrently.
//   T1. While suspended, or while sliced work is pending, no element, watermark, barrier or end is taken (O2, O5).
//   T2. A snapshot is taken between elements: barrier downstream first, then every operator, head to tail (C1 by the aligner).
//   T3. The task acknowledges a checkpoint only when all its state is written (C2).
//   T4. A task stopped with a savepoint ends only after that savepoint completed. With drain its operators finish before the savepoint's
//       barrier, so that what they emit then is in it (as in Flink since 1.14).
//   T5. A task whose operators act on completed checkpoints ends only after a checkpoint that holds its final state completed.
//   T6. A task reports its end only when nothing of it is under way any more: neither opening nor commits. What replaces it must not meet it.

import type { StateFileFactory } from '../../checkpoint/state-file-factory.ts';
import type { CheckpointMetrics, SubtaskState } from '../../checkpoint/state-handles.ts';
import type { Clock } from '../../clock.ts';
import { toError } from '../../errors.ts';
import type { RecordWriter } from '../channels/channel.ts';
import type { SourceOperator, StreamOperator, TimestampCell } from '../operators/stream-operator.ts';
import type { CheckpointBarrier } from '../stream-event.ts';
import { type AlignedBarrier, BarrierAligner } from './barrier-aligner.ts';
import { BufferTimeouts, type TimedWriter } from './buffer-timeouts.ts';
import type { GateChannel } from './input-gate.ts';
import { InputGate } from './input-gate.ts';
import { Mailbox } from './mailbox.ts';
import type { ChainLink } from './operator-chain.ts';
import { SlicedWorks } from './sliced-works.ts';
import { SnapshotInFlight } from './snapshot-in-flight.ts';
import type { OperatorBackends, TaskOperatorContext, TaskServices } from './task-operator-context.ts';
import { TaskTimeMeter } from './task-time.ts';

/** A link with what the task looks after for it. */
export interface TaskLink extends ChainLink {
  readonly context: TaskOperatorContext;
  readonly backends: OperatorBackends;
}

/** What the task tells the slot. */
export interface TaskListener {
  onRunning(): void;
  onFinished(): void;
  onCanceled(): void;
  onFailed(error: Error): void;
  onCheckpointAcknowledged(checkpointId: number, state: SubtaskState, metrics: CheckpointMetrics): void;
  onCheckpointDeclined(checkpointId: number, error: Error): void;
  onAwaitingFinalCheckpoint(): void;
  /** The task begins to end: whatever its operators wait for does not come any more. */
  onClosing(): void;
}

export interface TaskOptions {
  readonly clock: Clock;
  readonly listener: TaskListener;
  /** Wakes the slot's loop. */
  readonly wake: () => void;
  readonly checkpointingEnabled: boolean;
  readonly makeStateFiles: (barrier: CheckpointBarrier) => StateFileFactory;
  readonly isRestored: boolean;
  readonly restoredCheckpointId: number | undefined;
  /** Its operators had finished in the restored checkpoint: they are not finished again. */
  readonly operatorsFinished: boolean;
}

type TaskPhase = 'initializing' | 'running' | 'finishing' | 'draining' | 'awaiting-checkpoint' | 'closing' | 'done';

/** Share of a slice that the asynchronous part of a snapshot may take, ms. */
const SNAPSHOT_STEP_MS = 1;
/** And the removal of dropped state, for each operator. */
const CLEAN_UP_STEP_MS = 1;

export class Task {
  readonly cell: TimestampCell = { timestampMs: Number.NaN, stop: false };
  readonly services: Omit<
    TaskServices,
    'print' | 'collectResult' | 'execution' | 'agreeOnSplits' | 'joinWatermarkGroup'
  >;
  readonly time: TaskTimeMeter;
  readonly #options: TaskOptions;
  readonly #mailbox: Mailbox;
  readonly #sliced: SlicedWorks;
  #aligner: BarrierAligner | undefined;
  #links: readonly TaskLink[] = [];
  #writers: readonly RecordWriter[] = [];
  #bufferTimeouts: BufferTimeouts | undefined;
  #gate: InputGate | undefined;
  #source: SourceOperator | undefined;
  #phase: TaskPhase = 'initializing';
  /** Reasons why no input is taken. */
  #suspensions = 0;
  /** Those of them for which operators must not be handed anything: sinks that wait, snapshots. */
  #blocks = 0;
  #sourceWaits = false;
  /** A savepoint that stops this task: id and how; set at its snapshot. */
  #stop: { readonly checkpointId: number; readonly mode: 'suspend' | 'drain' } | undefined;
  #endReason: 'end-of-input' | 'suspend' = 'end-of-input';
  #endedInputs = 0;
  /** How long the last aligned barrier waited for the slowest channel, ms. */
  lastAlignmentMs = 0;
  #stopCompleted = false;
  /** Operators finished in front of a savepoint's barrier, or in the restored checkpoint. */
  #isDrained: boolean;
  /** First checkpoint taken after finish(); its completion ends the task (T5). */
  #finalCheckpointId: number | undefined;
  #isFinalCompleted = false;
  #opening: Promise<void> | undefined;
  /** Completed checkpoints that operators have not been told of yet. */
  #completions: number[] = [];
  readonly #snapshots: SnapshotInFlight[] = [];
  readonly #notifications = new Set<Promise<unknown>>();
  readonly #timers = new Set<{ cancel(): void }>();

  constructor(options: TaskOptions) {
    this.#options = options;
    this.#isDrained = options.operatorsFinished;
    this.#mailbox = new Mailbox(() => this.#interrupt());
    this.#sliced = new SlicedWorks(() => this.#interrupt());
    this.time = new TaskTimeMeter(options.clock.monotonicMs());
    this.services = {
      cell: this.cell,
      clock: options.clock,
      suspendUntil: (promise) => this.#blockUntil(promise),
      suspendInputUntil: (promise) => this.#suspendUntil(promise),
      mayEmit: () => this.#blocks === 0,
      runSliced: (step) => this.#sliced.run(step),
      scheduleProcessingTime: (atMs, callback) => this.#schedule(atMs, callback),
      enqueue: (action) => this.#mailbox.putEmission(action),
      isOutputAvailable: () => this.#isOutputAvailable(),
      fail: (error) => this.fail(error),
    };
  }

  get isDone(): boolean {
    return this.#phase === 'done';
  }

  get isInitializing(): boolean {
    return this.#phase === 'initializing';
  }

  get isRunning(): boolean {
    return this.#phase !== 'initializing' && this.#phase !== 'done' && this.#phase !== 'closing';
  }

  get links(): readonly TaskLink[] {
    return this.#links;
  }

  get writers(): readonly RecordWriter[] {
    return this.#writers;
  }

  get gate(): InputGate | undefined {
    return this.#gate;
  }

  /** Takes over the built chain, initialises and opens its operators; then the task runs. */
  async start(
    links: readonly TaskLink[],
    writers: readonly TimedWriter[],
    channels: readonly GateChannel[],
  ): Promise<void> {
    this.#links = links;
    this.#writers = writers.map(({ writer }) => writer);
    this.#bufferTimeouts = new BufferTimeouts(writers, this.#options.clock, this.#options.wake);
    const head = (links[0] as TaskLink).instance;
    if ('poll' in head) this.#source = head as SourceOperator;
    else this.#connectGate(head, channels);
    try {
      this.#opening = this.#openOperators();
      await this.#opening;
    } catch (error) {
      this.fail(error);
      return;
    }
    if (this.#phase !== 'initializing') return;
    this.#phase = 'running';
    this.#options.listener.onRunning();
    this.#options.wake();
  }

  /** The subtask had finished in the restored checkpoint: none of its operators runs; those it feeds hear of its end once more. */
  startFinished(writers: readonly RecordWriter[]): void {
    this.#writers = writers;
    this.#options.listener.onRunning();
    for (const writer of writers) writer.broadcastEvent({ type: 'watermark', timestampMs: Number.POSITIVE_INFINITY });
    this.#endOutputs();
  }

  #connectGate(head: StreamOperator, channels: readonly GateChannel[]): void {
    this.#aligner = new BarrierAligner(
      channels.length,
      { onAligned: (aligned) => this.#checkpoint(aligned), onAborted: (id) => this.#declineAborted(id) },
      () => this.#options.clock.monotonicMs(),
    );
    this.#gate = new InputGate(channels, head.inputs, this.#aligner, this.cell, {
      onInputEnd: (input, reason) => this.#onInputEnd(input, reason),
    });
  }

  /** Tail first, so that an operator that emits from open finds the next ones open. */
  async #openOperators(): Promise<void> {
    const { isRestored, restoredCheckpointId } = this.#options;
    for (const { instance } of [...this.#links].reverse()) {
      await instance.initializeState?.({ isRestored, restoredCheckpointId });
      await instance.open?.();
    }
  }

  // ---- the loop's side -------------------------------------------------------------------------------------------------

  /** Does a bounded amount of work. @returns true when something was done, so that it is worth calling again */
  runSlice(maxRecords: number): boolean {
    if (this.#phase === 'done' || this.#phase === 'initializing') return false;
    const fromMs = this.#options.clock.monotonicMs();
    let worked = false;
    try {
      worked = this.#work(maxRecords);
    } catch (error) {
      this.fail(error);
    }
    const nowMs = this.#options.clock.monotonicMs();
    if (worked) this.time.worked(fromMs, nowMs);
    else this.time.waited(nowMs, this.#isOutputAvailable() ? 'idle' : 'backPressured');
    return worked;
  }

  #work(maxRecords: number): boolean {
    this.cell.stop = false;
    let worked = this.#mailbox.drain(this.#gates);
    worked = this.#stepSnapshots() || worked;
    worked = this.#cleanUpState() || worked;
    if (this.#phase === 'draining') this.#tryEndDraining();
    if (this.#isSuspended() || this.#phase !== 'running') return worked;
    if (!this.#isOutputAvailable()) return this.#flushIfFull() || worked;
    if (this.#sliced.pending) return this.#resumeSliced() || worked;
    if (this.#mailbox.hasWork) return true;
    this.cell.stop = false;
    return this.#takeInput(maxRecords) || worked;
  }

  #takeInput(maxRecords: number): boolean {
    if (this.#gate) return this.#gate.read(maxRecords) > 0;
    if (!this.#source || this.#sourceWaits || this.#stop) return false;
    const next = this.#source.poll(maxRecords);
    if (next === 'wait') this.#waitForSource(this.#source);
    else if (next === 'end') this.#onSourceEnd();
    return next !== 'wait';
  }

  #resumeSliced(): boolean {
    this.cell.stop = false;
    this.#sliced.resume(() => this.#isOutputAvailable());
    return true;
  }

  /** A full channel keeps overdraft on the heap: try to move it. */
  #flushIfFull(): boolean {
    this.#flush();
    return this.#isOutputAvailable();
  }

  /** The slot's turn is over: partly filled buffers are published, as far as their timeouts say. */
  endTurn(): void {
    if (this.#bufferTimeouts === undefined) this.#flush();
    else this.#bufferTimeouts.endTurn(this.#phase === 'running');
  }

  /** Publishes partly filled buffers. */
  #flush(): void {
    for (const writer of this.#writers) writer.flush();
  }

  #isOutputAvailable(): boolean {
    for (const writer of this.#writers) if (!writer.isAvailable()) return false;
    return true;
  }

  readonly #isSuspended = (): boolean => this.#suspensions > 0;

  readonly #isBlocked = (): boolean => this.#blocks > 0;

  readonly #gates = { isBlocked: this.#isBlocked, isSuspended: this.#isSuspended };

  #interrupt(): void {
    this.cell.stop = true;
    this.#options.wake();
  }

  #waitForSource(source: SourceOperator): void {
    this.#sourceWaits = true;
    source.whenAvailable().then(
      () => this.#mailbox.putUrgent(() => (this.#sourceWaits = false)),
      (error) => this.#mailbox.putUrgent(() => this.fail(error)),
    );
  }

  #blockUntil(promise: Promise<unknown>): void {
    this.#blocks++;
    this.#suspendUntil(promise, () => this.#blocks--);
  }

  #suspendUntil(promise: Promise<unknown>, onSettled: () => void = () => undefined): void {
    this.#suspensions++;
    this.cell.stop = true;
    const resume = () => {
      this.#suspensions--;
      onSettled();
    };
    promise.then(
      () => this.#mailbox.putUrgent(resume),
      (error) => this.#mailbox.putUrgent(() => this.fail(error)),
    );
  }

  #schedule(atMs: number, callback: (timeMs: number) => void): { cancel(): void } {
    let cancelled = false;
    const timer = this.#options.clock.schedule(atMs, () => {
      this.#timers.delete(entry);
      this.#mailbox.put(() => {
        // Behind the barrier of a stop nothing is emitted any more: the timer stands in the savepoint.
        if (!cancelled && this.isRunning && !this.#stop) callback(atMs);
      });
    });
    const entry = {
      cancel: () => {
        cancelled = true;
        this.#timers.delete(entry);
        timer.cancel();
      },
    };
    this.#timers.add(entry);
    return entry;
  }

  // ---- checkpoints -----------------------------------------------------------------------------------------------------

  /** The coordinator triggered a checkpoint: sources start it; others expect its barrier. */
  triggerCheckpoint(barrier: CheckpointBarrier): void {
    this.#mailbox.put(() => {
      if (!this.isRunning || this.#links.length === 0) return; // startFinished: it answers by finishing
      if (this.#aligner) this.#aligner.announce(barrier);
      else if (!this.#stop) this.#checkpoint({ barrier, alignmentMs: 0 });
    });
  }

  #checkpoint(aligned: AlignedBarrier): void {
    const { stop } = aligned.barrier.options;
    this.lastAlignmentMs = aligned.alignmentMs;
    if (stop === 'drain' && this.#source) this.#endEventTime();
    if (stop) this.#stop = { checkpointId: aligned.barrier.checkpointId, mode: stop };
    this.cell.stop = true;
    if (stop === 'drain' && this.#phase === 'running') this.#drainOperators();
    this.#sliced.run(() => this.#prepareOperators(aligned, 0));
  }

  /** T4. Every channel delivered the barrier, so nothing more comes: the inputs are over. */
  #drainOperators(): void {
    this.#sliced.run(() => {
      this.#suspendUntil(this.#endAndFinish());
      return true;
    });
  }

  async #endAndFinish(): Promise<void> {
    const { instance } = this.#links[0] as TaskLink;
    for (let input = this.#endedInputs; input < instance.inputs.length; input++) await instance.endInput?.(input);
    await this.#finishOperators();
    this.#isDrained = true;
  }

  /** Sliced, so that windows fired by a final watermark are out before the barrier. */
  #prepareOperators(aligned: AlignedBarrier, from: number): boolean {
    for (let i = from; i < this.#links.length; i++) {
      const prepared = (this.#links[i] as TaskLink).instance.prepareSnapshotPreBarrier?.(aligned.barrier.checkpointId);
      if (!prepared) continue;
      this.#blockUntil(prepared.then(() => this.#mailbox.putUrgent(() => this.#prepareOperators(aligned, i + 1))));
      return true;
    }
    this.#emitBarrierAndSnapshot(aligned);
    return true;
  }

  #emitBarrierAndSnapshot(aligned: AlignedBarrier): void {
    const { barrier } = aligned;
    if (this.#phase === 'running' || this.#phase === 'finishing') {
      for (const writer of this.#writers) writer.broadcastEvent(barrier);
    }
    const startMs = this.#options.clock.monotonicMs();
    const pending = this.#links.flatMap(({ instance }) => {
      const wait = instance.snapshotState?.({
        checkpointId: barrier.checkpointId,
        checkpointTimestampMs: barrier.timestampMs,
        isSavepoint: barrier.options.kind === 'savepoint',
      });
      return wait ? [wait] : [];
    });
    if (pending.length === 0) {
      this.#snapshotBackends(aligned, startMs);
      return;
    }
    this.#blockUntil(
      Promise.all(pending).then(
        () => this.#mailbox.putUrgent(() => this.#snapshotBackends(aligned, startMs)),
        (error) => this.#mailbox.putUrgent(() => this.#decline(barrier.checkpointId, error)),
      ),
    );
  }

  #snapshotBackends(aligned: AlignedBarrier, startMs: number): void {
    const { barrier, alignmentMs } = aligned;
    const { checkpointId } = barrier;
    if (this.#phase === 'awaiting-checkpoint' || this.#phase === 'draining') this.#finalCheckpointId ??= checkpointId;
    const files = this.#options.makeStateFiles(barrier);
    const isOver = this.#phase === 'awaiting-checkpoint' || this.#phase === 'draining';
    const parts = this.#links.map(({ operator, backends }) => ({
      operatorId: operator.operatorId,
      keyed: backends.keyed?.snapshot(checkpointId, files),
      operator: backends.operator.snapshot(checkpointId, files),
    }));
    const syncEndMs = this.#options.clock.monotonicMs();
    const snapshot = new SnapshotInFlight(checkpointId, parts, {
      onWritten: (state) => {
        const timing = {
          syncMs: syncEndMs - startMs,
          asyncMs: this.#options.clock.monotonicMs() - syncEndMs,
          alignmentMs,
        };
        this.#acknowledge(barrier, isOver ? { ...state, operatorsFinished: true } : state, timing);
      },
      onFailed: (error) => this.#mailbox.putUrgent(() => this.#decline(checkpointId, error)),
    });
    this.#snapshots.push(snapshot);
    this.#options.wake();
  }

  #stepSnapshots(): boolean {
    const snapshot = this.#snapshots[0];
    if (!snapshot) return false;
    if (snapshot.step(SNAPSHOT_STEP_MS)) this.#snapshots.shift();
    return true;
  }

  #cleanUpState(): boolean {
    let worked = false;
    for (const { backends } of this.#links) worked = backends.keyed?.cleanUp(CLEAN_UP_STEP_MS) || worked;
    return worked;
  }

  #acknowledge(
    barrier: CheckpointBarrier,
    state: SubtaskState,
    timing: Pick<CheckpointMetrics, 'syncMs' | 'asyncMs' | 'alignmentMs'>,
  ): void {
    if (!this.isRunning) return;
    const nowMs = this.#options.clock.nowMs();
    const startDelayMs = Math.max(0, nowMs - barrier.timestampMs - timing.syncMs - timing.asyncMs - timing.alignmentMs);
    const metrics = { ...timing, startDelayMs, processedBytes: 0, stateBytes: stateBytes(state) };
    this.#options.listener.onCheckpointAcknowledged(barrier.checkpointId, state, metrics);
  }

  #decline(checkpointId: number, error: unknown): void {
    if (this.isRunning) this.#options.listener.onCheckpointDeclined(checkpointId, toError(error));
  }

  #declineAborted(checkpointId: number): void {
    this.#decline(
      checkpointId,
      new Error(`Checkpoint ${checkpointId} was given up while its barriers were being aligned`),
    );
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#completions.push(checkpointId);
    this.#mailbox.put(() => this.#deliverCompletions());
  }

  #deliverCompletions(): void {
    for (const checkpointId of this.#completions.splice(0)) {
      if (!this.isRunning) return;
      for (const { instance, backends } of this.#links) {
        backends.keyed?.notifyCheckpointComplete(checkpointId);
        this.#track(instance.notifyCheckpointComplete?.(checkpointId));
      }
      void this.#afterNotifications().then(() => this.#onCompleted(checkpointId));
    }
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.#mailbox.put(() => {
      if (!this.isRunning) return;
      this.#aligner?.abort(checkpointId);
      for (const snapshot of this.#snapshots.filter((s) => s.checkpointId === checkpointId)) {
        snapshot.abort();
        this.#snapshots.splice(this.#snapshots.indexOf(snapshot), 1);
      }
      for (const { instance, backends } of this.#links) {
        backends.keyed?.notifyCheckpointAborted(checkpointId);
        this.#track(instance.notifyCheckpointAborted?.(checkpointId));
      }
      if (this.#stop?.checkpointId === checkpointId) this.#stop = undefined; // T4
      if (this.#finalCheckpointId === checkpointId) this.#finalCheckpointId = undefined;
    });
  }

  #track(work: void | Promise<void>): void {
    if (!work) return;
    const tracked: Promise<unknown> = work.then(
      () => this.#notifications.delete(tracked),
      (error) => this.fail(error),
    );
    this.#notifications.add(tracked);
  }

  async #afterNotifications(): Promise<void> {
    while (this.#notifications.size > 0 && this.isRunning) await Promise.all(this.#notifications);
  }

  #onCompleted(checkpointId: number): void {
    this.#mailbox.putUrgent(() => {
      if (!this.isRunning) return;
      if (this.#stop?.checkpointId === checkpointId) this.#onStopCompleted(this.#stop.mode);
      if (this.#finalCheckpointId === undefined || checkpointId < this.#finalCheckpointId) return;
      this.#isFinalCompleted = true;
      if (this.#phase === 'awaiting-checkpoint') this.#close('finished');
    });
  }

  // ---- ending ----------------------------------------------------------------------------------------------------------

  #onStopCompleted(mode: 'suspend' | 'drain'): void {
    this.#stopCompleted = true;
    this.#endReason = mode === 'suspend' ? 'suspend' : 'end-of-input';
    // The savepoint holds all that it did: it waits for no other checkpoint.
    if (this.#phase === 'awaiting-checkpoint') this.#close('finished');
    else if (this.#source) this.#finish();
    else if (this.#endedInputs > 0) this.#finishIfInputsEnded();
  }

  #onSourceEnd(): void {
    this.#endEventTime();
    this.#finish();
  }

  #endEventTime(): void {
    const output = (this.#links[0] as TaskLink).context.output;
    output.emitStatus(false);
    output.emitWatermark(Number.POSITIVE_INFINITY);
  }

  #onInputEnd(input: number, reason: 'end-of-input' | 'suspend'): void {
    this.#endedInputs++;
    if (reason === 'suspend') this.#endReason = 'suspend';
    const head = (this.#links[0] as TaskLink).instance;
    this.#sliced.run(() => {
      if (reason === 'end-of-input' && !this.#isDrained) this.#suspendFor(head.endInput?.(input));
      this.#finishIfInputsEnded();
      return true;
    });
    this.cell.stop = true;
  }

  #finishIfInputsEnded(): void {
    const inputs = (this.#links[0] as TaskLink).instance.inputs.length;
    if (this.#endedInputs < inputs) return;
    if (!this.#awaitsStop()) this.#finish();
  }

  /** T4: the completion of the savepoint comes. */
  #awaitsStop(): boolean {
    return this.#stop !== undefined && !this.#stopCompleted;
  }

  #suspendFor(work: void | Promise<void>): void {
    if (work) this.#suspendUntil(work);
  }

  /** Runs behind what is suspended or sliced, then finishes the operators in order and ends the channels. */
  #finish(): void {
    if (this.#phase !== 'running') return;
    this.#sliced.run(() => {
      this.#mailbox.put(() => {
        // The barrier of a stop may have come in between: what operators emit at their end is not in its savepoint.
        if (this.#phase !== 'running' || this.#awaitsStop()) return;
        this.#phase = 'finishing';
        this.#suspendUntil(this.#finishOperators().then(() => this.#mailbox.putUrgent(() => this.#endOutputs())));
      });
      return true;
    });
  }

  async #finishOperators(): Promise<void> {
    if (this.#endReason === 'suspend' || this.#isDrained) return;
    for (const [i, { instance }] of this.#links.entries()) {
      if (i > 0) await instance.endInput?.(0);
      await instance.finish?.();
      while (this.#sliced.pending && this.isRunning) await this.#drainSliced();
    }
  }

  /** Sliced work of a finishing operator: goes on between the turns of the loop. */
  #drainSliced(): Promise<void> {
    this.#flush();
    this.#sliced.resume(() => this.#isOutputAvailable());
    return new Promise((resolve) => this.#options.clock.schedule(0, () => resolve()));
  }

  #endOutputs(): void {
    for (const writer of this.#writers) writer.broadcastEvent({ type: 'end', reason: this.#endReason });
    this.#flush();
    this.#phase = 'draining';
    this.#options.wake();
  }

  #tryEndDraining(): void {
    this.#flush();
    if (this.#writers.some((w) => !w.isDrained())) return;
    if (!this.#needsFinalCheckpoint()) {
      this.#close('finished');
      return;
    }
    this.#phase = 'awaiting-checkpoint';
    if (this.#options.checkpointingEnabled) this.#options.listener.onAwaitingFinalCheckpoint();
    else this.#suspendUntil(this.#commitUnchecked().then(() => this.#mailbox.putUrgent(() => this.#close('finished'))));
  }

  /** No checkpoint will come: what was written is final. A run without checkpoints starts from nothing after a failure anyway. */
  async #commitUnchecked(): Promise<void> {
    const checkpointId = Number.MAX_SAFE_INTEGER;
    const checkpointTimestampMs = this.#options.clock.nowMs();
    for (const { instance } of this.#links) {
      if (instance.needsFinalCheckpoint !== true) continue;
      await instance.snapshotState?.({ checkpointId, checkpointTimestampMs, isSavepoint: false });
      await instance.notifyCheckpointComplete?.(checkpointId);
    }
  }

  #needsFinalCheckpoint(): boolean {
    if (this.#endReason === 'suspend' || this.#isDrained || this.#isFinalCompleted) return false;
    return this.#links.some(({ instance }) => instance.needsFinalCheckpoint === true);
  }

  cancel(): void {
    if (this.#phase === 'done' || this.#phase === 'closing') return;
    // Committing what is complete is never wrong, and after a cancellation with savepoint nobody else may come to do it.
    if (!this.#isSuspended()) this.#tryDeliverCompletions();
    this.#source?.cancel();
    this.#close('canceled');
  }

  #tryDeliverCompletions(): void {
    try {
      this.#deliverCompletions();
    } catch {
      // The task ends anyway, and what was not committed is committed at the next restore.
    }
  }

  /** Ends the task with an error; later errors are ignored. */
  fail(error: unknown): void {
    if (this.#phase === 'done' || this.#phase === 'closing') return;
    this.#source?.cancel();
    this.#close(toError(error));
  }

  #close(outcome: 'finished' | 'canceled' | Error): void {
    if (this.#phase === 'done' || this.#phase === 'closing') return;
    this.#phase = 'closing';
    this.#options.listener.onClosing();
    void this.#releaseAll().then((closeError) => {
      this.#phase = 'done';
      const { listener } = this.#options;
      if (outcome instanceof Error) listener.onFailed(outcome);
      else if (outcome === 'canceled') listener.onCanceled();
      else if (closeError) listener.onFailed(closeError);
      else listener.onFinished();
    });
  }

  /** Closes everything even when parts fail. @returns the first error of an operator's close */
  async #releaseAll(): Promise<Error | undefined> {
    let first: Error | undefined;
    for (const snapshot of this.#snapshots.splice(0)) snapshot.abort();
    for (const timer of [...this.#timers]) timer.cancel();
    this.#mailbox.clear();
    await this.#opening?.catch(() => undefined); // T6
    await Promise.allSettled(this.#notifications);
    for (const { instance, context, backends } of this.#links) {
      try {
        context.closeTimers();
        await instance.close?.();
        await backends.keyed?.dispose();
      } catch (error) {
        first ??= toError(error);
      }
    }
    this.#bufferTimeouts?.close();
    this.#gate?.close();
    for (const writer of this.#writers) writer.close();
    return first;
  }
}

function stateBytes(state: SubtaskState): number {
  let bytes = 0;
  for (const operator of state.operators) {
    for (const keyed of operator.keyed) for (const file of keyed.files) bytes += file.sizeBytes;
    for (const handle of operator.operator) bytes += handle.file.sizeBytes;
  }
  return bytes;
}
