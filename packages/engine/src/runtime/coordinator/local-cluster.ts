// The cluster in this process: jobs, slots, savepoints, archive. Everything goes through here; HTTP is the server's.
//   C6. After kill -9 at any instant, the next cluster on the same data directory finds every accepted job and resumes it from its newest
//       complete checkpoint; a job that had ended, or whose end a savepoint had completed, is not started again.
import { join } from 'node:path';
import type { JobRequest } from '../../api/program-context.ts';
import { adoptMaxParallelism } from '../../checkpoint/adopt-max-parallelism.ts';
import type { CheckpointView } from '../../checkpoint/checkpoint-statistics.ts';
import { CheckpointStorage } from '../../checkpoint/checkpoint-storage.ts';
import { readMetadata, type StoredCheckpoint, verifyStateFiles } from '../../checkpoint/metadata-reader.ts';
import { assignState } from '../../checkpoint/state-assignment.ts';
import { appError, toError } from '../../errors.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import { MetricRegistry } from '../../metrics/metric-registry.ts';
import type { JobExecutionResultData, ProgramDescriptor, SlotMessage, SubtaskAddress } from '../messages.ts';
import type { ArchivedJob } from './archive/archived-job.ts';
import { AsyncOperations, type OperationRecord } from './async-operations.ts';
import { type CollectedEvent, DRIVER_SLOT, EventHub, type OutputEvent } from './cluster-events.ts';
import { ClusterLock } from './cluster-lock.ts';
import { createHexId } from './ids.ts';
import type { JobMasterServices } from './job-master.ts';
import { isGloballyTerminal, JobStatus } from './job-status.ts';
import { type JobRecord, JobStore } from './job-store.ts';
import {
  type LocalClusterOptions,
  type ResolvedClusterOptions,
  resolveClusterOptions,
} from './local-cluster-options.ts';
import type { ProgramExecution } from './program-execution.ts';
import { type ProgramRun, ProgramRunner } from './program-runner.ts';
import { findRecoveredCheckpoints } from './recovered-checkpoints.ts';
import { Revision } from './revision.ts';
import { finishCleanUp, RunningJob } from './running-job.ts';
import { SavepointOperations } from './savepoint-operations.ts';
import { assignSlots } from './slot-assignment.ts';
import { SlotPool } from './slot-pool.ts';
import type { ClusterOverviewView, JobDetailView, JobOverviewView, JobResultView } from './views.ts';

const MAX_REPORT_INTERVAL_MS = 1000;
/** Below it reports would cost more than they tell: rates are taken over 200 ms at least. */
const MIN_REPORT_INTERVAL_MS = 100;

export interface SubmitOptions {
  /** 32 hex digits; undefined: a new one. A caller that may repeat a submission gives its own. */
  readonly jobId?: string | undefined;
  readonly name?: string | undefined;
  readonly savepointPath?: string | undefined;
  readonly allowNonRestoredState?: boolean | undefined;
}

export interface SubmitJobOptions extends SubmitOptions {
  /** Path of the bundled program; copied. */
  readonly bundlePath: string;
  /** "default", or an entry class name. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly parallelism: number | undefined;
  /** Ends the program while it has executed no job; afterwards it says nothing. */
  readonly untilAccepted?: AbortSignal | undefined;
}

export interface SavepointRequest {
  /** Parent directory; undefined: the configured one. */
  readonly directory?: string | undefined;
  readonly triggerId?: string | undefined;
}

export interface SlotThread {
  readonly jobId: string;
  readonly jobName: string;
  readonly slotIndex: number;
  readonly threadId: number;
  readonly bundlePath: string;
  readonly tasks: readonly (SubtaskAddress & { readonly taskName: string })[];
}

export class LocalCluster {
  readonly metrics: MetricRegistry;
  readonly #options: ResolvedClusterOptions;
  readonly #lock: ClusterLock;
  readonly #store: JobStore;
  readonly #pool: SlotPool;
  readonly #services: JobMasterServices;
  readonly #operations: AsyncOperations;
  readonly #savepoints: SavepointOperations;
  readonly #programs: ProgramRunner | undefined;
  readonly #jobs = new Map<string, RunningJob>();
  /** Ids of jobs that are being accepted. */
  readonly #accepting = new Set<string>();
  readonly #output: EventHub<OutputEvent>;
  readonly #collected: EventHub<CollectedEvent>;
  readonly #revision = new Revision();
  #isClosed = false;

  private constructor(options: ResolvedClusterOptions, lock: ClusterLock) {
    const { clock, dataDirectory, files, limits, random } = options;
    const onProblem = (message: string, error: unknown) => this.#onProblem(message, error);
    this.#options = options;
    this.#lock = lock;
    this.#pool = new SlotPool(options.slots, clock);
    this.#output = new EventHub(onProblem);
    if (options.onOutput !== undefined) this.#output.subscribe(options.onOutput);
    this.#collected = new EventHub(onProblem);
    this.#store = new JobStore({
      dataDirectory,
      files,
      nowMs: () => clock.nowMs(),
      maxArchived: limits.maxArchivedJobs,
      maxArchiveAgeMs: limits.maxArchiveAgeMs,
      archiveCacheBytes: limits.archiveCacheBytes,
      onProblem,
    });
    this.#operations = new AsyncOperations({
      directory: join(dataDirectory, 'operations'),
      files,
      clock,
      maxRecords: limits.maxOperations,
      maxAgeMs: limits.maxOperationAgeMs,
      maxInProgress: limits.maxOperationsInProgress,
      onProblem,
    });
    this.#savepoints = new SavepointOperations({
      operations: this.#operations,
      files,
      random,
      defaultDirectory: options.savepointsDirectory,
      jobs: () => this.#jobs.values(),
      forgetInArchive: (directory) => this.#store.archive.markDiscarded(directory).finally(this.#revision.bump),
      onProblem,
    });
    const onProgramFailed = (message: string, error: unknown) =>
      options.logger.info(message, { error: toError(error).message });
    this.#programs = options.driver && new ProgramRunner(options.driver, onProgramFailed);
    this.#services = createServices(options, this.#pool, this.#revision.bump);
    this.metrics = new MetricRegistry({
      clock,
      jobs: () => this.#jobs.values(),
      pool: this.#pool,
      updateIntervalMs: limits.metricsUpdateIntervalMs,
    });
  }

  /** Takes the data directory and resumes what is in it. @throws DATA_DIR_LOCKED, DATA_DIR_UNUSABLE */
  static async open(options: LocalClusterOptions): Promise<LocalCluster> {
    const resolved = resolveClusterOptions(options);
    const token = createHexId(resolved.random);
    const lock = await acquireLock(resolved, token);
    try {
      const cluster = new LocalCluster(resolved, lock);
      await cluster.#recover();
      return cluster;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Records of unfinished jobs that cannot be read: those jobs are not there, and their state is. */
  get unreadableRecords(): readonly string[] {
    return this.#store.unreadable;
  }

  // --- jobs ---

  /** Runs a program; resolves with the id of its first job once that is accepted. */
  async submitJob(options: SubmitJobOptions): Promise<string> {
    const execution = await this.submitProgram(options);
    return execution.jobIds[0] as string;
  }

  /** Runs a program; resolves once its first job is accepted. */
  async submitProgram(options: SubmitJobOptions): Promise<ProgramExecution> {
    this.#checkOpen();
    if (this.#programs === undefined) throw new Error('This cluster has no driver: use submitGraph');
    const { path } = await this.#store.storeProgram(options.bundlePath);
    const program: ProgramDescriptor = {
      bundlePath: path,
      entry: options.entry,
      args: options.args,
      parallelism: options.parallelism,
      submittedAtMs: this.#options.clock.nowMs(),
      defaults: this.#options.defaults,
      executeIndex: 0,
      earlierResults: [],
    };
    return this.#programs.start({
      program,
      // Only the first job has an id and a savepoint given from outside.
      submit: (graph, descriptor) => this.submitGraph(graph, descriptor, descriptor.executeIndex === 0 ? options : {}),
      ...this.#programServices(),
      resumed: undefined,
      untilAccepted: options.untilAccepted,
    });
  }

  /** Programs that have not ended, those of resumed jobs among them. */
  programs(): readonly ProgramExecution[] {
    return this.#programs?.executions ?? [];
  }

  /**
   * Accepts a job: when this resolves, it is durable.
   * @returns job id
   * @throws JOB_ALREADY_EXISTS, SLOTS_SHORT, and everything that makes its savepoint unusable
   */
  async submitGraph(
    graph: JobGraphDescription,
    program: ProgramDescriptor,
    options: SubmitOptions = {},
  ): Promise<string> {
    this.#checkOpen();
    const jobId = options.jobId ?? createHexId(this.#options.random);
    if (this.#isKnown(jobId)) throw appError('JOB_ALREADY_EXISTS', [jobId]);
    this.#accepting.add(jobId);
    try {
      await this.#accept(jobId, withName(graph, options.name), program, options);
    } finally {
      this.#accepting.delete(jobId);
    }
    return jobId;
  }

  /** Accepted; the job ends later. @throws JOB_NOT_FOUND, JOB_TERMINATED */
  async cancel(jobId: string): Promise<void> {
    const job = this.#runningJob(jobId);
    job.master.cancel();
    await job.recordCancelRequest().catch((error: unknown) => {
      this.#onProblem(`The cancellation of job ${jobId} is under way but not recorded`, error);
    });
    if (job.master.status === JobStatus.SUSPENDED && !this.#isClosed) await this.#endSuspended(job.record);
  }

  /** A job that could not be resumed has no tasks to end. */
  async #endSuspended(record: JobRecord): Promise<void> {
    const job = this.#createJob(record, JobStatus.RECONCILING);
    this.#jobs.set(record.jobId, job);
    await job.master.reconcile(JobStatus.CANCELED);
  }

  /** The job's result when it finished. @throws JOB_NOT_FOUND, JOB_CANCELED, JOB_FAILED, CLUSTER_CLOSED */
  async awaitResult(jobId: string): Promise<JobExecutionResultData> {
    const job = this.#jobs.get(jobId);
    if (job !== undefined) return job.result;
    const { detail, result } = this.#archivedJob(jobId);
    if (detail.state === JobStatus.CANCELED) throw appError('JOB_CANCELED', [jobId]);
    if (detail.state === JobStatus.FAILED)
      throw appError('JOB_FAILED', [jobId, detail.exceptions.root?.message ?? 'unknown']);
    return result;
  }

  /** @throws JOB_NOT_FOUND */
  requestJobResult(jobId: string): JobResultView {
    const job = this.#jobs.get(jobId);
    if (job !== undefined) return job.resultView();
    const { detail, result } = this.#archivedJob(jobId);
    return { status: 'COMPLETED', overview: detail, state: detail.state, result, failure: detail.exceptions.root };
  }

  /** Running jobs first, then ended ones, each newest last. */
  listJobs(): readonly JobOverviewView[] {
    // A job that is being archived is in both.
    const archived = this.#store.archive.overviews().filter(({ jobId }) => !this.#jobs.has(jobId));
    return [...[...this.#jobs.values()].map((job) => job.overview()), ...archived];
  }

  /** Of an ended job it may be read from disk. @throws JOB_NOT_FOUND, JOB_ARCHIVE_CORRUPT */
  jobDetail(jobId: string): JobDetailView {
    return this.#jobs.get(jobId)?.detail() ?? this.#archivedJob(jobId).detail;
  }

  /** Undefined: not in the history of the job. @throws JOB_NOT_FOUND */
  checkpointDetail(jobId: string, checkpointId: number): CheckpointView | undefined {
    const { history } = this.jobDetail(jobId).checkpoints;
    return history.find(({ id }) => id === checkpointId);
  }

  /** Goes up when a job or task changes its state, a checkpoint its status, or a job comes or goes; not with reported numbers. */
  get revision(): number {
    return this.#revision.value;
  }

  overview(): ClusterOverviewView {
    const states = this.listJobs().map(({ state }) => state);
    const count = (matches: (state: JobStatus) => boolean) => states.filter(matches).length;
    return {
      slotsTotal: this.#pool.total,
      slotsAvailable: this.#pool.free,
      jobsRunning: count((state) => !isGloballyTerminal(state) && state !== JobStatus.SUSPENDED),
      jobsFinished: count((state) => state === JobStatus.FINISHED),
      jobsCancelled: count((state) => state === JobStatus.CANCELED),
      jobsFailed: count((state) => state === JobStatus.FAILED),
    };
  }

  /** Asks the job's slots for fresh numbers; they arrive shortly after. */
  requestReports(jobId: string): void {
    this.#jobs.get(jobId)?.master.requestReports();
  }

  /** Slots that run in threads of their own, and what runs in them now. */
  slotThreads(): readonly SlotThread[] {
    return [...this.#jobs.values()].flatMap(({ jobId, master, record }) =>
      [...master.slots.threadIds()].map(([slotIndex, threadId]) => ({
        jobId,
        jobName: master.executions.graph.name,
        slotIndex,
        threadId,
        bundlePath: record.program.bundlePath,
        tasks: master.executions.all
          .filter((subtask) => subtask.slotIndex === slotIndex && !subtask.current.isTerminal)
          .map(({ vertex, subtaskIndex, taskName }) => ({ vertexId: vertex.id, subtaskIndex, taskName })),
      })),
    );
  }

  // --- savepoints ---

  /** @returns trigger id. @throws JOB_NOT_FOUND, JOB_TERMINATED, SAVEPOINT_DIR_MISSING, STOP_IN_PROGRESS */
  async triggerSavepoint(jobId: string, request: SavepointRequest & { readonly cancelJob?: boolean }): Promise<string> {
    return this.#savepoints.trigger(this.#jobOfTrigger(jobId, request), {
      kind: request.cancelJob === true ? 'cancel-with-savepoint' : 'savepoint',
      targetDirectory: request.directory,
      triggerId: request.triggerId,
      drain: false,
    });
  }

  /** @returns trigger id. @throws as triggerSavepoint */
  async stopWithSavepoint(jobId: string, request: SavepointRequest & { readonly drain?: boolean }): Promise<string> {
    return this.#savepoints.trigger(this.#jobOfTrigger(jobId, request), {
      kind: 'stop-with-savepoint',
      targetDirectory: request.directory,
      triggerId: request.triggerId,
      drain: request.drain ?? false,
    });
  }

  /** @returns trigger id. @throws JOB_NOT_FOUND, JOB_TERMINATED */
  async triggerCheckpoint(jobId: string, triggerId?: string): Promise<string> {
    return this.#savepoints.triggerCheckpoint(this.#jobOfTrigger(jobId, { triggerId }), triggerId);
  }

  /** @returns trigger id */
  disposeSavepoint(path: string, triggerId?: string): Promise<string> {
    this.#checkOpen();
    return this.#savepoints.triggerDisposal(path, triggerId);
  }

  /** @throws OPERATION_NOT_FOUND */
  operation(triggerId: string): OperationRecord {
    return this.#operations.get(triggerId);
  }

  // --- output ---

  onOutput(listener: (event: OutputEvent) => void): () => void {
    return this.#output.subscribe(listener);
  }

  /** Values of one executeAndCollect; subscribe before the job is submitted. */
  onCollected(collectId: string, listener: (event: CollectedEvent) => void): () => void {
    return this.#collected.subscribe((event) => {
      if (event.collectId === collectId) listener(event);
    });
  }

  // --- end ---

  /** Ends this process's part; jobs are kept and resume at the next start. */
  async shutdown(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const jobs = [...this.#jobs.values()];
    await Promise.all(jobs.map((job) => job.master.suspend()));
    await Promise.all(jobs.map(({ closed }) => closed));
    await this.#programs?.close();
    await this.#savepoints.close();
    await this.#store.archive.close();
    await this.#lock.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  // --- inner ---

  async #accept(
    jobId: string,
    graph: JobGraphDescription,
    program: ProgramDescriptor,
    options: SubmitOptions,
  ): Promise<void> {
    const { slotCount, explanation } = assignSlots(graph.vertices);
    this.#pool.checkPossible(slotCount, explanation);
    const allowNonRestoredState = options.allowNonRestoredState ?? false;
    const savepoint = await this.#readRestorePoint(options.savepointPath);
    const restoredGraph = savepoint === undefined ? graph : adoptMaxParallelism(savepoint.metadata, graph);
    if (savepoint !== undefined) assignState(savepoint.metadata, restoredGraph, allowNonRestoredState);
    const record: JobRecord = {
      jobId,
      acceptedMs: this.#options.clock.nowMs(),
      program,
      programDigest: /([0-9a-f]{64})\.cjs$/.exec(program.bundlePath)?.[1],
      graph: restoredGraph,
      savepointPath: savepoint?.directory,
      allowNonRestoredState,
      checkpointsDirectory: this.#options.checkpointsDirectory,
      cancelRequested: false,
      terminal: undefined,
    };
    const job = this.#createJob(record);
    await job.storage.prepareJob();
    await this.#store.saveRecord(record);
    if (this.#isClosed) throw appError('CLUSTER_CLOSED', [`job ${jobId}`]);
    this.#jobs.set(jobId, job);
    this.#revision.bump();
    if (savepoint !== undefined) job.master.checkpoints.startFrom(savepoint);
    job.master.start();
  }

  async #readRestorePoint(path: string | undefined): Promise<StoredCheckpoint | undefined> {
    if (path === undefined) return undefined;
    const stored = await readMetadata(path, this.#options.files);
    await verifyStateFiles(stored, this.#options.files);
    return stored;
  }

  async #recover(): Promise<void> {
    const { files, dataDirectory } = this.#options;
    await files.remove(join(dataDirectory, 'work'));
    const records = new Map((await this.#store.load()).map((record) => [record.jobId, record]));
    await this.#operations.load();
    await this.#savepoints.recover((jobId, directory, end) => {
      const record = records.get(jobId);
      if (record !== undefined) records.set(jobId, { ...record, terminal: { end, directory } });
    });
    for (const record of records.values()) {
      await this.#recoverJob(record).catch((error: unknown) => {
        this.#onProblem(`Job ${record.jobId} could not be recovered; it is kept`, error);
      });
    }
  }

  async #recoverJob(record: JobRecord): Promise<void> {
    const archived = this.#store.archive.entry(record.jobId);
    if (archived !== undefined) {
      const storage = new CheckpointStorage(record.checkpointsDirectory, record.jobId, this.#options.files);
      await finishCleanUp(record, archived, storage, this.#store);
      return;
    }
    const isOver = record.terminal !== undefined || record.cancelRequested;
    const job = this.#createJob(record, isOver ? JobStatus.RECONCILING : JobStatus.CREATED);
    this.#jobs.set(record.jobId, job);
    if (isOver) {
      await job.master.reconcile(record.terminal?.end.kind === 'stop' ? JobStatus.FINISHED : JobStatus.CANCELED);
      return;
    }
    await this.#resumeJob(job);
  }

  /** A job that cannot be resumed now is suspended with the reason: it is kept, and the next start tries again. */
  async #resumeJob(job: RunningJob): Promise<void> {
    const { record, master, storage } = job;
    try {
      this.#pool.checkPossible(master.assignment.slotCount, master.assignment.explanation);
      await this.#store.verifyProgram(record);
      const { retainedCheckpoints: retained, allowOlderCheckpoint: allowOlder } = this.#options;
      const { kept, greatestId, lost } = await findRecoveredCheckpoints(record, storage, { retained, allowOlder });
      if (lost !== undefined) this.#warnOfOlder(record, lost, kept[0]?.directory ?? 'nothing');
      const savepoint = await this.#startingPointOf(record, kept);
      await storage.prepareJob();
      await storage.removeOrphans(kept);
      if (savepoint !== undefined) master.checkpoints.startFrom(savepoint);
      master.checkpoints.recover(kept, greatestId);
      const { latest } = master.checkpoints;
      if (latest !== undefined) await verifyStateFiles(latest, this.#options.files);
    } catch (error) {
      this.#onProblem(`Job ${record.jobId} is suspended: it cannot be resumed`, error);
      await master.suspendWith(toError(error));
      return;
    }
    master.start();
    this.#rejoinProgram(record, master.checkpoints.retained.length > 0);
  }

  #warnOfOlder({ jobId }: JobRecord, lost: string, taken: string): void {
    const message = `The newest checkpoint of job ${jobId} is gone (${lost}): it goes on from ${taken}, and what came after that is done again`;
    this.#options.logger.warn(message, { jobId });
  }

  /** The savepoint that the job was submitted with, as long as it has no checkpoint of its own. */
  async #startingPointOf(record: JobRecord, kept: readonly StoredCheckpoint[]): Promise<StoredCheckpoint | undefined> {
    if (record.savepointPath === undefined || kept.length > 0) return undefined;
    return readMetadata(record.savepointPath, this.#options.files);
  }

  /** The program runs again beside its job, to go on after it. The job does not depend on it. */
  #rejoinProgram(record: JobRecord, fromCheckpoint: boolean): void {
    const { executeIndex, earlierResults } = record.program;
    this.#programs
      ?.start({
        program: { ...record.program, executeIndex: 0, earlierResults: [] },
        submit: (graph, descriptor) => this.submitGraph(graph, descriptor),
        ...this.#programServices(),
        resumed: { jobId: record.jobId, executeIndex, earlierResults, fromCheckpoint },
      })
      // Reported by the runner.
      .catch(() => {});
  }

  #programServices(): Pick<ProgramRun, 'awaitResult' | 'onCollected' | 'cancel' | 'status' | 'ask' | 'print'> {
    return {
      print: (jobId, text, stream) => this.#output.publish({ jobId, slotIndex: DRIVER_SLOT, stream, text }),
      awaitResult: (jobId) => this.awaitResult(jobId),
      onCollected: (jobId, listener) =>
        this.#collected.subscribe((event) => {
          if (event.jobId === jobId) listener(event.values);
        }),
      cancel: (jobId) => this.cancel(jobId),
      status: (jobId) => this.#stateOf(jobId),
      ask: (jobId, request) => this.#answer(jobId, request),
    };
  }

  async #answer(jobId: string, request: JobRequest): Promise<unknown> {
    switch (request.kind) {
      case 'accumulators':
        return Object.fromEntries(this.jobDetail(jobId).accumulators.map(({ name, value }) => [name, value]));
      case 'savepoint':
        return this.#operations.awaitLocation(await this.triggerSavepoint(jobId, request));
      case 'stop':
        return this.#operations.awaitLocation(await this.stopWithSavepoint(jobId, request));
    }
  }

  #createJob(record: JobRecord, initialStatus?: JobStatus): RunningJob {
    const { logger, dataDirectory } = this.#options;
    return new RunningJob({
      record,
      services: this.#services,
      store: this.#store,
      dataDirectory,
      ...(initialStatus === undefined ? {} : { initialStatus }),
      onStatus: (job, move) => logger.info('Job status', { jobId: job.jobId, ...move }),
      onSlotMessage: (job, slotIndex, message) => this.#onSlotMessage(job, slotIndex, message),
      onProblem: (message, error) => this.#onProblem(message, error),
      onClosed: (job) => this.#onJobClosed(job),
    });
  }

  #onJobClosed(job: RunningJob): void {
    // A suspended job stays visible until the process ends.
    if (isGloballyTerminal(job.master.status)) this.#jobs.delete(job.jobId);
    this.#revision.bump();
  }

  #onSlotMessage({ jobId }: RunningJob, slotIndex: number, message: SlotMessage): void {
    if (message.type === 'output')
      this.#output.publish({ jobId, slotIndex, stream: message.stream, text: message.text });
    if (message.type === 'collected') {
      this.#collected.publish({ jobId, collectId: message.collectId, values: message.values, end: message.end });
    }
  }

  #runningJob(jobId: string): RunningJob {
    this.#checkOpen();
    const job = this.#jobs.get(jobId);
    const state = this.#stateOf(jobId);
    // An ended job is still among them while it is being archived.
    if (job === undefined || isGloballyTerminal(state)) throw appError('JOB_TERMINATED', [jobId, state]);
    return job;
  }

  /** @throws JOB_NOT_FOUND */
  #stateOf(jobId: string): JobStatus {
    const state = this.#jobs.get(jobId)?.master.status ?? this.#store.archive.entry(jobId)?.overview.state;
    if (state === undefined) throw appError('JOB_NOT_FOUND', [jobId]);
    return state;
  }

  /** Undefined: the trigger is known already, and its answer does not depend on how the job is now. */
  #jobOfTrigger(jobId: string, { triggerId }: SavepointRequest): RunningJob | undefined {
    const isRepeated = triggerId !== undefined && this.#operations.find(triggerId) !== undefined;
    return isRepeated ? undefined : this.#runningJob(jobId);
  }

  #archivedJob(jobId: string): ArchivedJob {
    const archived = this.#store.archive.job(jobId);
    if (archived === undefined) throw appError('JOB_NOT_FOUND', [jobId]);
    return archived;
  }

  #isKnown(jobId: string): boolean {
    return this.#jobs.has(jobId) || this.#accepting.has(jobId) || this.#store.archive.entry(jobId) !== undefined;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw appError('CLUSTER_CLOSED', ['what was accepted']);
  }

  #onProblem(message: string, error: unknown): void {
    const text = toError(error).message;
    this.#options.logger.warn(message, text === message ? {} : { error: text });
  }
}

/** The first that is written to the data directory: what the system refuses here, it refuses for the directory. */
async function acquireLock(
  { dataDirectory, files, processes }: ResolvedClusterOptions,
  token: string,
): Promise<ClusterLock> {
  try {
    return await ClusterLock.acquire(dataDirectory, files, processes, token);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? error : appError('DATA_DIR_UNUSABLE', [dataDirectory, message], { cause: error });
  }
}

function createServices(options: ResolvedClusterOptions, pool: SlotPool, onChange: () => void): JobMasterServices {
  return {
    clock: options.clock,
    random: options.random,
    files: options.files,
    launcher: options.slotLauncher,
    pool,
    createRing: options.createRing,
    limits: options.limits,
    maxHeapMiB: options.maxHeapMiBPerSlot,
    inlineThresholdBytes: options.inlineThresholdBytes,
    defaultBackend: options.defaults.stateBackend,
    engineVersion: options.engineVersion,
    retainedCheckpoints: options.retainedCheckpoints,
    history: options.history,
    channels: options.channels,
    diskCacheBytes: options.diskCacheBytes,
    reportIntervalMs: decideReportInterval(options.limits.metricsUpdateIntervalMs),
    onChange,
  };
}

/** Slots report once a second, which is their sign of life as well, and more often when numbers may not be that old. */
function decideReportInterval(metricsUpdateIntervalMs: number): number {
  if (metricsUpdateIntervalMs === 0) return MAX_REPORT_INTERVAL_MS;
  return Math.max(MIN_REPORT_INTERVAL_MS, Math.min(metricsUpdateIntervalMs, MAX_REPORT_INTERVAL_MS));
}

function withName(graph: JobGraphDescription, name: string | undefined): JobGraphDescription {
  return name === undefined ? graph : { ...graph, name, plan: { ...graph.plan, name } };
}
