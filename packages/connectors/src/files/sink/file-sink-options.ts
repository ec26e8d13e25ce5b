import type { BucketAssigner } from './bucket-assigner.ts';
import type { Encoder } from './encoder.ts';
import type { RollingPolicy } from './rolling-policy.ts';
import type { SinkFileSystem } from './sink-file-system.ts';

export interface PartWriterOptions {
  readonly basePath: string;
  readonly policy: RollingPolicy;
  readonly maxOpenParts: number;
  readonly files: SinkFileSystem;
}

export interface ResolvedFileSinkOptions<T> extends PartWriterOptions {
  readonly encoder: Encoder<T>;
  readonly assigner: BucketAssigner<T>;
  readonly partPrefix: string;
  readonly partSuffix: string;
}
