// The part files of one subtask: written, ended, counted in checkpoints, finished. The invariants are those of file-sink.ts.
import { dirname, join } from 'node:path';
import { appError } from '@yeoul/engine';
import { toWriteError } from '../file-errors.ts';
import { checkBucketId } from './bucket-assigner.ts';
import { BufferedFile } from './buffered-file.ts';
import type { PartWriterOptions } from './file-sink-options.ts';
import { counterOf, finishedName, inProgressName, isOwnInProgress, type PartOwner } from './part-names.ts';
import type { FileSinkState, SubtaskMark, UnfinishedPart } from './part-state.ts';
import { recoverPart } from './recover-part.ts';
import type { PartFileInfo } from './rolling-policy.ts';

export interface OwnedPartWriterOptions extends PartWriterOptions {
  readonly owner: PartOwner;
  readonly parallelism: number;
}

interface OpenPart extends PartFileInfo {
  readonly directory: string;
  readonly counter: number;
  readonly file: BufferedFile;
  readonly createdMs: number;
  lastWrittenMs: number;
}

/** Ended; waits for a checkpoint that counts it, then for that checkpoint's completion. */
interface EndedPart {
  readonly part: UnfinishedPart;
  /** First checkpoint that counts it; undefined until the next snapshot. */
  checkpointId: number | undefined;
}

export interface PartSnapshot {
  readonly state: FileSinkState[];
  /** Resolves when everything the state counts is on disk. */
  readonly durable: Promise<void>;
}

export class PartWriter {
  readonly #options: OwnedPartWriterOptions;
  /** bucket id → part; in the order of the last write, least recent first. */
  readonly #open = new Map<string, OpenPart>();
  #ended: EndedPart[] = [];
  /** Directories with names that may not be on disk. */
  readonly #unsyncedDirectories = new Set<string>();
  readonly #knownBuckets = new Set<string>();
  #nextCounter = 0;
  #failure: Error | undefined;
  #committing: Promise<void> = Promise.resolve();

  constructor(options: OwnedPartWriterOptions) {
    this.#options = options;
  }

  /** F5, then F7. */
  async recover(state: readonly FileSinkState[]): Promise<void> {
    const { files, basePath } = this.#options;
    const parts = state.filter((entry) => entry.kind === 'part');
    const marks = state.filter((entry) => entry.kind === 'subtask');
    for (const part of parts) this.#try(part.directory, () => recoverPart(files, part));
    for (const directory of new Set(parts.map((part) => part.directory))) await files.syncDirectory(directory);
    this.#nextCounter = Math.max(0, ...marks.map((mark) => mark.nextCounter));
    if (state.length === 0 || this.#isOwnState(marks)) this.#try(basePath, () => this.#removeOrphans(basePath));
  }

  /** @returns a promise when a part was ended and is on its way to disk */
  write(bucketId: string, data: string | Uint8Array, nowMs: number): void | Promise<void> {
    this.#throwFailure();
    let ending: Promise<void> | undefined;
    let part = this.#open.get(bucketId);
    if (part !== undefined && this.#shouldRoll(part, nowMs)) {
      ending = this.#end(bucketId, part);
      part = undefined;
    }
    if (part === undefined) {
      ending = this.#makeRoom(ending);
      part = this.#openPart(checkBucketId(bucketId), nowMs);
    } else if (part.lastWrittenMs !== nowMs) this.#touch(bucketId, part);
    part.lastWrittenMs = nowMs;
    this.#guard(() => part.file.write(data));
    return ending;
  }

  snapshot(checkpointId: number, nowMs: number): PartSnapshot {
    this.#throwFailure();
    const { policy } = this.#options;
    const endings = [...this.#open].flatMap(([bucketId, part]) => {
      const rolls = policy.shouldRollOnCheckpoint(part) || policy.shouldRollOnProcessingTime(part, nowMs);
      return rolls ? [this.#end(bucketId, part)] : [];
    });
    const open = [...this.#open.values()];
    this.#guard(() => {
      for (const part of open) this.#flushAndCheck(part);
    });
    for (const ended of this.#ended) ended.checkpointId ??= checkpointId;
    const parts = [...this.#ended.map(({ part }) => part), ...open.map((part) => this.#describe(part, false))];
    const durable = this.#guardAsync(async () => {
      await Promise.all([...endings, ...open.map((part) => part.file.sync())]);
      await this.#syncDirectories();
    });
    return { state: [this.#mark(), ...parts], durable };
  }

  /** F2 and F4; in the order of the calls, one at a time. */
  commit(checkpointId: number): Promise<void> {
    this.#committing = this.#committing.then(() => this.#commitUpTo(checkpointId));
    return this.#committing;
  }

  async endAll(): Promise<void> {
    this.#throwFailure();
    await Promise.all([...this.#open].map(([bucketId, part]) => this.#end(bucketId, part)));
  }

  /** A commit under way is waited for: the next attempt finds it done or not begun. */
  async close(): Promise<void> {
    for (const { file } of this.#open.values()) file.close();
    this.#open.clear();
    await this.#committing.catch(() => {});
  }

  async #commitUpTo(checkpointId: number): Promise<void> {
    const { files } = this.#options;
    const due = this.#ended.filter((ended) => ended.checkpointId !== undefined && ended.checkpointId <= checkpointId);
    for (const { part } of due) this.#try(part.directory, () => recoverPart(files, part));
    for (const directory of new Set(due.map(({ part }) => part.directory))) await files.syncDirectory(directory);
    this.#ended = this.#ended.filter((ended) => !due.includes(ended));
  }

  #shouldRoll(part: OpenPart, nowMs: number): boolean {
    const { policy } = this.#options;
    return policy.shouldRollOnEvent(part) || policy.shouldRollOnProcessingTime(part, nowMs);
  }

  /** Moves the part to the end of the order. */
  #touch(bucketId: string, part: OpenPart): void {
    this.#open.delete(bucketId);
    this.#open.set(bucketId, part);
  }

  /** F8. */
  #makeRoom(ending: Promise<void> | undefined): Promise<void> | undefined {
    if (this.#open.size < this.#options.maxOpenParts) return ending;
    const [oldest] = this.#open;
    if (oldest === undefined) return ending;
    const alsoEnding = this.#end(...oldest);
    return ending === undefined ? alsoEnding : Promise.all([ending, alsoEnding]).then(() => {});
  }

  #openPart(bucketId: string, nowMs: number): OpenPart {
    const { basePath, files, owner } = this.#options;
    const directory = join(basePath, bucketId);
    return this.#guard(() => {
      this.#openBucket(directory);
      const counter = this.#nextCounter++;
      const path = join(directory, inProgressName(owner, counter));
      const file = new BufferedFile(
        files,
        path,
        this.#try(path, () => files.create(path)),
      );
      this.#unsyncedDirectories.add(directory);
      const part = {
        bucketId,
        directory,
        counter,
        file,
        createdMs: nowMs,
        lastWrittenMs: nowMs,
        get sizeBytes() {
          return file.sizeBytes;
        },
      };
      this.#open.set(bucketId, part);
      return part;
    });
  }

  /** F6: looks once at what is there. */
  #openBucket(directory: string): void {
    if (this.#knownBuckets.has(directory)) return;
    const { files, owner } = this.#options;
    this.#try(directory, () => files.makeDirectory(directory));
    // All the way up: an attempt that died may have made a folder and not synced it.
    for (let path = directory; path !== dirname(path); path = dirname(path))
      this.#unsyncedDirectories.add(dirname(path));
    for (const { name } of files.list(directory)) {
      this.#nextCounter = Math.max(this.#nextCounter, (counterOf(owner, name) ?? -1) + 1);
    }
    this.#knownBuckets.add(directory);
  }

  /** The part takes no more records; its content is on disk when the promise resolves. */
  #end(bucketId: string, part: OpenPart): Promise<void> {
    this.#open.delete(bucketId);
    this.#guard(() => part.file.flush());
    this.#ended.push({ part: this.#describe(part, true), checkpointId: undefined });
    return this.#guardAsync(async () => {
      try {
        await part.file.sync();
      } finally {
        part.file.close();
      }
    });
  }

  /** F9. */
  #flushAndCheck(part: OpenPart): void {
    part.file.flush();
    const sizeBytes = this.#options.files.sizeOf(part.file.path);
    if (sizeBytes === part.sizeBytes) return;
    const why = sizeBytes === undefined ? 'it is gone' : `it has ${sizeBytes} bytes, not ${part.sizeBytes}`;
    throw appError('PART_FILE_CONFLICT', [part.file.path, why]);
  }

  #describe(part: OpenPart, isEnded: boolean): UnfinishedPart {
    const { owner } = this.#options;
    return {
      kind: 'part',
      directory: part.directory,
      inProgressName: inProgressName(owner, part.counter),
      finishedName: finishedName(owner, part.counter),
      sizeBytes: part.sizeBytes,
      isEnded,
    };
  }

  #mark(): SubtaskMark {
    const { owner, parallelism } = this.#options;
    return { kind: 'subtask', subtask: owner.subtask, parallelism, nextCounter: this.#nextCounter };
  }

  async #syncDirectories(): Promise<void> {
    const directories = [...this.#unsyncedDirectories];
    await Promise.all(directories.map((directory) => this.#options.files.syncDirectory(directory)));
    for (const directory of directories) this.#unsyncedDirectories.delete(directory);
  }

  #isOwnState(marks: readonly SubtaskMark[]): boolean {
    const { owner, parallelism } = this.#options;
    const [mark] = marks;
    return marks.length === 1 && mark?.subtask === owner.subtask && mark.parallelism === parallelism;
  }

  /** F7: after recovery no part of the state is unfinished any more. */
  #removeOrphans(directory: string): void {
    const { files, owner } = this.#options;
    for (const { name, isDirectory } of files.list(directory)) {
      if (isDirectory) this.#removeOrphans(join(directory, name));
      else if (isOwnInProgress(owner, name)) files.remove(join(directory, name));
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** F3: what fails here fails the sink for good. */
  #guard<R>(action: () => R): R {
    try {
      return action();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #guardAsync(action: () => Promise<void>): Promise<void> {
    const guarded = action().catch((error: unknown) => {
      throw this.#fail(error);
    });
    // Whoever started it may throw before it hands the promise on; the failure is kept, so nothing is lost here.
    guarded.catch(() => {});
    return guarded;
  }

  #fail(error: unknown): Error {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    return this.#failure;
  }

  #try<R>(path: string, action: () => R): R {
    try {
      return action();
    } catch (error) {
      throw toWriteError(error, path);
    }
  }
}
