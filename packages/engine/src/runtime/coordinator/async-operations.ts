// Operations that outlive the request that triggered them: savepoints, stops, disposals. Their records are durable.
//   O1. A record is written before anything is done, with everything that is needed to find out later what became of it.
//   O2. A result, once there, is kept for maxAgeMs; at most maxRecords are kept, the oldest go first. What is in progress is never dropped.
import { join } from 'node:path';
import type { DurableFiles } from '../../checkpoint/durable-files.ts';
import type { Clock } from '../../clock.ts';
import { appError } from '../../errors.ts';
import type { SerializedError } from '../messages.ts';
import { deserializeError } from '../program/serialize-error.ts';
import { decodeDurable, encodeDurable } from './durable-json.ts';

export type OperationKind =
  | 'savepoint'
  | 'cancel-with-savepoint'
  | 'stop-with-savepoint'
  | 'savepoint-disposal'
  | 'checkpoint';

export interface OperationRecord {
  readonly triggerId: string;
  readonly kind: OperationKind;
  /** Undefined: no job's (disposal). */
  readonly jobId: string | undefined;
  readonly drain: boolean;
  readonly triggeredMs: number;
  /** The savepoint's directory, absolute: what is written, or disposed of. Of a checkpoint: where those of its job are. */
  readonly directory: string;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly completedMs: number | undefined;
  /** Savepoints and checkpoints that completed. */
  readonly location: string | undefined;
  /** Checkpoints that completed. */
  readonly checkpointId?: number | undefined;
  readonly failure: SerializedError | undefined;
}

export interface AsyncOperationsOptions {
  readonly directory: string;
  readonly files: DurableFiles;
  readonly clock: Clock;
  readonly maxRecords: number;
  readonly maxAgeMs: number;
  readonly maxInProgress: number;
  readonly onProblem: (message: string, error: unknown) => void;
}

export class AsyncOperations {
  readonly #options: AsyncOperationsOptions;
  /** By trigger id, oldest first. */
  readonly #records = new Map<string, OperationRecord>();
  /** Who waits for an end, by trigger id. */
  readonly #waiting = new Map<string, readonly (() => void)[]>();

  constructor(options: AsyncOperationsOptions) {
    this.#options = options;
  }

  /** @throws OPERATION_NOT_FOUND */
  get(triggerId: string): OperationRecord {
    const record = this.#records.get(triggerId);
    if (record === undefined) throw appError('OPERATION_NOT_FOUND', [triggerId, this.#options.maxAgeMs]);
    return record;
  }

  find(triggerId: string): OperationRecord | undefined {
    return this.#records.get(triggerId);
  }

  inProgress(): readonly OperationRecord[] {
    return [...this.#records.values()].filter(({ status }) => status === 'IN_PROGRESS');
  }

  /** O1. @throws OPERATION_LIMIT */
  async begin(
    start: Pick<OperationRecord, 'triggerId' | 'kind' | 'jobId' | 'drain' | 'directory'>,
  ): Promise<OperationRecord> {
    const { maxInProgress, clock } = this.#options;
    const count = this.inProgress().length;
    if (count >= maxInProgress) throw appError('OPERATION_LIMIT', [count, maxInProgress]);
    const record: OperationRecord = {
      ...start,
      triggeredMs: clock.nowMs(),
      status: 'IN_PROGRESS',
      completedMs: undefined,
      location: undefined,
      failure: undefined,
    };
    this.#records.set(record.triggerId, record);
    try {
      await this.#save(record);
    } catch (error) {
      this.#records.delete(record.triggerId);
      throw error;
    }
    await this.#expire();
    return record;
  }

  async complete(triggerId: string, location: string | undefined, checkpointId?: number): Promise<void> {
    await this.#end(triggerId, { status: 'COMPLETED', location, checkpointId });
  }

  async fail(triggerId: string, failure: SerializedError): Promise<void> {
    await this.#end(triggerId, { status: 'FAILED', failure });
  }

  /** @returns where the operation put what it made, once it completed. @throws what made it fail, OPERATION_NOT_FOUND */
  async awaitLocation(triggerId: string): Promise<string> {
    const { status } = this.get(triggerId);
    if (status === 'IN_PROGRESS') {
      await new Promise<void>((resolve) => {
        this.#waiting.set(triggerId, [...(this.#waiting.get(triggerId) ?? []), resolve]);
      });
    }
    const { location, failure } = this.get(triggerId);
    if (failure !== undefined) throw deserializeError(failure);
    return location ?? '';
  }

  /** Reads the records of earlier processes. */
  async load(): Promise<void> {
    const { files, directory, onProblem } = this.#options;
    const records: OperationRecord[] = [];
    for (const { name } of await files.list(directory)) {
      if (!name.endsWith('.json')) continue;
      try {
        records.push(decodeDurable((await files.read(join(directory, name))) ?? new Uint8Array()) as OperationRecord);
      } catch (error) {
        onProblem(`Operation record ${name} cannot be read`, error);
      }
    }
    for (const record of records.sort((a, b) => a.triggeredMs - b.triggeredMs))
      this.#records.set(record.triggerId, record);
    await this.#expire();
  }

  async #end(triggerId: string, result: Partial<OperationRecord>): Promise<void> {
    const before = this.get(triggerId);
    if (before.status !== 'IN_PROGRESS') return;
    const record: OperationRecord = { ...before, ...result, completedMs: this.#options.clock.nowMs() };
    this.#records.set(triggerId, record);
    // Not durable yet when this fails; a restart finds the outcome out again from the directory (O1).
    await this.#save(record).catch((error: unknown) => {
      this.#options.onProblem(`The result of operation ${triggerId} was not stored`, error);
    });
    for (const wake of this.#waiting.get(triggerId) ?? []) wake();
    this.#waiting.delete(triggerId);
  }

  #pathOf(triggerId: string): string {
    return join(this.#options.directory, `${triggerId}.json`);
  }

  async #save(record: OperationRecord): Promise<void> {
    await this.#options.files.writeAtomic(this.#pathOf(record.triggerId), encodeDurable(record));
  }

  async #expire(): Promise<void> {
    const { clock, maxAgeMs, maxRecords, files } = this.#options;
    const nowMs = clock.nowMs();
    const done = [...this.#records.values()].filter(({ status }) => status !== 'IN_PROGRESS');
    const surplus = this.#records.size - maxRecords;
    const expired = done.filter(
      ({ completedMs }, index) => index < surplus || nowMs - (completedMs ?? nowMs) > maxAgeMs,
    );
    for (const { triggerId } of expired) {
      this.#records.delete(triggerId);
      await files.remove(this.#pathOf(triggerId));
    }
  }
}
