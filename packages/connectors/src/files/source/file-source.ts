// Files as a source: a file, several, or directories; read once, or watched for new ones.
import {
  Boundedness,
  type Source,
  type SourceReader,
  type SourceReaderContext,
  type SplitEnumeratorContext,
} from '@yeoul/engine';
import { checkText, type DurationLike, toDurationMs } from '../../options.ts';
import { type Pause, pause } from '../../pause.ts';
import { toLocalPath } from '../file-errors.ts';
import type { FileFormat } from '../formats/file-format.ts';
import { BoundedFileReader } from './bounded-file-reader.ts';
import { isCompressed } from './byte-input.ts';
import { cutIntoRanges, type FileRange, type FileSplit, type ListedFile, splitIdOf, wholeFile } from './file-split.ts';
import { globToRegExp } from './glob.ts';
import { listFiles } from './list-files.ts';
import { emptyShards, WatchingFileReader, type WatchOptions } from './watching-file-reader.ts';

interface ResolvedFileSourceOptions<T> {
  readonly format: FileFormat<T>;
  readonly paths: readonly string[];
  readonly accepts: (relativePath: string) => boolean;
  readonly recursive: boolean;
  /** Undefined: read once. */
  readonly watch: WatchOptions | undefined;
  readonly pause: Pause;
}

export class FileSource<T> implements Source<T, FileSplit> {
  readonly boundedness: Boundedness;
  readonly #options: ResolvedFileSourceOptions<T>;

  /** Internal: use forRecordStreamFormat. */
  constructor(options: ResolvedFileSourceOptions<T>) {
    this.#options = options;
    this.boundedness = options.watch === undefined ? Boundedness.Bounded : Boundedness.ContinuousUnbounded;
  }

  /** @param paths files or directories, with or without "file:"; ".gz" files are decompressed */
  static forRecordStreamFormat<T>(format: FileFormat<T>, ...paths: readonly string[]): FileSourceBuilder<T> {
    return new FileSourceBuilder(format, paths);
  }

  splitId(split: FileSplit): string {
    return splitIdOf(split);
  }

  async enumerateSplits(_context: SplitEnumeratorContext): Promise<readonly FileSplit[]> {
    const files = await this.#list();
    return this.#options.watch === undefined ? files.flatMap((file) => this.#cut(file)) : emptyShards();
  }

  createReader(context: SourceReaderContext): SourceReader<T, FileSplit> {
    const { format, watch } = this.#options;
    if (watch === undefined) return new BoundedFileReader(format);
    return new WatchingFileReader({ ...watch, format, list: () => this.#list(), context, pause: this.#options.pause });
  }

  #list(): Promise<ListedFile[]> {
    const { paths, accepts, recursive, watch } = this.#options;
    return listFiles(paths, { accepts, recursive, allowEmpty: watch !== undefined });
  }

  #cut({ path, sizeBytes }: ListedFile): readonly FileRange[] {
    const isWhole = !this.#options.format.splittable || isCompressed(path);
    return isWhole ? [wholeFile(path)] : cutIntoRanges(path, sizeBytes);
  }
}

export interface MonitorOptions {
  /** A file whose modification time changes after it was taken: nothing (default), or it is read again from its begin. */
  readonly whenModified?: 'ignore' | 'reread' | undefined;
  /** Files modified less than this ago wait for a later look. Default 0. */
  readonly minAge?: DurationLike | undefined;
}

export class FileSourceBuilder<T> {
  readonly #format: FileFormat<T>;
  readonly #paths: readonly string[];
  #accepts: (relativePath: string) => boolean = () => true;
  #recursive = true;
  #watch: WatchOptions | undefined;
  #pause: Pause = pause;

  constructor(format: FileFormat<T>, paths: readonly string[]) {
    this.#format = format;
    this.#paths = (paths.length === 0 ? [''] : paths).map((path) => toLocalPath(checkText('path', path)));
  }

  /** @param filter a pattern like "**\/*.csv" or a test, on paths below the given directories with "/" between names */
  filter(filter: string | ((relativePath: string) => boolean)): this {
    const pattern = typeof filter === 'string' ? globToRegExp(filter) : undefined;
    this.#accepts = pattern ? (path) => pattern.test(path) : (filter as (relativePath: string) => boolean);
    return this;
  }

  /** Whether directories in the given ones are read, too. Default true. */
  recursive(recursive: boolean): this {
    this.#recursive = recursive;
    return this;
  }

  /** Never ends: looks for new files every `interval`. Without it, what is there at the start is read once. */
  monitorContinuously(interval: DurationLike, options: MonitorOptions = {}): this {
    this.#watch = {
      intervalMs: toDurationMs('monitorContinuously interval', interval, 1),
      whenModified: options.whenModified ?? 'ignore',
      minAgeMs: toDurationMs('minAge', options.minAge ?? 0),
    };
    return this;
  }

  /** For tests with a clock of their own. */
  withPause(pause: Pause): this {
    this.#pause = pause;
    return this;
  }

  build(): FileSource<T> {
    return new FileSource({
      format: this.#format,
      paths: this.#paths,
      accepts: this.#accepts,
      recursive: this.#recursive,
      watch: this.#watch,
      pause: this.#pause,
    });
  }
}
