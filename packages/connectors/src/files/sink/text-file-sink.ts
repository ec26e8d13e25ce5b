// writeAsText and writeAsCsv: one file, or a folder with one file per subtask named 1, 2, … (as in Flink).
//   X1. At a checkpoint everything written is on disk and the file's length is in the state; a restore cuts the file to it and goes
//       on, so content is exact. It is visible while it is written: for output that appears only when it is final, use FileSink.
//   X2. Nothing is replaced unless the user said so, or this job wrote it in an earlier attempt. Folders are never removed.
import { join } from 'node:path';
import {
  appError,
  type CheckpointedFunction,
  type FunctionInitializationContext,
  type ListState,
  ListStateDescriptor,
  RichSinkFunction,
  type SinkContext,
} from '@yeoul/engine';
import { toLocalPath, toWriteError } from '../file-errors.ts';
import { BufferedFile } from './buffered-file.ts';
import { nodeFileSystem, type SinkFileSystem } from './sink-file-system.ts';

interface WrittenFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly parallelism: number;
}

// 200 ms: somebody who watches the file sees it grow, and a busy sink still writes full buffers.
const FLUSH_AFTER_MS = 200;

export interface TextFileSinkOptions<T> {
  readonly path: string;
  readonly overwrite: boolean;
  readonly toRow: (record: T) => string;
  readonly files?: SinkFileSystem;
}

export class TextFileSink<T> extends RichSinkFunction<T> implements CheckpointedFunction {
  readonly #options: TextFileSinkOptions<T>;
  readonly #path: string;
  readonly #files: SinkFileSystem;
  #file: BufferedFile | undefined;
  #state: ListState<WrittenFile> | undefined;
  #flushedMs = Number.NEGATIVE_INFINITY;

  constructor(options: TextFileSinkOptions<T>) {
    super();
    this.#options = options;
    this.#path = toLocalPath(options.path);
    this.#files = options.files ?? nodeFileSystem;
  }

  initializeState(context: FunctionInitializationContext): void {
    this.#state = context.operatorStateStore.getListState(new ListStateDescriptor<WrittenFile>('written-file'));
    const [written] = context.isRestored ? this.#state.get() : [];
    try {
      this.#file = written === undefined ? this.#openFresh() : this.#reopen(written);
    } catch (error) {
      throw toWriteError(error, this.#path);
    }
  }

  override invoke(record: T, context: SinkContext): void {
    const file = this.#openFile();
    file.write(this.#options.toRow(record));
    const nowMs = context.currentProcessingTime();
    if (nowMs - this.#flushedMs < FLUSH_AFTER_MS) return;
    file.flush();
    this.#flushedMs = nowMs;
  }

  async snapshotState(): Promise<void> {
    const file = this.#openFile();
    file.flush();
    const { numberOfParallelSubtasks: parallelism } = this.getRuntimeContext();
    this.#state?.update([{ path: file.path, sizeBytes: file.sizeBytes, parallelism }]);
    await file.sync();
  }

  override async finish(): Promise<void> {
    const file = this.#openFile();
    file.flush();
    await file.sync();
  }

  override close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #reopen(written: WrittenFile): BufferedFile {
    const { numberOfParallelSubtasks: parallelism } = this.getRuntimeContext();
    if (written.parallelism !== parallelism) {
      throw appError('OUTPUT_RESCALED', [this.#path, written.parallelism, parallelism]);
    }
    const sizeBytes = this.#files.sizeOf(written.path);
    if (sizeBytes === undefined || sizeBytes < written.sizeBytes) {
      throw appError('PART_FILE_SHORT', [written.path, sizeBytes ?? 'no', written.sizeBytes]);
    }
    if (sizeBytes > written.sizeBytes) this.#files.truncate(written.path, written.sizeBytes);
    return new BufferedFile(this.#files, written.path, this.#files.append(written.path), written.sizeBytes);
  }

  #openFresh(): BufferedFile {
    const { indexOfThisSubtask, numberOfParallelSubtasks, attemptNumber } = this.getRuntimeContext();
    const isFolder = numberOfParallelSubtasks > 1;
    const path = isFolder ? join(this.#path, String(indexOfThisSubtask + 1)) : this.#path;
    if (isFolder) this.#files.makeDirectory(this.#path);
    const mayReplace = this.#options.overwrite || attemptNumber > 0;
    if (!mayReplace && this.#files.sizeOf(path) !== undefined) throw appError('OUTPUT_EXISTS', [path]);
    if (isFolder && mayReplace && indexOfThisSubtask === 0) this.#removeSurplus(numberOfParallelSubtasks);
    this.#files.remove(path);
    return new BufferedFile(this.#files, path, this.#files.create(path));
  }

  /** Files of an earlier run with more subtasks would read as part of this one's output. */
  #removeSurplus(parallelism: number): void {
    for (const { name, isDirectory } of this.#files.list(this.#path)) {
      if (!isDirectory && /^[1-9]\d*$/.test(name) && Number(name) > parallelism)
        this.#files.remove(join(this.#path, name));
    }
  }

  #openFile(): BufferedFile {
    if (this.#file === undefined) throw new Error('The sink is not open: initializeState has not run, or close has');
    return this.#file;
  }
}
