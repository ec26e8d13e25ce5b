// Savepoints, stops, disposals and checkpoints that were asked for, as durable operations.
//   V1. The savepoint's directory stands in the operation's record before anything is written to it, so after a crash its outcome is found
//       out by looking: with _metadata it completed, without it did not (then its files are removed). Checkpoints are the job's own: of
//       those that were under way nothing is looked for.
import { join } from 'node:path';
import type { TerminalSavepoint } from '../../checkpoint/checkpoint-coordinator.ts';
import { filesOfSubtask } from '../../checkpoint/checkpoint-metadata.ts';
import type { DurableFiles } from '../../checkpoint/durable-files.ts';
import { readMetadata, type StoredCheckpoint } from '../../checkpoint/metadata-reader.ts';
import { METADATA_FILE, savepointDirectory, toStateDirectory } from '../../checkpoint/savepoint-path.ts';
import { appError, assert, toError } from '../../errors.ts';
import type { AsyncOperations, OperationKind, OperationRecord } from './async-operations.ts';
import { toSerializedError } from './exception-history.ts';
import { createHexId, type RandomSource } from './ids.ts';
import { JobStatus } from './job-status.ts';
import type { RunningJob } from './running-job.ts';

export interface SavepointOperationsOptions {
  readonly operations: AsyncOperations;
  readonly files: DurableFiles;
  readonly random: RandomSource;
  readonly defaultDirectory: string | undefined;
  readonly jobs: () => Iterable<RunningJob>;
  /** Marks the savepoint as gone in the histories of ended jobs. */
  readonly forgetInArchive: (directory: string) => Promise<void>;
  readonly onProblem: (message: string, error: unknown) => void;
}

export interface SavepointTrigger {
  readonly kind: Exclude<OperationKind, 'savepoint-disposal' | 'checkpoint'>;
  /** Parent of the savepoint's own directory; undefined: the configured one. */
  readonly targetDirectory: string | undefined;
  readonly drain: boolean;
  /** Given by the caller to make a retry harmless. */
  readonly triggerId: string | undefined;
}

export class SavepointOperations {
  readonly #options: SavepointOperationsOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: SavepointOperationsOptions) {
    this.#options = options;
  }

  /**
   * @param job undefined only with a trigger id that is known
   * @returns trigger id, once the operation is durable
   * @throws SAVEPOINT_DIR_MISSING, STOP_IN_PROGRESS, OPERATION_LIMIT
   */
  async trigger(job: RunningJob | undefined, trigger: SavepointTrigger): Promise<string> {
    const { operations, random, defaultDirectory } = this.#options;
    const triggerId = trigger.triggerId ?? createHexId(random);
    if (operations.find(triggerId) !== undefined) return triggerId;
    assert(job, 'a savepoint that was not triggered before is of a running job');
    const target = trigger.targetDirectory ?? defaultDirectory;
    if (target === undefined) {
      throw appError('SAVEPOINT_DIR_MISSING', [
        trigger.kind === 'stop-with-savepoint' ? 'targetDirectory' : 'target-directory',
      ]);
    }
    if (trigger.kind !== 'savepoint') this.#refuseSecondEnd(job.jobId);
    const directory = savepointDirectory(target, job.jobId, createHexId(random, 12));
    const { kind, drain } = trigger;
    const record = await operations.begin({ triggerId, kind, jobId: job.jobId, drain, directory });
    this.#track(this.#run(job, record));
    return triggerId;
  }

  /** One more checkpoint beside the periodic ones. @param job as in trigger @returns trigger id. @throws OPERATION_LIMIT */
  async triggerCheckpoint(job: RunningJob | undefined, givenTriggerId: string | undefined): Promise<string> {
    const { operations, random } = this.#options;
    const triggerId = givenTriggerId ?? createHexId(random);
    if (operations.find(triggerId) !== undefined) return triggerId;
    assert(job, 'a checkpoint that was not triggered before is of a running job');
    const { jobId, storage, master } = job;
    const directory = storage.jobDirectory;
    const record = await operations.begin({ triggerId, kind: 'checkpoint', jobId, drain: false, directory });
    this.#track(this.#conclude(record, () => master.checkpoints.triggerCheckpoint()));
    return triggerId;
  }

  /** @returns trigger id. @throws STATE_PATH_NOT_LOCAL, OPERATION_LIMIT */
  async triggerDisposal(path: string, givenTriggerId: string | undefined): Promise<string> {
    const { operations, random } = this.#options;
    const triggerId = givenTriggerId ?? createHexId(random);
    if (operations.find(triggerId) !== undefined) return triggerId;
    const directory = toStateDirectory(path);
    const record = await operations.begin({
      triggerId,
      kind: 'savepoint-disposal',
      jobId: undefined,
      drain: false,
      directory,
    });
    this.#track(this.#conclude(record, () => this.#dispose(directory)));
    return triggerId;
  }

  /** Removes a savepoint: out of every history first (C4), then _metadata, then the files it names. Other files stay. */
  async #dispose(directory: string): Promise<undefined> {
    const { files, jobs, forgetInArchive } = this.#options;
    const { metadata } = await readMetadata(directory, files);
    for (const job of jobs()) {
      if (job.master.checkpoints.isInUse(directory)) throw appError('SAVEPOINT_IN_USE', [directory, job.jobId]);
    }
    for (const job of jobs()) job.master.checkpoints.forget(directory);
    await forgetInArchive(directory);
    await files.remove(join(directory, METADATA_FILE));
    const handles = metadata.operators.flatMap(({ subtasks }) => subtasks.flatMap(filesOfSubtask));
    for (const { location } of handles) {
      if (location.kind === 'file' && location.scope === 'exclusive')
        await files.remove(join(directory, location.path));
    }
    await files.removeIfEmpty(directory);
    return undefined;
  }

  /** After a restart of the process, before jobs are resumed: what became of what was in progress (V1). */
  async recover(endedJob: (jobId: string, directory: string, end: TerminalSavepoint) => void): Promise<void> {
    const { operations, files } = this.#options;
    for (const record of operations.inProgress()) {
      if (record.kind === 'checkpoint') {
        await operations.fail(record.triggerId, toSerializedError(appError('OPERATION_INTERRUPTED')));
        continue;
      }
      const isThere = (await files.kindOf(join(record.directory, METADATA_FILE))) !== undefined;
      if (record.kind === 'savepoint-disposal') {
        await this.#conclude(record, async () => (isThere ? this.#dispose(record.directory) : undefined));
      } else if (isThere) {
        const end = toTerminal(record);
        if (end !== undefined && record.jobId !== undefined) endedJob(record.jobId, record.directory, end);
        await operations.complete(record.triggerId, record.directory);
      } else {
        await files.remove(record.directory);
        await operations.fail(record.triggerId, toSerializedError(appError('OPERATION_INTERRUPTED')));
      }
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(job: RunningJob, record: OperationRecord): Promise<void> {
    await this.#conclude(record, async () => {
      const terminal = toTerminal(record);
      const { checkpoints } = job.master;
      let wasSent = false;
      try {
        const completed = await checkpoints.triggerSavepoint(record.directory, terminal, () => {
          wasSent = true;
        });
        if (terminal?.kind === 'cancel') {
          job.master.cancel();
          await job.closed;
        }
        if (terminal?.kind === 'stop') await job.closed;
        return completed;
      } catch (error) {
        // Sources may have stopped at the barrier, or passed their last watermark on: only a restart brings them back.
        if (terminal?.kind === 'stop' && wasSent) job.master.resumeAfterFailedStop();
        else if (terminal !== undefined && job.master.status === JobStatus.RUNNING) checkpoints.start();
        throw error;
      }
    });
  }

  /** @param work gives what it made */
  async #conclude(record: OperationRecord, work: () => Promise<StoredCheckpoint | undefined>): Promise<void> {
    const { operations, onProblem } = this.#options;
    try {
      const made = await work();
      await operations.complete(record.triggerId, made?.directory, made?.metadata.checkpointId);
    } catch (error) {
      onProblem(`${record.kind} ${record.triggerId} failed`, error);
      await operations.fail(record.triggerId, toSerializedError(toError(error)));
    }
  }

  #refuseSecondEnd(jobId: string): void {
    const other = this.#options.operations
      .inProgress()
      .find((record) => record.jobId === jobId && toTerminal(record) !== undefined);
    if (other !== undefined) throw appError('STOP_IN_PROGRESS', [jobId, other.triggerId]);
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }
}

function toTerminal({ kind, drain }: OperationRecord): TerminalSavepoint | undefined {
  if (kind === 'stop-with-savepoint') return { kind: 'stop', drain };
  return kind === 'cancel-with-savepoint' ? { kind: 'cancel' } : undefined;
}
