// Checkpoints and savepoints of one job.
// Owns: ids, pending and completed checkpoints, their files, statistics. Does not own: tasks (CheckpointTarget), restarts.
//   C2. A checkpoint is complete only when every subtask acknowledged it (or had finished) and _metadata is durable; only then
//       notify-complete is sent, on which sinks commit.
//   C4. A completed checkpoint that history shows as existing can be restored: history marks it discarded before its files go.
//   P1. A plain savepoint is the user's: it is never what the job recovers from, so it is not notified as complete either. Sinks commit what
//       they prepared for it at the next checkpoint.
//   P2. A savepoint that ends the job (stop, cancel) is durable as the job's last restore point (`onTerminalSavepoint`) before it is notified.
//   P4. Before the job's first checkpoint is notified, its record says that there is one (`onFirstCheckpoint`): from then on the job never
//       starts without state.
//   P5. Where several are kept, it is durable which is the newest before it is notified: an older one is never taken for it.
//   P6. From when a savepoint that ends the job was triggered, no checkpoint begins, unless the savepoint fails: sinks would commit for it what
//       the savepoint says is to be aborted.
//   P3. `_metadata` of two checkpoints is never written at the same time: completion is in one queue.
import type { Clock } from '../clock.ts';
import { AppError, appError, toError } from '../errors.ts';
import type { CheckpointConfigData, JobGraphDescription } from '../graph/job-graph.ts';
import type { CoordinatorMessage, SerializedError, SubtaskAddress } from '../runtime/messages.ts';
import type { CheckpointOptions } from '../runtime/stream-event.ts';
import { type CheckpointMetadata, filesOfSubtask, sharedPathsOf, stateFilesOf } from './checkpoint-metadata.ts';
import { CheckpointStatistics } from './checkpoint-statistics.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import { SHARED_DIRECTORY } from './metadata-codec.ts';
import { type StoredCheckpoint, withDirectories } from './metadata-reader.ts';
import { type CheckpointTask, PendingCheckpoint, type StopKind } from './pending-checkpoint.ts';
import { PeriodicTrigger } from './periodic-trigger.ts';
import { SharedFileRegistry } from './shared-file-registry.ts';
import type { CheckpointMetrics, SubtaskState } from './state-handles.ts';

/** Aborted checkpoints whose late files are still cleaned up. */
const REMEMBERED_ABORTED = 16;
const INT_MAX = 2 ** 31 - 1;

/** What the coordinator needs of the job. */
export interface CheckpointTarget {
  /** Current attempts of all subtasks. */
  tasks(): readonly CheckpointTask[];
  /** Running subtasks without a running predecessor: where barriers start. */
  triggerTargets(): readonly CheckpointTask[];
  send(slotIndex: number, message: CoordinatorMessage): void;
  broadcast(message: CoordinatorMessage): void;
  /** Too many failed in a row: the job fails. */
  onFailuresExceeded(error: AppError): void;
  /** P4. */
  onFirstCheckpoint(): Promise<void>;
  /** P2. The job is over, its state is in `savepoint`. */
  onTerminalSavepoint(savepoint: StoredCheckpoint, end: TerminalSavepoint): Promise<void>;
}

/** How a savepoint ends its job. */
export type TerminalSavepoint = { readonly kind: 'stop'; readonly drain: boolean } | { readonly kind: 'cancel' };

export interface CheckpointCoordinatorOptions {
  readonly jobId: string;
  readonly graph: JobGraphDescription;
  readonly config: CheckpointConfigData;
  readonly clock: Clock;
  readonly storage: CheckpointStorage;
  readonly target: CheckpointTarget;
  readonly engineVersion: string;
  readonly programDigest: string | undefined;
  /** Completed checkpoints kept; older ones are deleted. */
  readonly retained: number;
  /** Entries of the history; undefined: as many as Flink shows. */
  readonly historySize?: number | undefined;
  /** Told when the statistics change. */
  readonly onChange?: (() => void) | undefined;
  readonly onProblem: (message: string, error: unknown) => void;
}

interface Waiter {
  /** Tasks are told of it from here on. */
  readonly sent: () => void;
  readonly resolve: (completed: StoredCheckpoint) => void;
  readonly reject: (error: AppError) => void;
}

export class CheckpointCoordinator {
  readonly statistics: CheckpointStatistics;
  readonly #options: CheckpointCoordinatorOptions;
  readonly #periodic: PeriodicTrigger | undefined;
  readonly #pending = new Map<number, PendingCheckpoint>();
  readonly #waiters = new Map<number, Waiter>();
  readonly #terminal = new Map<number, TerminalSavepoint>();
  /** Own checkpoints, oldest first. */
  #completed: StoredCheckpoint[] = [];
  /** What the job was started from or ended with; not the job's to delete. */
  #restorePoint: StoredCheckpoint | undefined;
  readonly #shared = new SharedFileRegistry();
  readonly #aborted = new Map<number, string>();
  /** Attempts that wait for a checkpoint to finish. */
  #awaitingFinal = new Set<string>();
  #nextId = 1;
  /** Settles when the triggers of the checkpoint numbered last were sent, or will not be. */
  #lastSent: Promise<void> = Promise.resolve();
  #failuresInRow = 0;
  #isStopped = false;
  /** A savepoint that ends the job is complete. */
  #isOver = false;
  /** P3, and deletions. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: CheckpointCoordinatorOptions) {
    this.#options = options;
    this.statistics = new CheckpointStatistics(options.historySize, options.onChange);
    const { intervalMs, minPauseMs, maxConcurrent } = options.config;
    if (intervalMs === undefined) return;
    this.#periodic = new PeriodicTrigger({
      clock: options.clock,
      intervalMs,
      minPauseMs,
      maxConcurrent,
      inFlight: () => this.#inFlight(),
      trigger: () => void this.#triggerOwn(undefined),
    });
  }

  /** What a restart restores: the newest of the job's checkpoints and what it was started from. */
  get latest(): StoredCheckpoint | undefined {
    const own = this.#completed.at(-1);
    if (own === undefined || this.#restorePoint === undefined) return own ?? this.#restorePoint;
    return own.metadata.checkpointId > this.#restorePoint.metadata.checkpointId ? own : this.#restorePoint;
  }

  get retained(): readonly StoredCheckpoint[] {
    return this.#completed;
  }

  /** Before the first deployment: the job starts from a savepoint or another job's checkpoint. */
  startFrom(restorePoint: StoredCheckpoint): void {
    this.#restorePoint = restorePoint;
    this.#nextId = Math.max(this.#nextId, restorePoint.metadata.checkpointId + 1);
  }

  /**
   * Before the first deployment, after a restart of the process.
   * @param completed the job's own checkpoints, newest first
   * @param greatestId greatest id used so far
   */
  recover(completed: readonly StoredCheckpoint[], greatestId: number): void {
    this.#completed = [...completed].reverse();
    for (const checkpoint of completed) this.#shared.register(sharedPathsOfCheckpoint(checkpoint));
    this.#nextId = Math.max(this.#nextId, greatestId + 1);
  }

  noteRestored(checkpoint: StoredCheckpoint): void {
    this.statistics.restored({
      id: checkpoint.metadata.checkpointId,
      restoreTimestampMs: this.#options.clock.nowMs(),
      kind: checkpoint.metadata.kind,
      externalPath: checkpoint.directory,
    });
  }

  /** All tasks run, or have finished: periodic checkpoints may begin. */
  start(): void {
    if (this.#isStopped || this.#isOver || this.#terminal.size > 0) return; // P6
    this.#periodic?.start();
    const running = this.#options.target.tasks().filter(({ status }) => status === 'running');
    const awaiting = running.filter(({ executionId }) => this.#awaitingFinal.has(executionId));
    this.#awaitingFinal = new Set(awaiting.map(({ executionId }) => executionId));
    if (awaiting.length > 0) this.#periodic?.requestNow();
  }

  /** Tasks are restarting: everything that was not fully acknowledged is given up. */
  suspend(reason: string): void {
    this.#periodic?.stop();
    for (const pending of [...this.#pending.values()]) this.#abort(pending, reason, false);
  }

  /** The job ends. Resolves when nothing is being written any more. */
  async stop(reason: string): Promise<void> {
    this.#isStopped = true;
    this.suspend(reason);
    await this.settle();
  }

  /** Waits for completions under way, so that `latest` is what sinks were told (see C2). */
  async settle(): Promise<void> {
    let tail: Promise<void>;
    do {
      tail = this.#queue;
      await tail;
    } while (tail !== this.#queue);
  }

  /**
   * @param directory the savepoint's own, absolute
   * @param sent called before tasks are told of it; a failure without it has changed nothing in them
   * @throws JOB_NOT_RUNNING, and what made it fail
   */
  triggerSavepoint(
    directory: string,
    terminal: TerminalSavepoint | undefined,
    sent: () => void = () => undefined,
  ): Promise<StoredCheckpoint> {
    return new Promise((resolve, reject) => {
      const stop = terminal?.kind === 'stop' ? (terminal.drain ? 'drain' : 'suspend') : undefined;
      void this.#trigger({ kind: 'savepoint', directory, stop, terminal, waiter: { sent, resolve, reject } });
      if (terminal !== undefined) this.#periodic?.stop();
    });
  }

  /** One more checkpoint beside the periodic ones, at once. @throws JOB_NOT_RUNNING, and what made it fail */
  triggerCheckpoint(): Promise<StoredCheckpoint> {
    return new Promise((resolve, reject) => {
      void this.#triggerOwn({ sent: () => undefined, resolve, reject });
    });
  }

  onAcknowledged(executionId: string, checkpointId: number, state: SubtaskState, metrics: CheckpointMetrics): void {
    const pending = this.#pending.get(checkpointId);
    if (pending === undefined || pending.phase !== 'collecting') {
      if (pending === undefined) this.#discardLate(checkpointId, state);
      return;
    }
    if (!pending.acknowledge(executionId, state)) return;
    const task = pending.taskOf(executionId);
    if (task !== undefined) {
      const nowMs = this.#options.clock.nowMs();
      const checkpointedBytes = this.#newBytesOf(state);
      const { vertexId, subtaskIndex } = task;
      this.statistics.acknowledged(checkpointId, vertexId, subtaskIndex, nowMs, { ...metrics, checkpointedBytes });
    }
    this.#completeIfReady(pending);
  }

  onDeclined(executionId: string, checkpointId: number, error: SerializedError): void {
    const pending = this.#pending.get(checkpointId);
    const task = pending?.taskOf(executionId);
    if (pending?.phase !== 'collecting' || task === undefined) return;
    this.#fail(pending, appError('CHECKPOINT_DECLINED', [checkpointId, task.taskName, error.message]), true);
  }

  onTaskFinished(executionId: string): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.phase !== 'collecting' || !pending.markFinished(executionId)) continue;
      const task = pending.taskOf(executionId);
      if (task !== undefined) this.statistics.subtaskFinished(pending.id, task.vertexId, task.subtaskIndex);
      this.#completeIfReady(pending);
    }
  }

  /** A task processed everything and waits for one more completed checkpoint. Before all tasks run, that waits for start(). */
  onAwaitingFinalCheckpoint(executionId: string): void {
    this.#awaitingFinal.add(executionId);
    this.#periodic?.requestNow();
  }

  /** Takes a checkpoint out of history (C4); undefined when it is none of this job. */
  forget(directory: string): void {
    this.statistics.discarded(directory);
  }

  /** What the job would restore, or is writing to: must not be disposed of. */
  isInUse(directory: string): boolean {
    if (this.latest?.directory === directory) return true;
    return [...this.#pending.values()].some((pending) => pending.directory === directory);
  }

  /** The job is over and its checkpoints are not retained: out of history (C4), before discardAll. */
  forgetAll(): void {
    for (const { directory } of this.#completed) this.statistics.discarded(directory);
  }

  async discardAll(): Promise<void> {
    await this.settle();
    this.forgetAll();
    this.#completed = [];
    await this.#options.storage.removeJob();
  }

  /** What no completed checkpoint refers to: it was written for this one. */
  #newBytesOf({ operators }: SubtaskState): number {
    return operators
      .flatMap(filesOfSubtask)
      .filter((file) => !sharedPathsOf([file]).some((path) => this.#shared.isReferenced(path)))
      .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  #inFlight(): number {
    return [...this.#pending.values()].filter(({ kind }) => kind === 'checkpoint').length;
  }

  async #triggerOwn(waiter: Waiter | undefined): Promise<void> {
    const directory = this.#options.storage.directoryOf(this.#nextId);
    await this.#trigger({ kind: 'checkpoint', directory, stop: undefined, terminal: undefined, waiter });
  }

  async #trigger(request: {
    readonly kind: 'checkpoint' | 'savepoint';
    readonly directory: string;
    readonly stop: StopKind | undefined;
    readonly terminal: TerminalSavepoint | undefined;
    readonly waiter: Waiter | undefined;
  }): Promise<void> {
    const { clock, config, graph, jobId, target } = this.#options;
    const tasks = target.tasks();
    const isReady = tasks.every(({ status }) => status !== 'other') && tasks.some(({ status }) => status === 'running');
    const isEnding = this.#isStopped || this.#isOver || (request.kind === 'checkpoint' && this.#terminal.size > 0); // P6
    if (isEnding || !isReady) {
      request.waiter?.reject(appError('JOB_NOT_RUNNING', [jobId, isEnding ? 'ending' : 'not fully running']));
      return;
    }
    const id = this.#nextId++;
    const triggerTimestampMs = clock.nowMs();
    const pending = new PendingCheckpoint({ ...request, id, triggerTimestampMs, tasks });
    this.#pending.set(id, pending);
    if (request.waiter !== undefined) this.#waiters.set(id, request.waiter);
    if (request.terminal !== undefined) this.#terminal.set(id, request.terminal);
    this.statistics.started({ id, kind: request.kind, triggerTimestampMs, vertices: graph.vertices });
    for (const task of tasks) {
      if (task.status === 'finished') this.statistics.subtaskFinished(id, task.vertexId, task.subtaskIndex);
    }
    pending.timer = clock.schedule(triggerTimestampMs + config.timeoutMs, () => this.#expire(pending));
    const earlierSent = this.#lastSent;
    this.#lastSent = this.#prepareAndSend(pending, earlierSent);
    await this.#lastSent;
  }

  /** Triggers leave in the order of their numbers, however long a directory takes: tasks ignore a barrier older than the last. */
  async #prepareAndSend(pending: PendingCheckpoint, earlierSent: Promise<void>): Promise<void> {
    try {
      await this.#options.storage.prepare(pending.directory);
    } catch (cause) {
      const error = appError('CHECKPOINT_STORE_FAILED', [pending.id, pending.directory, toError(cause).message], {
        cause,
      });
      this.#fail(pending, error, true);
    }
    await earlierSent;
    if (pending.phase === 'collecting') this.#sendTriggers(pending);
  }

  #sendTriggers(pending: PendingCheckpoint): void {
    const { target, config } = this.#options;
    const options: CheckpointOptions = {
      kind: pending.kind,
      alignment: pending.kind === 'savepoint' || config.mode === 'exactly_once' ? 'aligned' : 'at-least-once',
      directory: pending.directory,
      ...(pending.stop === undefined ? {} : { stop: pending.stop }),
    };
    // Every slot hears of it, also one without sources: what feeds its tasks may finish before it passes the barrier on.
    const running = target.tasks().filter(({ status }) => status === 'running');
    const bySlot = new Map<number, SubtaskAddress[]>(running.map(({ slotIndex }) => [slotIndex, []]));
    for (const { slotIndex, vertexId, subtaskIndex } of target.triggerTargets()) {
      bySlot.get(slotIndex)?.push({ vertexId, subtaskIndex });
    }
    pending.wasSent = true;
    this.#waiters.get(pending.id)?.sent();
    const { id: checkpointId, triggerTimestampMs: timestampMs } = pending;
    for (const [slotIndex, sources] of bySlot) {
      target.send(slotIndex, { type: 'trigger-checkpoint', checkpointId, timestampMs, options, sources });
    }
    this.#completeIfReady(pending);
  }

  #expire(pending: PendingCheckpoint): void {
    if (pending.phase !== 'collecting') return;
    this.#fail(pending, appError('CHECKPOINT_EXPIRED', [pending.id, this.#options.config.timeoutMs]), true);
  }

  #completeIfReady(pending: PendingCheckpoint): void {
    if (pending.phase !== 'collecting' || !pending.wasSent || !pending.isFullyAcknowledged) return;
    if (pending.isEmpty) {
      this.#abort(pending, 'all tasks finished before it', false);
      return;
    }
    const [partial] = pending.verticesWithPartialUnion(this.#options.graph);
    if (partial !== undefined) {
      this.#fail(pending, appError('CHECKPOINT_UNION_STATE_FINISHED', [pending.id, partial]), false);
      return;
    }
    pending.phase = 'completing';
    pending.timer?.cancel();
    this.#enqueue(() => this.#complete(pending));
  }

  /** All acknowledged: make it durable, then tell (C2). */
  async #complete(pending: PendingCheckpoint): Promise<void> {
    const { storage, target } = this.#options;
    const metadata = this.#describe(pending);
    try {
      await this.#refuseMissingShared(pending, metadata);
      await storage.complete(pending.directory, metadata);
      const stored = { directory: pending.directory, metadata: withDirectories(metadata, pending.directory) };
      const terminal = this.#terminal.get(pending.id);
      if (terminal !== undefined) {
        // Whether the record was written is unknown when this throws, so the files stay.
        pending.keepsFiles = true;
        await target.onTerminalSavepoint(stored, terminal);
        this.#restorePoint = stored;
        this.#isOver = true;
      }
      if (pending.kind === 'checkpoint') await this.#recordCheckpoint(pending.id);
      await this.#afterCompletion(pending, stored, terminal);
    } catch (error) {
      this.#fail(pending, toCheckpointError(pending, error), true);
    }
  }

  /** P4, P5. */
  async #recordCheckpoint(id: number): Promise<void> {
    const { storage, target, retained } = this.#options;
    await target.onFirstCheckpoint();
    if (retained > 1) await storage.recordNewest(id);
  }

  async #afterCompletion(
    pending: PendingCheckpoint,
    stored: StoredCheckpoint,
    terminal: TerminalSavepoint | undefined,
  ): Promise<void> {
    this.#failuresInRow = 0;
    this.statistics.completed(pending.id, pending.directory);
    this.#close(pending)?.resolve(stored);
    const isOwn = pending.kind === 'checkpoint';
    const subsumed = isOwn ? this.#retain(stored) : [];
    if (isOwn || terminal !== undefined) {
      this.#options.target.broadcast({ type: 'notify-complete', checkpointId: pending.id });
    }
    if (isOwn) this.#dropOlderPending(pending.id);
    await this.#discardSubsumed(subsumed).catch((error: unknown) => {
      this.#options.onProblem('Files of a subsumed checkpoint were not deleted; the next start removes them', error);
    });
  }

  #describe(pending: PendingCheckpoint): CheckpointMetadata {
    const { jobId, graph, engineVersion, programDigest, clock } = this.#options;
    const operators = pending.describeOperators(graph);
    return {
      kind: pending.kind,
      checkpointId: pending.id,
      jobId,
      jobName: graph.name,
      triggerTimestampMs: pending.triggerTimestampMs,
      completionTimestampMs: clock.nowMs(),
      engineVersion,
      programDigest,
      graphHash: graph.hash,
      sharedDirectory: sharedPathsOf(stateFilesOf({ operators })).length > 0 ? SHARED_DIRECTORY : undefined,
      operators,
    };
  }

  async #refuseMissingShared(pending: PendingCheckpoint, metadata: CheckpointMetadata): Promise<void> {
    const unknown = sharedPathsOf(stateFilesOf(metadata)).filter((path) => !this.#shared.isReferenced(path));
    const missing = await this.#options.storage.missingShared(new Set(unknown));
    if (missing.length === 0) return;
    throw appError('CHECKPOINT_ABORTED', [pending.id, `shared files are missing: ${missing.join(', ')}`]);
  }

  /** @returns checkpoints that are not kept any more */
  #retain(stored: StoredCheckpoint): readonly StoredCheckpoint[] {
    this.#shared.register(sharedPathsOfCheckpoint(stored));
    this.#completed.push(stored);
    return this.#completed.splice(0, Math.max(0, this.#completed.length - this.#options.retained));
  }

  async #discardSubsumed(subsumed: readonly StoredCheckpoint[]): Promise<void> {
    const { storage } = this.#options;
    for (const { directory } of subsumed) this.statistics.discarded(directory);
    for (const { directory } of subsumed) await storage.discard(directory);
    await storage.deleteShared(this.#shared.takeDeletable(subsumed.flatMap(sharedPathsOfCheckpoint)));
  }

  #dropOlderPending(id: number): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.kind === 'checkpoint' && pending.id < id)
        this.#abort(pending, `checkpoint ${id} completed first`, false);
    }
  }

  #abort(pending: PendingCheckpoint, reason: string, counts: boolean): void {
    if (pending.phase === 'collecting')
      this.#fail(pending, appError('CHECKPOINT_ABORTED', [pending.id, reason]), counts);
  }

  /** @param counts towards the tolerable failures of the job; savepoints never do */
  #fail(pending: PendingCheckpoint, error: AppError, counts: boolean): void {
    if (pending.phase === 'closed') return;
    const { clock, target, config } = this.#options;
    this.statistics.failed(pending.id, clock.nowMs(), error.message);
    const waiter = this.#close(pending);
    if (pending.wasSent) target.broadcast({ type: 'notify-aborted', checkpointId: pending.id });
    this.#rememberAborted(pending);
    if (!pending.keepsFiles) this.#discardFiles(pending.directory, pending.states());
    waiter?.reject(error);
    if (!counts || pending.kind === 'savepoint') return;
    this.#failuresInRow += 1;
    if (this.#failuresInRow <= config.tolerableFailures) return;
    const failures = this.#failuresInRow;
    this.#failuresInRow = 0;
    target.onFailuresExceeded(
      appError('CHECKPOINT_FAILURES_EXCEEDED', [failures, Math.min(config.tolerableFailures, INT_MAX), error.message], {
        cause: error,
      }),
    );
  }

  #close(pending: PendingCheckpoint): Waiter | undefined {
    pending.phase = 'closed';
    pending.timer?.cancel();
    this.#pending.delete(pending.id);
    const waiter = this.#waiters.get(pending.id);
    this.#waiters.delete(pending.id);
    this.#terminal.delete(pending.id);
    if (pending.kind === 'checkpoint') this.#periodic?.onEnded();
    return waiter;
  }

  #rememberAborted(pending: PendingCheckpoint): void {
    this.#aborted.set(pending.id, pending.directory);
    const oldest = this.#aborted.keys().next();
    if (this.#aborted.size > REMEMBERED_ABORTED && !oldest.done) this.#aborted.delete(oldest.value);
  }

  /** An acknowledgement of a checkpoint that was given up: its files are nobody's. */
  #discardLate(checkpointId: number, state: SubtaskState): void {
    const directory = this.#aborted.get(checkpointId);
    if (directory !== undefined) this.#discardFiles(directory, [state]);
  }

  #discardFiles(directory: string, states: Iterable<SubtaskState>): void {
    const { storage, onProblem } = this.#options;
    const paths = [...states].flatMap(({ operators }) => sharedPathsOf(operators.flatMap(filesOfSubtask)));
    const unused = paths.filter((path) => !this.#shared.isReferenced(path));
    this.#enqueue(async () => {
      try {
        await storage.discard(directory);
        await storage.deleteShared(unused);
      } catch (error) {
        onProblem('Files of an aborted checkpoint were not deleted; the next start removes them', error);
      }
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      this.#options.onProblem('Checkpoint work failed', error);
    });
  }
}

function toCheckpointError(pending: PendingCheckpoint, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return appError('CHECKPOINT_STORE_FAILED', [pending.id, pending.directory, toError(error).message], { cause: error });
}

function sharedPathsOfCheckpoint({ metadata }: StoredCheckpoint): readonly string[] {
  return [...new Set(sharedPathsOf(stateFilesOf(metadata)))];
}
