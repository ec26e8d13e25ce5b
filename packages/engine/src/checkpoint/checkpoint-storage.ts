// Where the checkpoints of one job are:  <checkpoints>/<job id>/{chk-N/, shared/, taskowned/, newest-checkpoint}
import { join } from 'node:path';
import { appError, toError } from '../errors.ts';
import { type CheckpointMetadata, sharedPathsOf, stateFilesOf } from './checkpoint-metadata.ts';
import { type DurableFiles, TEMPORARY_SUFFIX } from './durable-files.ts';
import { encodeMetadata } from './metadata-codec.ts';
import { readMetadata, type StoredCheckpoint } from './metadata-reader.ts';
import { checkpointDirectoryName, METADATA_FILE, parseCheckpointDirectoryName } from './savepoint-path.ts';

export class CheckpointStorage {
  readonly jobDirectory: string;
  readonly sharedDirectory: string;
  readonly #files: DurableFiles;
  readonly #newestFile: string;

  constructor(checkpointsDirectory: string, jobId: string, files: DurableFiles) {
    this.jobDirectory = join(checkpointsDirectory, jobId);
    this.sharedDirectory = join(this.jobDirectory, 'shared');
    this.#files = files;
    this.#newestFile = join(this.jobDirectory, 'newest-checkpoint');
  }

  directoryOf(checkpointId: number): string {
    return join(this.jobDirectory, checkpointDirectoryName(checkpointId));
  }

  /** Makes the directories that tasks write to. */
  async prepare(directory: string): Promise<void> {
    await this.#files.createDirectory(directory);
  }

  async prepareJob(): Promise<void> {
    await this.#files.createDirectory(this.sharedDirectory);
    await this.#files.createDirectory(join(this.jobDirectory, 'taskowned'));
  }

  /** C2: when this returns, the checkpoint is durable: data files (fsynced by their writers), their names, and _metadata last. */
  async complete(directory: string, metadata: CheckpointMetadata): Promise<void> {
    try {
      if (sharedPathsOf(stateFilesOf(metadata)).length > 0) await this.#files.syncDirectory(this.sharedDirectory);
      await this.#files.syncDirectory(directory);
      await this.#files.writeAtomic(join(directory, METADATA_FILE), encodeMetadata(metadata));
    } catch (cause) {
      throw appError('CHECKPOINT_STORE_FAILED', [metadata.checkpointId, directory, toError(cause).message], { cause });
    }
  }

  /** @returns names in the shared directory that are not there */
  async missingShared(paths: Iterable<string>): Promise<readonly string[]> {
    const missing: string[] = [];
    for (const path of paths) {
      if ((await this.#files.kindOf(join(this.sharedDirectory, path))) !== 'file') missing.push(path);
    }
    return missing;
  }

  /** C4: callers take it out of history first. _metadata goes first, so that no reader finds half of it. */
  async discard(directory: string): Promise<void> {
    await this.#files.remove(join(directory, METADATA_FILE));
    await this.#files.remove(directory);
  }

  async deleteShared(paths: Iterable<string>): Promise<void> {
    for (const path of paths) await this.#files.remove(join(this.sharedDirectory, path));
  }

  /** Complete checkpoints, newest first. A damaged one is an error: restoring an older one instead would repeat output. */
  async findCompleted(): Promise<readonly StoredCheckpoint[]> {
    const found: StoredCheckpoint[] = [];
    for (const id of await this.#checkpointIds()) {
      const directory = this.directoryOf(id);
      if ((await this.#files.kindOf(join(directory, METADATA_FILE))) === undefined) continue;
      found.push(await readMetadata(directory, this.#files));
    }
    return found;
  }

  /** Durable; a restart does not go back behind it unasked. Wanted where older checkpoints are kept that could be taken for the newest. */
  async recordNewest(checkpointId: number): Promise<void> {
    await this.#files.writeAtomic(this.#newestFile, new TextEncoder().encode(`${checkpointId}\n`));
  }

  /** 0: none was recorded. */
  async newestRecorded(): Promise<number> {
    const content = await this.#files.read(this.#newestFile);
    const id = content === undefined ? 0 : Number.parseInt(new TextDecoder().decode(content), 10);
    return Number.isSafeInteger(id) ? id : 0;
  }

  /** The greatest id that any directory bears; 0: none. Ids are not used twice. */
  async greatestId(): Promise<number> {
    return (await this.#checkpointIds())[0] ?? 0;
  }

  /** Removes what a crash left: checkpoint directories that are not kept, shared files that none of the kept refers to. */
  async removeOrphans(kept: readonly StoredCheckpoint[]): Promise<void> {
    const directories = new Set(kept.map(({ directory }) => directory));
    for (const id of await this.#checkpointIds()) {
      if (!directories.has(this.directoryOf(id))) await this.discard(this.directoryOf(id));
    }
    const referenced = new Set(kept.flatMap(({ metadata }) => sharedPathsOf(stateFilesOf(metadata))));
    for (const { name } of await this.#files.list(this.sharedDirectory)) {
      if (!referenced.has(name) || name.endsWith(TEMPORARY_SUFFIX)) await this.deleteShared([name]);
    }
  }

  /** Removes everything of the job; nothing of it can be restored afterwards. */
  async removeJob(): Promise<void> {
    for (const id of await this.#checkpointIds()) await this.discard(this.directoryOf(id));
    await this.#files.remove(this.jobDirectory);
  }

  /** Newest first. */
  async #checkpointIds(): Promise<readonly number[]> {
    const entries = await this.#files.list(this.jobDirectory);
    const ids = entries.flatMap(({ name }) => parseCheckpointDirectoryName(name) ?? []);
    return ids.sort((a, b) => b - a);
  }
}
