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
export { type ByteInput, NOT_READY } from './source/byte-input.ts';
export { FileSource, type FileSourceBuilder, type MonitorOptions } from './source/file-source.ts';
export type { FileProgress, FileRange, FileSplit, WatchShard } from './source/file-split.ts';
