// Flink's builder of file sinks.
import { resolve } from 'node:path';
import { appError } from '@yeoul/engine';
import { checkInteger, checkText } from '../../options.ts';
import { toLocalPath } from '../file-errors.ts';
import { type BucketAssigner, DateTimeBucketAssigner } from './bucket-assigner.ts';
import type { EncoderLike } from './encoder.ts';
import type { FileSink } from './file-sink.ts';
import type { ResolvedFileSinkOptions } from './file-sink-options.ts';
import { DefaultRollingPolicy, type RollingPolicy } from './rolling-policy.ts';
import { nodeFileSystem, type SinkFileSystem } from './sink-file-system.ts';

// 256 descriptors and 16 MiB of buffers per subtask: below the usual limit of 1,024 descriptors for a few sinks.
const DEFAULT_MAX_OPEN_PARTS = 256;

export interface OutputFileConfig {
  /** Default "part". */
  readonly partPrefix?: string | undefined;
  /** Default "", e.g. ".csv". */
  readonly partSuffix?: string | undefined;
}

export class FileSinkBuilder<T> {
  readonly #create: (options: ResolvedFileSinkOptions<T>) => FileSink<T>;
  #options: ResolvedFileSinkOptions<T>;

  constructor(basePath: string, encoder: EncoderLike<T>, create: (options: ResolvedFileSinkOptions<T>) => FileSink<T>) {
    this.#create = create;
    this.#options = {
      basePath: resolve(toLocalPath(checkText('base path', basePath))),
      encoder: typeof encoder === 'function' ? { encode: encoder } : encoder,
      assigner: new DateTimeBucketAssigner(),
      policy: DefaultRollingPolicy.builder(),
      maxOpenParts: DEFAULT_MAX_OPEN_PARTS,
      partPrefix: 'part',
      partSuffix: '',
      files: nodeFileSystem,
    };
  }

  /** Default: a folder per hour of processing time (DateTimeBucketAssigner). */
  withBucketAssigner(assigner: BucketAssigner<T>): this {
    return this.#with({ assigner });
  }

  /** Default: 128 MiB, a minute, a minute without records (DefaultRollingPolicy). */
  withRollingPolicy(policy: RollingPolicy): this {
    return this.#with({ policy });
  }

  withOutputFileConfig({ partPrefix = 'part', partSuffix = '' }: OutputFileConfig): this {
    return this.#with({
      partPrefix: checkName('partPrefix', checkText('partPrefix', partPrefix)),
      partSuffix: partSuffix === '' ? '' : checkName('partSuffix', partSuffix, '.'),
    });
  }

  /** Files open at once per subtask. Default 256. */
  withMaxOpenParts(count: number): this {
    return this.#with({ maxOpenParts: checkInteger('maxOpenParts', count, 1) });
  }

  /** For tests with faults. */
  withFileSystem(files: SinkFileSystem): this {
    return this.#with({ files });
  }

  build(): FileSink<T> {
    return this.#create(this.#options);
  }

  #with(options: Partial<ResolvedFileSinkOptions<T>>): this {
    this.#options = { ...this.#options, ...options };
    return this;
  }
}

/** A name that starts with "." or "_" would be hidden from readers. */
function checkName(option: string, name: string, mayStartWith = ''): string {
  const isHidden = /^[._]/.test(name) && name[0] !== mayStartWith;
  if (!isHidden && !/[/\\\0]/.test(name)) return name;
  throw appError('INVALID_SETTING', [
    option,
    JSON.stringify(name),
    'a part of a file name that does not start with "." or "_"',
  ]);
}
