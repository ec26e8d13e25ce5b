// One job: its state machine, deployments, failures, restarts and end.
// Owns: execution graph, slots of the job, checkpoint coordinator, exception history. Does not own: durability of the job (JobLifecycleListener).
//   M1. Messages of attempts that were replaced, and duplicates, change nothing.
//   M2. A region is deployed again only when all of its attempts are terminal and the delay of the restart strategy is over; it starts
//       from the newest completed checkpoint, chosen after completions under way have settled (C2, C3).
//   M3. Cancelling always ends: a slot that does not answer, or takes too long, is terminated.
//   M4. After a terminal savepoint nothing is restarted: the state is whole there.
import { CheckpointCoordinator, type TerminalSavepoint } from '../../checkpoint/checkpoint-coordinator.ts';
import type { CheckpointStorage } from '../../checkpoint/checkpoint-storage.ts';
import type { DurableFiles } from '../../checkpoint/durable-files.ts';
import { type StoredCheckpoint, verifyStateFiles } from '../../checkpoint/metadata-reader.ts';
import { assignState, type StateAssignment } from '../../checkpoint/state-assignment.ts';
import type { Clock, TimerHandle } from '../../clock.ts';
import { AppError, appError, type ErrorCode, toError } from '../../errors.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import type { ChannelLimits } from '../channels/channel-limits.ts';
import { createSignals } from '../channels/slot-signal.ts';
import type {
  CoordinatorMessage,
  ProgramDescriptor,
  SerializedError,
  SlotLauncher,
  SlotMessage,
  SlotReport,
} from '../messages.ts';
import { CancelWatchdog } from './cancel-watchdog.ts';
import { findTriggerTargets, toCheckpointTask } from './checkpoint-tasks.ts';
import { CollectedValues } from './collected-values.ts';
import { ExceptionHistory, toSerializedError } from './exception-history.ts';
import { type Execution, ExecutionGraph, type ExecutionVertex } from './execution-graph.ts';
import { ExecutionState } from './execution-state.ts';
import type { HistoryLimits } from './history-limits.ts';
import type { RandomSource } from './ids.ts';
import { JobSlots } from './job-slots.ts';
import { JobStatus, jobTransitions } from './job-status.ts';
import { type OwnAccumulator, OwnAccumulatorMerger } from './own-accumulator-merger.ts';
import { findRegions, type Regions } from './regions.ts';
import { createRestartStrategy, defaultRestartStrategy, type RestartStrategy } from './restart-strategy.ts';
import { assignSlots, type SlotAssignment } from './slot-assignment.ts';
import type { SlotPool } from './slot-pool.ts';
import { SplitAgreements } from './split-agreements.ts';
import { StateMachine, type StateMove } from './state-machine.ts';
import { planDeployment } from './task-deployment.ts';
import { WatermarkGroups } from './watermark-groups.ts';

export interface JobMasterLimits {
  /** How long a job waits for free slots. */
  readonly slotRequestTimeoutMs: number;
  readonly slotStartTimeoutMs: number;
  /** After this a slot that is still cancelling is terminated. */
  readonly cancelTimeoutMs: number;
  /** After this a slot that says nothing while it is cancelled is terminated. */
  readonly heartbeatTimeoutMs: number;
}

export interface JobMasterServices {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly files: DurableFiles;
  readonly launcher: SlotLauncher;
  readonly pool: SlotPool;
  readonly createRing: (channelCount: number) => SharedArrayBuffer;
  readonly limits: JobMasterLimits;
  readonly maxHeapMiB: number | undefined;
  readonly inlineThresholdBytes: number;
  readonly defaultBackend: 'heap' | 'disk';
  readonly engineVersion: string;
  readonly retainedCheckpoints: number;
  readonly history: HistoryLimits;
  readonly channels: ChannelLimits;
  readonly diskCacheBytes: number | undefined;
  /** How often slots report their numbers. */
  readonly reportIntervalMs: number;
  /** Told of every change of what views show, apart from reported numbers. */
  readonly onChange: () => void;
}

export interface JobMasterOptions {
  readonly jobId: string;
  readonly graph: JobGraphDescription;
  readonly program: ProgramDescriptor;
  readonly programDigest: string | undefined;
  readonly allowNonRestoredState: boolean;
  /** RECONCILING for a job that is only closed; CREATED else. */
  readonly initialStatus?: JobStatus;
  readonly storage: CheckpointStorage;
  readonly workDirectory: (slotIndex: number) => string;
  readonly services: JobMasterServices;
  readonly listener: JobMasterListener;
}

export interface JobMasterListener {
  onStatus(move: StateMove<JobStatus>): void;
  /** Output, collected values and reports; task states and checkpoints are handled here. */
  onSlotMessage(slotIndex: number, message: SlotMessage): void;
  onProblem(message: string, error: unknown): void;
  /** P4 of the checkpoint coordinator; called before every checkpoint is notified. */
  onFirstCheckpoint(): Promise<void>;
  /** P2 of the checkpoint coordinator. */
  onTerminalSavepoint(savepoint: StoredCheckpoint, end: TerminalSavepoint): Promise<void>;
  /** All tasks ended and the slots are back; `status` is FINISHED, CANCELED, FAILED or SUSPENDED. */
  onEnded(status: JobStatus): Promise<void>;
}

/** Subtasks that restart together. */
interface Restart {
  readonly subtasks: readonly ExecutionVertex[];
  isDelayOver: boolean;
  timer: TimerHandle | undefined;
}

export class JobMaster {
  readonly jobId: string;
  readonly executions: ExecutionGraph;
  readonly checkpoints: CheckpointCoordinator;
  readonly exceptions: ExceptionHistory;
  readonly slots: JobSlots;
  readonly strategy: RestartStrategy;
  readonly assignment: SlotAssignment;
  readonly #options: JobMasterOptions;
  readonly #status: StateMachine<JobStatus>;
  readonly #regions: Regions;
  readonly #signals: SharedArrayBuffer;
  readonly #abort = new AbortController();
  readonly #restarts = new Set<Restart>();
  readonly #deployments = new Map<number, readonly Execution[]>();
  readonly #watchdog: CancelWatchdog;
  readonly #splits = new SplitAgreements();
  readonly #collected: CollectedValues;
  readonly #watermarkGroups = new WatermarkGroups();
  readonly #accumulatorMerger: OwnAccumulatorMerger;
  #ownAccumulators: ReadonlyMap<string, OwnAccumulator> = new Map();
  #restartCount = 0;
  #deployment = 0;
  #requestId = 0;
  #holdsSlots = false;
  #isEnding = false;
  #terminalSavepoint: StoredCheckpoint | undefined;

  constructor(options: JobMasterOptions) {
    const { jobId, graph, services, listener } = options;
    const { clock, random, launcher, limits, maxHeapMiB } = services;
    this.jobId = jobId;
    this.#options = options;
    this.assignment = assignSlots(graph.vertices);
    this.#signals = createSignals(this.assignment.slotCount);
    this.#regions = findRegions(graph);
    this.executions = new ExecutionGraph({
      graph,
      placement: this.assignment.placement,
      random,
      nowMs: () => clock.nowMs(),
      maxPriorAttempts: services.history.attempts,
      onChange: services.onChange,
    });
    this.exceptions = new ExceptionHistory(services.history.exceptions);
    this.#status = new StateMachine<JobStatus>({
      subject: `job ${jobId}`,
      table: jobTransitions,
      initial: options.initialStatus ?? JobStatus.CREATED,
      nowMs: () => clock.nowMs(),
      onMove: (move) => {
        services.onChange();
        listener.onStatus(move);
      },
    });
    const strategy = graph.execution.restartStrategy ?? defaultRestartStrategy(graph.checkpointing);
    this.strategy = createRestartStrategy(strategy, () => random.next());
    this.slots = new JobSlots({
      jobId,
      launcher,
      clock,
      startTimeoutMs: limits.slotStartTimeoutMs,
      maxHeapMiB,
      onMessage: (slotIndex, message) => this.#onMessage(slotIndex, message),
      onDied: (slotIndex, error) => this.#onSlotDied(slotIndex, error),
    });
    this.#watchdog = new CancelWatchdog({
      clock,
      ...limits,
      lastHeardMs: (slotIndex) => this.slots.lastHeardMs(slotIndex),
      kill: (slotIndex, afterMs) =>
        void this.slots.kill(slotIndex, appError('SLOT_UNRESPONSIVE', [slotIndex, afterMs], { jobId })),
    });
    this.#collected = new CollectedValues(graph.checkpointing, (slotIndex, message) =>
      listener.onSlotMessage(slotIndex, message),
    );
    this.checkpoints = this.#createCheckpointCoordinator();
    this.#accumulatorMerger = new OwnAccumulatorMerger({
      clock,
      send: (slotIndex, message) => this.slots.send(slotIndex, message),
      onProblem: (message, error) => listener.onProblem(message, error),
    });
  }

  get status(): JobStatus {
    return this.#status.state;
  }

  get timestamps(): Readonly<Record<JobStatus, number>> {
    return this.#status.timestamps;
  }

  get restartCount(): number {
    return this.#restartCount;
  }

  /** Merged by the program's own code, once the job has finished; by name. */
  get ownAccumulators(): ReadonlyMap<string, OwnAccumulator> {
    return this.#ownAccumulators;
  }

  /** Slots are acquired, tasks deployed. Before it, the checkpoint coordinator is told what to start from. */
  start(): void {
    this.#status.move(JobStatus.RUNNING);
    for (const { current } of this.executions.all) current.machine.move(ExecutionState.SCHEDULED);
    void this.#acquireAndDeploy();
  }

  /** Idempotent; ends in CANCELED unless the job ended otherwise before. */
  cancel(): void {
    if (this.#isEnding || !this.#status.canMove(JobStatus.CANCELLING)) return;
    this.#status.move(JobStatus.CANCELLING);
    this.#endAllTasks('the job is being cancelled');
  }

  /** The cluster shuts down: the job is kept and resumes later. */
  async suspend(): Promise<void> {
    if (this.#isEnding || !this.#status.canMove(JobStatus.SUSPENDED)) return;
    this.#status.move(JobStatus.SUSPENDED);
    this.#clearRestarts();
    await this.#end(JobStatus.SUSPENDED);
  }

  /** Closes a job that had ended before the process did: nothing is started. */
  async reconcile(status: 'FINISHED' | 'CANCELED'): Promise<void> {
    this.#isEnding = true;
    for (const { current } of this.executions.all) current.machine.move(ExecutionState.CANCELED);
    this.#status.move(status);
    await this.#end(status);
  }

  /** It cannot be resumed now and is kept: the reason stands in its exceptions. */
  async suspendWith(error: Error): Promise<void> {
    this.#recordException(error, undefined);
    await this.suspend();
  }

  /** Fails the whole job through its restart strategy. */
  failGlobally(error: Error): void {
    this.#recordException(error, undefined);
    this.#restartOrFail(this.executions.all, error);
  }

  /** Asks every slot for a report; the answer comes as a message. */
  requestReports(): void {
    this.slots.broadcast({ type: 'report', requestId: ++this.#requestId });
  }

  slotReports(): ReadonlyMap<number, SlotReport> {
    return this.slots.reports();
  }

  // --- deployment ---

  async #acquireAndDeploy(): Promise<void> {
    const { pool, limits } = this.#options.services;
    const { slotCount, explanation } = this.assignment;
    try {
      await pool.acquire(slotCount, explanation, limits.slotRequestTimeoutMs, this.#abort.signal);
    } catch (error) {
      if (!this.#isEnding && this.status === JobStatus.RUNNING) this.#failJob(toError(error));
      return;
    }
    if (this.#isEnding) {
      pool.release(slotCount);
      return;
    }
    this.#holdsSlots = true;
    await this.#deploy(this.executions.all);
  }

  /**
   * What fails or is cancelled on the way is left to whoever did it; other regions are deployed without it.
   * @param subtasks in SCHEDULED; closed over edges
   */
  async #deploy(subtasks: readonly ExecutionVertex[]): Promise<void> {
    const attempts = new Map(subtasks.map((subtask) => [subtask, subtask.current]));
    const isWaiting = (subtask: ExecutionVertex) =>
      !this.#isEnding &&
      subtask.current === attempts.get(subtask) &&
      subtask.current.state === ExecutionState.SCHEDULED;
    for (let waiting = subtasks.filter(isWaiting); waiting.length > 0; ) {
      const error = await this.#tryDeploy(waiting, isWaiting);
      const left = waiting.filter(isWaiting);
      if (error !== undefined && left.length === waiting.length) this.#failSubtasks(left, error);
      waiting = left.filter(isWaiting);
    }
  }

  /** @returns what stood in the way; undefined: those that still waited in the end were deployed */
  async #tryDeploy(
    subtasks: readonly ExecutionVertex[],
    isWaiting: (subtask: ExecutionVertex) => boolean,
  ): Promise<Error | undefined> {
    try {
      await this.slots.ensure(subtasks.map(({ slotIndex }) => slotIndex));
      const restore = await this.#loadRestorePoint();
      const waiting = subtasks.filter(isWaiting);
      if (waiting.length > 0) this.#sendDeployment(waiting, restore);
      return undefined;
    } catch (error) {
      return toError(error);
    }
  }

  #sendDeployment(subtasks: readonly ExecutionVertex[], restore: StateAssignment | undefined): void {
    const { jobId, graph, program, services, storage, workDirectory } = this.#options;
    const deployment = ++this.#deployment;
    const attempts = subtasks.map(({ current }) => current);
    this.#deployments.set(deployment, attempts);
    this.#splits.onDeployment(subtasks, restore);
    for (const [number, earlier] of this.#deployments) {
      if (earlier.every(({ isTerminal }) => isTerminal)) this.#deployments.delete(number);
    }
    const requests = planDeployment({
      jobId,
      graph,
      deployment,
      subtasks,
      placement: this.assignment.placement,
      restore,
      signals: this.#signals,
      program,
      createRing: services.createRing,
      storageOf: (slotIndex) => ({
        sharedDirectory: storage.sharedDirectory,
        workDirectory: workDirectory(slotIndex),
        backend: graph.execution.stateBackend ?? services.defaultBackend,
        inlineThresholdBytes: services.inlineThresholdBytes,
        diskCacheBytes: services.diskCacheBytes,
      }),
      channelLimits: services.channels,
      reportIntervalMs: services.reportIntervalMs,
    });
    for (const { current, vertex, subtaskIndex } of subtasks) {
      current.deployment = deployment;
      current.finishedOnRestore = restore?.[vertex.id]?.[subtaskIndex]?.finished ?? false;
      current.machine.move(ExecutionState.DEPLOYING);
    }
    for (const [slotIndex, request] of requests) this.slots.send(slotIndex, request);
  }

  /** M2. Everything is verified before anything is deployed; nothing is half-restored. */
  async #loadRestorePoint(): Promise<StateAssignment | undefined> {
    await this.checkpoints.settle();
    const { latest } = this.checkpoints;
    if (latest === undefined) return undefined;
    const { services, graph, allowNonRestoredState } = this.#options;
    await verifyStateFiles(latest, services.files);
    const assignment = assignState(latest.metadata, graph, allowNonRestoredState);
    this.checkpoints.noteRestored(latest);
    return assignment;
  }

  // --- messages ---

  #onMessage(slotIndex: number, message: SlotMessage): void {
    switch (message.type) {
      case 'task-state':
        this.#onTaskState(message);
        break;
      case 'deploy-failed':
        this.#onDeployFailed(slotIndex, message.deployment, message.error);
        break;
      case 'checkpoint-ack':
        this.checkpoints.onAcknowledged(message.executionId, message.checkpointId, message.state, message.metrics);
        break;
      case 'checkpoint-declined':
        this.checkpoints.onDeclined(message.executionId, message.checkpointId, message.error);
        break;
      case 'awaiting-final-checkpoint':
        if (this.executions.byExecutionId(message.executionId) !== undefined)
          this.checkpoints.onAwaitingFinalCheckpoint(message.executionId);
        break;
      case 'splits-found':
        this.#onSplitsFound(message);
        break;
      case 'watermark-reported':
        this.#onWatermarkReported(message);
        break;
      case 'reports':
        this.#onReports(message);
        this.#options.listener.onSlotMessage(slotIndex, message);
        break;
      case 'accumulator-merged':
        this.#accumulatorMerger.onMerged(message);
        break;
      case 'ready':
        break;
      case 'collected':
        this.#onCollected(message);
        break;
      case 'output':
        this.#options.listener.onSlotMessage(slotIndex, message);
        break;
    }
  }

  #onSplitsFound({ executionId, operatorId, splits }: Extract<SlotMessage, { type: 'splits-found' }>): void {
    const subtask = this.executions.byExecutionId(executionId);
    if (subtask === undefined || subtask.current.isTerminal) return; // M1; a task that is cancelled needs no answer
    const agreed = this.#splits.agree(subtask.vertex.id, operatorId, splits);
    this.slots.send(subtask.slotIndex, { type: 'splits-agreed', executionId, operatorId, ...agreed });
  }

  #onWatermarkReported(message: Extract<SlotMessage, { type: 'watermark-reported' }>): void {
    const subtask = this.executions.byExecutionId(message.executionId);
    if (subtask === undefined || subtask.current.isTerminal) return; // M1
    for (const { subtask: told, operatorId, watermarkMs } of this.#watermarkGroups.report(subtask, message)) {
      const { executionId } = told.current;
      this.slots.send(told.slotIndex, { type: 'group-watermark', executionId, operatorId, watermarkMs });
    }
  }

  #onCollected(message: Extract<SlotMessage, { type: 'collected' }>): void {
    const subtask = this.executions.byExecutionId(message.executionId);
    if (subtask !== undefined && !subtask.current.isTerminal) this.#collected.onMessage(subtask, message); // M1
  }

  #onReports(message: Extract<SlotMessage, { type: 'reports' }>): void {
    for (const report of message.reports) {
      const subtask = this.executions.byExecutionId(report.executionId);
      if (subtask !== undefined && !subtask.current.isTerminal) subtask.current.report = report;
    }
  }

  #onTaskState(message: Extract<SlotMessage, { type: 'task-state' }>): void {
    const subtask = this.executions.byExecutionId(message.executionId);
    // M1.
    if (subtask === undefined || subtask.current.isTerminal) return;
    const execution = subtask.current;
    execution.report = message.report ?? execution.report;
    if (execution.state === ExecutionState.CANCELING) {
      if (message.state !== 'INITIALIZING' && message.state !== 'RUNNING')
        this.#onAttemptEnded(execution, ExecutionState.CANCELED);
      return;
    }
    switch (message.state) {
      case 'INITIALIZING':
      case 'RUNNING':
        if (execution.machine.canMove(message.state)) execution.machine.move(message.state);
        if (message.state === 'RUNNING') this.#onTaskRunning();
        break;
      case 'FINISHED':
        this.checkpoints.onTaskFinished(execution.executionId);
        this.#onAttemptEnded(execution, ExecutionState.FINISHED);
        // A subtask that had finished before the restored checkpoint is never RUNNING.
        this.#onTaskRunning();
        break;
      case 'FAILED':
        this.#failSubtasks([subtask], toErrorWithCode(message.error));
        break;
      case 'CANCELED':
        this.#failSubtasks([subtask], new Error(`${subtask.taskName} was cancelled without being asked`));
        break;
    }
  }

  #onTaskRunning(): void {
    if (this.status !== JobStatus.RUNNING || this.#isEnding) return;
    const isRunning = ({ state }: Execution) => state === ExecutionState.RUNNING || state === ExecutionState.FINISHED;
    if (this.executions.every(isRunning)) this.checkpoints.start();
  }

  #onDeployFailed(slotIndex: number, deployment: number, error: SerializedError): void {
    const attempts = this.#deployments.get(deployment) ?? [];
    const failed = attempts.filter((attempt) => attempt.slotIndex === slotIndex && !attempt.isTerminal);
    this.#endCancelled(failed);
    const subtasks = failed.flatMap(({ executionId }) => this.executions.byExecutionId(executionId) ?? []);
    this.#failSubtasks(subtasks, toErrorWithCode(error));
  }

  #onSlotDied(slotIndex: number, error: AppError): void {
    if (this.#isEnding) return;
    const lost = this.executions.all.filter(({ current }) => current.slotIndex === slotIndex && !current.isTerminal);
    this.#endCancelled(lost.map(({ current }) => current));
    this.#failSubtasks(lost, error);
  }

  /** Attempts that were being cancelled have ended with whatever ended them. */
  #endCancelled(attempts: readonly Execution[]): void {
    for (const attempt of attempts) {
      if (attempt.state === ExecutionState.CANCELING) this.#onAttemptEnded(attempt, ExecutionState.CANCELED);
    }
  }

  // --- failures ---

  /** One failure that ended the given attempts. */
  #failSubtasks(subtasks: readonly ExecutionVertex[], error: Error): void {
    const failed = subtasks.filter(({ current }) => !current.isTerminal);
    if (failed.length === 0 || this.#isEnding) return;
    for (const { current } of failed) {
      current.failure = toSerializedError(error);
      current.machine.move(ExecutionState.FAILED);
    }
    this.#recordException(error, failed[0]);
    if (this.status === JobStatus.RUNNING || this.status === JobStatus.RESTARTING) this.#restartOrFail(failed, error);
    else this.#checkEnd();
  }

  #restartOrFail(failed: readonly ExecutionVertex[], error: Error): void {
    const { clock } = this.#options.services;
    if (this.#terminalSavepoint !== undefined) {
      // M4.
      this.#failJob(appError('STOP_INCOMPLETE', [error.message, this.#terminalSavepoint.directory], { cause: error }));
      return;
    }
    if (isRestoreError(error)) {
      this.#enterFailing();
      return;
    }
    this.strategy.notifyFailure(clock.nowMs());
    if (!this.strategy.canRestart()) {
      this.#giveUp(error);
      return;
    }
    const affected = [...new Set(failed.flatMap((subtask) => this.#restartSetOf(subtask)))];
    if (this.#collected.mayRestart(affected)) {
      this.#options.listener.onProblem(`Job ${this.jobId} restarts (${this.#restartCount + 1})`, error);
      this.#beginRestart(affected, this.strategy.backoffMs());
    } else this.#failJob(appError('COLLECT_RESTARTED', [this.jobId, error.message], { cause: error }));
  }

  /** A stop did not come about, but sources may have stopped for it: everything restarts from the newest checkpoint. */
  resumeAfterFailedStop(): void {
    if (this.status !== JobStatus.RUNNING || this.#isEnding) return;
    const { all } = this.executions;
    if (this.checkpoints.latest !== undefined && this.#collected.mayRestart(all)) this.#beginRestart(all, 0);
    else
      this.failGlobally(
        new Error('The job was to stop with a savepoint, which failed, and it has no checkpoint to go on from'),
      );
  }

  #restartSetOf({ vertex, subtaskIndex }: ExecutionVertex): readonly ExecutionVertex[] {
    const keys = this.#regions.restartSetOf({ vertexId: vertex.id, subtaskIndex });
    return keys.flatMap((key) => this.executions.subtasks(key.vertexId)[key.subtaskIndex] ?? []);
  }

  #beginRestart(affected: readonly ExecutionVertex[], delayMs: number): void {
    const { clock } = this.#options.services;
    this.#restartCount += 1;
    this.checkpoints.suspend('tasks are restarting');
    if (this.status === JobStatus.RUNNING) this.#status.move(JobStatus.RESTARTING);
    const joined = new Set(affected);
    for (const earlier of [...this.#restarts]) {
      if (!earlier.subtasks.some((subtask) => joined.has(subtask))) continue;
      for (const subtask of earlier.subtasks) joined.add(subtask);
      earlier.timer?.cancel();
      this.#restarts.delete(earlier);
    }
    const restart: Restart = { subtasks: [...joined], isDelayOver: false, timer: undefined };
    this.#restarts.add(restart);
    restart.timer = clock.schedule(clock.nowMs() + delayMs, () => {
      restart.isDelayOver = true;
      this.#continueRestart(restart);
    });
    this.#endTasks(restart.subtasks);
  }

  #continueRestart(restart: Restart): void {
    const isReady = restart.isDelayOver && restart.subtasks.every(({ current }) => current.isTerminal);
    if (!isReady || !this.#restarts.delete(restart)) return;
    for (const subtask of restart.subtasks)
      this.executions.createAttempt(subtask).machine.move(ExecutionState.SCHEDULED);
    if (this.#restarts.size === 0) this.#status.move(JobStatus.RUNNING);
    void this.#deploy(restart.subtasks);
  }

  /** Without a strategy the failure itself is what users look for; else also that the strategy gave up. */
  #giveUp(error: Error): void {
    const config =
      this.#options.graph.execution.restartStrategy ?? defaultRestartStrategy(this.#options.graph.checkpointing);
    if (config.kind === 'none') this.#enterFailing();
    else this.#failJob(appError('RESTART_SUPPRESSED', [this.strategy.description, error.message], { cause: error }));
  }

  #failJob(error: Error): void {
    if (!this.#status.canMove(JobStatus.FAILING)) return;
    this.#recordException(error, undefined);
    this.#enterFailing();
  }

  /** The failure is recorded already. */
  #enterFailing(): void {
    if (!this.#status.canMove(JobStatus.FAILING)) return;
    this.#status.move(JobStatus.FAILING);
    this.#endAllTasks('the job is failing');
  }

  #recordException(error: Error, subtask: ExecutionVertex | undefined): void {
    this.#options.services.onChange();
    const { name, message, stack, code } = toSerializedError(error);
    this.exceptions.record({
      timestampMs: this.#options.services.clock.nowMs(),
      name,
      message,
      stackTrace: stack ?? `${name}: ${message}`,
      code,
      taskName: subtask?.taskName,
      vertexId: subtask?.vertex.id,
      subtaskIndex: subtask?.subtaskIndex,
      attemptNumber: subtask?.current.attemptNumber,
      slotIndex: subtask?.slotIndex,
    });
  }

  // --- ending ---

  #endAllTasks(reason: string): void {
    this.#clearRestarts();
    this.#abort.abort();
    this.checkpoints.suspend(reason);
    this.#endTasks(this.executions.all);
    this.#checkEnd();
  }

  /** Cancels what runs; what was not deployed is over at once. */
  #endTasks(subtasks: readonly ExecutionVertex[]): void {
    const bySlot = new Map<number, string[]>();
    const attempts = subtasks.map(({ current }) => current).filter(({ isTerminal }) => !isTerminal);
    for (const attempt of attempts) {
      if (!attempt.machine.canMove(ExecutionState.CANCELING)) continue;
      attempt.machine.move(ExecutionState.CANCELING);
      bySlot.set(attempt.slotIndex, [...(bySlot.get(attempt.slotIndex) ?? []), attempt.executionId]);
    }
    for (const attempt of attempts) {
      if (attempt.machine.canMove(ExecutionState.CANCELED) && attempt.state !== ExecutionState.CANCELING) {
        this.#onAttemptEnded(attempt, ExecutionState.CANCELED);
      }
    }
    for (const [slotIndex, executionIds] of bySlot) this.#cancelInSlot(slotIndex, executionIds);
  }

  /** M3. */
  #cancelInSlot(slotIndex: number, executionIds: readonly string[]): void {
    this.#watchdog.watch(
      slotIndex,
      () =>
        !this.#isEnding &&
        executionIds.some((id) => this.executions.byExecutionId(id)?.current.state === ExecutionState.CANCELING),
    );
    this.slots.send(slotIndex, { type: 'cancel', executionIds });
    this.slots.send(slotIndex, { type: 'report', requestId: ++this.#requestId });
  }

  #clearRestarts(): void {
    for (const { timer } of this.#restarts) timer?.cancel();
    this.#restarts.clear();
  }

  #onAttemptEnded(execution: Execution, state: 'FINISHED' | 'CANCELED'): void {
    execution.machine.move(state);
    this.#checkEnd();
  }

  #checkEnd(): void {
    for (const restart of [...this.#restarts]) this.#continueRestart(restart);
    if (this.#isEnding || !this.executions.every(({ isTerminal }) => isTerminal)) return;
    if (this.status === JobStatus.CANCELLING) void this.#finish(JobStatus.CANCELED);
    else if (this.status === JobStatus.FAILING) void this.#finish(JobStatus.FAILED);
    else if (this.status === JobStatus.RUNNING && this.executions.every(isFinished))
      void this.#finish(JobStatus.FINISHED);
  }

  async #finish(status: 'CANCELED' | 'FAILED' | 'FINISHED'): Promise<void> {
    this.#isEnding = true;
    // A checkpoint that is being completed ends first: what it commits is part of the job.
    await this.checkpoints.stop(`the job is ${status}`);
    if (status === JobStatus.FINISHED) this.#collected.onJobFinished();
    this.#ownAccumulators = await this.#accumulatorMerger.merge(this.executions.all);
    this.#status.move(status);
    await this.#end(status);
  }

  async #end(status: JobStatus): Promise<void> {
    this.#isEnding = true;
    this.#abort.abort();
    this.#watchdog.close();
    await this.checkpoints.stop(`the job is ${status}`);
    await this.slots.close();
    if (this.#holdsSlots) this.#options.services.pool.release(this.assignment.slotCount);
    this.#holdsSlots = false;
    await this.#options.listener.onEnded(status);
  }

  // --- checkpoints ---

  #createCheckpointCoordinator(): CheckpointCoordinator {
    const { jobId, graph, programDigest, storage, services, listener } = this.#options;
    return new CheckpointCoordinator({
      jobId,
      graph,
      config: graph.checkpointing,
      clock: services.clock,
      storage,
      engineVersion: services.engineVersion,
      programDigest,
      retained: services.retainedCheckpoints,
      historySize: services.history.checkpoints,
      onChange: services.onChange,
      onProblem: (message, error) => listener.onProblem(message, error),
      target: {
        tasks: () => this.executions.all.map(toCheckpointTask),
        triggerTargets: () => findTriggerTargets(this.executions),
        send: (slotIndex, message) => this.slots.send(slotIndex, message),
        broadcast: (message) => this.#broadcastOfCheckpoints(message),
        onFailuresExceeded: (error) => this.#onCheckpointFailures(error),
        onFirstCheckpoint: () => listener.onFirstCheckpoint(),
        onTerminalSavepoint: (savepoint, end) => this.#onTerminalSavepoint(savepoint, end),
      },
    });
  }

  #broadcastOfCheckpoints(message: CoordinatorMessage): void {
    if (message.type === 'notify-complete') this.#collected.onCheckpointCompleted(message.checkpointId);
    this.slots.broadcast(message);
  }

  #onCheckpointFailures(error: AppError): void {
    if (this.status !== JobStatus.RUNNING || this.#isEnding) return;
    this.failGlobally(error);
  }

  async #onTerminalSavepoint(savepoint: StoredCheckpoint, end: TerminalSavepoint): Promise<void> {
    await this.#options.listener.onTerminalSavepoint(savepoint, end);
    this.#terminalSavepoint = savepoint;
  }
}

function isFinished({ state }: Execution): boolean {
  return state === ExecutionState.FINISHED;
}

/** What slots say of a program or a state that no restart can change. */
const FATAL_IN_SLOTS: ReadonlySet<unknown> = new Set<ErrorCode>([
  'PROGRAM_NOT_DETERMINISTIC',
  'PROGRAM_FAILED_TO_LOAD',
  'PROGRAM_ENTRY_MISSING',
  'PROGRAM_MODULE_UNKNOWN',
  'STATE_KIND_CHANGED',
  'STATE_TYPE_CHANGED',
  'STATE_NAMESPACE_CHANGED',
  'STATE_KEY_TYPE_CHANGED',
  'STATE_FILE_VERSION_UNKNOWN',
]);

/** Restarting would fail again the same way. */
function isRestoreError(error: Error): boolean {
  if (error instanceof AppError) return error.retry === 'never' && error.domain === 'user';
  return FATAL_IN_SLOTS.has((error as { code?: unknown }).code);
}

/** A failure of a slot as an error of this thread: the text is the other side's. */
function toErrorWithCode(serialized: SerializedError | undefined): Error {
  const error = new Error(serialized?.message ?? 'The task failed without saying why');
  error.name = serialized?.name ?? 'Error';
  if (serialized?.stack !== undefined) error.stack = serialized.stack;
  return serialized?.code === undefined ? error : Object.assign(error, { code: serialized.code });
}
