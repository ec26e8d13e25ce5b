// A job of this process: its durable record, its master, and who waits for its result.
//   J1. A job ends in this order: archive entry durable, checkpoints removed (unless retained), record removed, result given (C6).
//   J2. Views follow the status: from the moment it is terminal they say how the job ended, archived or not.
import { join } from 'node:path';
import type { TerminalSavepoint } from '../../checkpoint/checkpoint-coordinator.ts';
import { CheckpointStorage } from '../../checkpoint/checkpoint-storage.ts';
import type { StoredCheckpoint } from '../../checkpoint/metadata-reader.ts';
import { appError } from '../../errors.ts';
import type { JobExecutionResultData, SlotMessage } from '../messages.ts';
import { type AccumulatorView, mergeAccumulators } from './accumulator-merge.ts';
import type { ArchivedJob, ArchiveEntry } from './archive/archived-job.ts';
import { JobMaster, type JobMasterServices } from './job-master.ts';
import { isGloballyTerminal, JobStatus } from './job-status.ts';
import type { JobRecord, JobStore } from './job-store.ts';
import { countSubtaskStates, countVertexStates, durationOf, viewVertices } from './job-view.ts';
import type { StateMove } from './state-machine.ts';
import type { JobDetailView, JobOverviewView, JobResultView } from './views.ts';

/** Attempts to store the end of a job before it is left to the next start. */
const MAX_STORE_ATTEMPTS = 20;
const STORE_RETRY_MS = 3_000;

export interface RunningJobOptions {
  readonly record: JobRecord;
  readonly services: JobMasterServices;
  readonly store: JobStore;
  readonly dataDirectory: string;
  readonly initialStatus?: JobStatus;
  readonly onStatus: (job: RunningJob, move: StateMove<JobStatus>) => void;
  readonly onSlotMessage: (job: RunningJob, slotIndex: number, message: SlotMessage) => void;
  readonly onProblem: (message: string, error: unknown) => void;
  /** Ended for good or suspended; it is in the archive if the former. */
  readonly onClosed: (job: RunningJob) => void;
}

export class RunningJob {
  readonly storage: CheckpointStorage;
  readonly master: JobMaster;
  /** Resolves in FINISHED, rejects in any other end. */
  readonly result: Promise<JobExecutionResultData>;
  /** Resolves when the job ended in any way and nothing of it is under way. */
  readonly closed: Promise<void>;
  readonly #options: RunningJobOptions;
  #record: JobRecord;
  #saving: Promise<void> = Promise.resolve();
  #isCheckpointRecorded: boolean;
  #resolveResult: (result: JobExecutionResultData) => void = () => {};
  #rejectResult: (error: Error) => void = () => {};
  #resolveClosed: () => void = () => {};

  constructor(options: RunningJobOptions) {
    const { record, services, dataDirectory } = options;
    this.#options = options;
    this.#record = record;
    this.#isCheckpointRecorded = record.hasCheckpoint === true;
    this.storage = new CheckpointStorage(record.checkpointsDirectory, record.jobId, services.files);
    this.result = new Promise((resolve, reject) => {
      this.#resolveResult = resolve;
      this.#rejectResult = reject;
    });
    // Nobody may be waiting.
    this.result.catch(() => {});
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.master = new JobMaster({
      ...record,
      ...(options.initialStatus === undefined ? {} : { initialStatus: options.initialStatus }),
      storage: this.storage,
      workDirectory: (slotIndex) => join(dataDirectory, 'work', record.jobId, `slot-${slotIndex}`),
      services,
      listener: {
        onStatus: (move) => options.onStatus(this, move),
        onSlotMessage: (slotIndex, message) => options.onSlotMessage(this, slotIndex, message),
        onProblem: options.onProblem,
        onFirstCheckpoint: () => this.#recordFirstCheckpoint(),
        onTerminalSavepoint: (savepoint, end) => this.#recordTerminalSavepoint(savepoint, end),
        onEnded: (status) => this.#onEnded(status),
      },
    });
  }

  get jobId(): string {
    return this.#record.jobId;
  }

  get record(): JobRecord {
    return this.#record;
  }

  /** From here on the job is not resumed, whatever happens. */
  async recordCancelRequest(): Promise<void> {
    await this.#change({ cancelRequested: true });
  }

  overview(): JobOverviewView {
    const { master } = this;
    const nowMs = this.#options.services.clock.nowMs();
    const { timestamps, status, executions } = master;
    const endTimeMs = isGloballyTerminal(status) ? timestamps[status] : -1;
    const startTimeMs = timestamps.INITIALIZING || timestamps.CREATED || timestamps.RECONCILING;
    return {
      jobId: this.jobId,
      name: executions.graph.name,
      type: executions.graph.type,
      state: status,
      startTimeMs,
      endTimeMs,
      durationMs: durationOf(startTimeMs, endTimeMs, nowMs),
      lastModificationMs: Math.max(...Object.values(timestamps)),
      taskCount: executions.all.length,
      tasks: countSubtaskStates(executions),
    };
  }

  detail(): JobDetailView {
    const { master } = this;
    const { graph } = master.executions;
    const nowMs = this.#options.services.clock.nowMs();
    const vertices = viewVertices(master.executions, nowMs, master.ownAccumulators);
    return {
      ...this.overview(),
      nowMs,
      timestamps: { ...master.timestamps },
      vertices,
      statusCounts: countVertexStates(vertices),
      plan: graph.plan,
      exceptions: master.exceptions.view(),
      accumulators: this.#accumulators(),
      checkpoints: master.checkpoints.statistics.view(),
      checkpointing: graph.checkpointing,
      execution: graph.execution,
      stateBackend: graph.execution.stateBackend ?? this.#options.services.defaultBackend,
      restartStrategy: master.strategy.description,
      restarts: master.restartCount,
    };
  }

  /** J2. */
  resultView(): JobResultView {
    const { status: state, exceptions } = this.master;
    if (!isGloballyTerminal(state)) return { status: 'IN_PROGRESS' };
    return {
      status: 'COMPLETED',
      overview: this.overview(),
      state,
      result: this.#resultData(),
      failure: exceptions.view().root,
    };
  }

  async #recordFirstCheckpoint(): Promise<void> {
    if (this.#isCheckpointRecorded) return;
    await this.#change({ hasCheckpoint: true });
    this.#isCheckpointRecorded = true;
  }

  async #recordTerminalSavepoint({ directory }: StoredCheckpoint, end: TerminalSavepoint): Promise<void> {
    await this.#change({ terminal: { end, directory } });
  }

  /** One write of the record at a time, in order. */
  #change(change: Partial<JobRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    const saved = this.#saving.then(() => this.#options.store.saveRecord(this.#record));
    this.#saving = saved.catch(() => {});
    return saved;
  }

  async #onEnded(status: JobStatus): Promise<void> {
    await this.#saving;
    if (isGloballyTerminal(status)) await this.#archive(status);
    this.#options.onClosed(this);
    this.#settleResult(status);
    this.#resolveClosed();
  }

  /** J1. */
  async #archive(status: JobStatus): Promise<void> {
    const { store, services, dataDirectory, onProblem } = this.#options;
    const keepsCheckpoints = retainsCheckpoints(this.#record.graph.checkpointing.externalized, status);
    if (!keepsCheckpoints) this.master.checkpoints.forgetAll();
    const entry: ArchivedJob = {
      archivedMs: services.clock.nowMs(),
      keepsCheckpoints,
      detail: this.detail(),
      result: this.#resultData(),
    };
    const isStored = await this.#retry(() => store.saveArchive(entry));
    if (!isStored) return;
    try {
      if (!keepsCheckpoints) await this.master.checkpoints.discardAll();
      await services.files.remove(join(dataDirectory, 'work', this.jobId));
      await store.removeRecord(this.jobId);
    } catch (error) {
      onProblem(`Job ${this.jobId} ended; what is left of it is removed at the next start`, error);
    }
  }

  /** @returns false when it was given up: the record stays, and the next start resumes the job from its last checkpoint */
  async #retry(action: () => Promise<void>): Promise<boolean> {
    const { clock } = this.#options.services;
    for (let attempt = 1; attempt <= MAX_STORE_ATTEMPTS; attempt++) {
      try {
        await action();
        return true;
      } catch (error) {
        this.#options.onProblem(
          `The end of job ${this.jobId} was not stored (attempt ${attempt} of ${MAX_STORE_ATTEMPTS})`,
          error,
        );
        await new Promise<void>((resolve) => clock.schedule(clock.nowMs() + STORE_RETRY_MS, resolve));
      }
    }
    return false;
  }

  #settleResult(status: JobStatus): void {
    if (status === JobStatus.FINISHED) {
      this.#resolveResult(this.#resultData());
      return;
    }
    const root = this.master.exceptions.view().root;
    if (status === JobStatus.CANCELED) this.#rejectResult(appError('JOB_CANCELED', [this.jobId]));
    else if (status === JobStatus.FAILED)
      this.#rejectResult(appError('JOB_FAILED', [this.jobId, root?.message ?? 'unknown']));
    else this.#rejectResult(appError('CLUSTER_CLOSED', [`job ${this.jobId}`]));
  }

  #accumulators(): readonly AccumulatorView[] {
    const { executions, ownAccumulators } = this.master;
    return mergeAccumulators(
      executions.all.map(({ current }) => current.report),
      ownAccumulators,
    );
  }

  #resultData(): JobExecutionResultData {
    const { jobId } = this;
    return {
      jobId,
      netRuntimeMs: this.overview().durationMs,
      accumulators: Object.fromEntries(this.#accumulators().map(({ name, value }) => [name, value])),
    };
  }
}

/** What J1 had left when the process ended between its steps. */
export async function finishCleanUp(
  record: JobRecord,
  archived: Pick<ArchiveEntry, 'keepsCheckpoints'>,
  storage: CheckpointStorage,
  store: JobStore,
): Promise<void> {
  if (!archived.keepsCheckpoints) await storage.removeJob();
  await store.removeRecord(record.jobId);
}

/** @see Apache Flink, CheckpointRetentionPolicy */
export function retainsCheckpoints(
  mode: 'DELETE_ON_CANCELLATION' | 'RETAIN_ON_CANCELLATION' | 'NO_EXTERNALIZED_CHECKPOINTS',
  status: JobStatus,
): boolean {
  if (mode === 'NO_EXTERNALIZED_CHECKPOINTS' || status === JobStatus.FINISHED) return false;
  return status === JobStatus.FAILED || mode === 'RETAIN_ON_CANCELLATION';
}
