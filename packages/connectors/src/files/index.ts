/**
 * Files as sources and sinks: `yeoul/connectors/files`. Importing it gives readTextFile, writeAsText and writeAsCsv their work.
 */
import './install-hooks.ts';

export type { CsvColumnType } from './formats/csv-columns.ts';
export { CsvFormat, type CsvOptions } from './formats/csv-format.ts';
export { ENDED, type FileFormat, PENDING, type RecordReader } from './formats/file-format.ts';
export { JsonLinesFormat, type JsonLinesOptions } from './formats/json-lines-format.ts';
export { TextLineFormat, type TextLineOptions } from './formats/text-line-format.ts';
export { WholeFileFormat, type WholeFileOptions } from './formats/whole-file-format.ts';
export {
  BasePathBucketAssigner,
  type BucketAssigner,
  DateTimeBucketAssigner,
} from './sink/bucket-assigner.ts';
export { CsvEncoder, type Encoder, type EncoderLike, JsonLinesEncoder, SimpleStringEncoder } from './sink/encoder.ts';
export { FileSink } from './sink/file-sink.ts';
export type { FileSinkBuilder, OutputFileConfig } from './sink/file-sink-builder.ts';
export {
  DefaultRollingPolicy,
  OnCheckpointRollingPolicy,
  type PartFileInfo,
  type RollingPolicy,
} from './sink/rolling-policy.ts';
export { nodeFileSystem, type SinkFileSystem } from './sink/sink-file-system.ts';
export { TextFileSink, type TextFileSinkOptions } from './sink/text-file-sink.ts';
export { type ByteInput, NOT_READY } from './source/byte-input.ts';
export { FileSource, type FileSourceBuilder, type MonitorOptions } from './source/file-source.ts';
export type { FileProgress, FileRange, FileSplit, WatchShard } from './source/file-split.ts';
