// What turns bytes of files into records. A format of one's own implements FileFormat.
import type { ByteInput } from '../source/byte-input.ts';
import type { FileProgress, FileRange } from '../source/file-split.ts';

/** next(): no record now, ask again after whenReadable. */
export const PENDING: unique symbol = Symbol('pending');
/** next(): the range has no more records. */
export const ENDED: unique symbol = Symbol('ended');

export interface RecordReader<T> {
  next(): T | typeof PENDING | typeof ENDED;
  /** Where to go on so that the record after the last one returned comes next; undefined: as the range was given. Plain data. */
  progress(): FileProgress | undefined;
}

export interface FileFormat<T> {
  /** Shown in errors, e.g. "CSV". */
  readonly name: string;
  /** True: records end at line ends, so plain files may be read in parts by several subtasks. */
  readonly splittable: boolean;
  /** First byte that the reader wants: before the range when it must find a record's begin. */
  firstByte(range: FileRange): number;
  openReader(range: FileRange, input: ByteInput): RecordReader<T>;
}
