// Records of one CSV file.
//   V1. The window is cut behind the last record end outside quotes; only whole records are parsed.
//   V2. Progress is the offset of the batch in hand and how many of its records were taken: parsing from there again and
//       leaving out as many gives the same records, however the chunks fall.
import { type AppError, appError } from '@yeoul/engine';
import { CsvError, parse } from 'csv-parse/sync';
import type { ByteInput } from '../source/byte-input.ts';
import type { FileProgress, FileRange } from '../source/file-split.ts';
import { ByteWindow } from './byte-window.ts';
import { CsvBoundary } from './csv-boundary.ts';
import { type CsvColumnType, parseCsvField } from './csv-columns.ts';
import { ENDED, PENDING, type RecordReader } from './file-format.ts';

export interface ResolvedCsvOptions {
  readonly delimiter: string;
  readonly quote: string | undefined;
  readonly escape: string;
  readonly columns: boolean | readonly string[];
  readonly types: Readonly<Record<string, CsvColumnType>>;
  readonly trim: boolean;
  readonly allowRaggedRecords: boolean;
  readonly maxRecordBytes: number;
}

export class CsvReader<T> implements RecordReader<T> {
  readonly #path: string;
  readonly #options: ResolvedCsvOptions;
  readonly #window: ByteWindow;
  readonly #boundary: CsvBoundary;
  /** No record end before this index of the window. */
  #scan = 0;
  /** Names of the fields; undefined until the header was read, null when records are arrays. */
  #columns: readonly string[] | null | undefined;
  #batch: readonly string[][] = [];
  #next = 0;
  #batchOffsetBytes: number;
  #batchEndBytes: number;
  /** Records to leave out at the begin: they were taken before the restore. */
  #skip: number;
  #atFileBegin: boolean;

  constructor(range: FileRange, input: ByteInput, options: ResolvedCsvOptions) {
    const { offsetBytes, skipRecords, memo } = range.progress ?? { offsetBytes: 0, skipRecords: 0, memo: undefined };
    this.#path = range.path;
    this.#options = options;
    this.#window = new ByteWindow(range.path, input, offsetBytes, options.maxRecordBytes, 'maxRecordBytes');
    const hasEscape = options.quote !== undefined && options.escape !== options.quote;
    this.#boundary = new CsvBoundary(
      options.quote?.charCodeAt(0),
      hasEscape ? options.escape.charCodeAt(0) : undefined,
    );
    this.#columns = options.columns === true ? (memo as readonly string[] | undefined) : options.columns || null;
    this.#batchOffsetBytes = offsetBytes;
    this.#batchEndBytes = offsetBytes;
    this.#skip = skipRecords;
    this.#atFileBegin = offsetBytes === 0;
  }

  next(): T | typeof PENDING | typeof ENDED {
    for (;;) {
      const fields = this.#batch[this.#next];
      if (fields !== undefined) {
        const record = this.#toRecord(fields);
        this.#next += 1;
        return record;
      }
      const progress = this.#readBatch();
      if (progress !== 'parsed') return progress;
    }
  }

  progress(): FileProgress {
    const memo = this.#options.columns === true && this.#columns ? { memo: this.#columns } : {};
    if (this.#next > 0 && this.#next === this.#batch.length) {
      return { offsetBytes: this.#batchEndBytes, skipRecords: this.#skip, ...memo };
    }
    return { offsetBytes: this.#batchOffsetBytes, skipRecords: this.#next + this.#skip, ...memo };
  }

  #readBatch(): 'parsed' | typeof PENDING | typeof ENDED {
    const window = this.#window;
    for (;;) {
      const found = this.#boundary.lastRecordEnd(window.bytes, this.#scan);
      this.#scan = window.bytes.length;
      const end = found === -1 && window.ended ? window.bytes.length : found;
      if (end > window.start) {
        this.#parseBatch(end);
        return 'parsed';
      }
      if (window.ended) return ENDED;
      const before = window.start;
      const filled = window.fill();
      this.#scan -= before;
      if (!filled) return PENDING;
    }
  }

  #parseBatch(end: number): void {
    const window = this.#window;
    const from = this.#atFileBegin ? window.start + markLength(window.bytes) : window.start;
    this.#atFileBegin = false;
    const offsetBytes = window.offsetBytes + from;
    const records = this.#parse(window.bytes.subarray(from, end), offsetBytes);
    // The header counts as a record of its batch: after a restore its names come from the memo, and it is left out with the
    // records taken.
    const hasHeader = this.#columns === undefined && records[0] !== undefined;
    if (hasHeader) this.#columns = records[0];
    const first = hasHeader ? 1 : 0;
    const skipped = Math.min(this.#skip, records.length - first);
    this.#skip -= skipped;
    this.#batch = records;
    this.#next = first + skipped;
    this.#batchOffsetBytes = offsetBytes;
    this.#batchEndBytes = window.offsetBytes + end;
    window.start = end;
  }

  #parse(bytes: Buffer, offsetBytes: number): string[][] {
    const { delimiter, quote, trim } = this.#options;
    try {
      return parse(bytes, {
        delimiter,
        quote: quote ?? null,
        escape: this.#options.escape,
        trim,
        relax_column_count: true,
        skip_empty_lines: true,
        record_delimiter: ['\r\n', '\n'],
      }) as unknown as string[][];
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw this.#invalid(
        offsetBytes + lineOffset(bytes, error),
        error.message.replace(/ (at|on) line \d+/, ''),
        error,
      );
    }
  }

  #toRecord(fields: readonly string[]): T {
    const columns = this.#columns;
    if (!columns) return fields as T;
    if (fields.length !== columns.length && !this.#options.allowRaggedRecords) {
      throw this.#invalid(
        this.#batchOffsetBytes,
        `a record has ${fields.length} fields, not ${columns.length}: ${preview(fields)}`,
      );
    }
    const record: Record<string, unknown> = {};
    for (let i = 0; i < columns.length && i < fields.length; i++) {
      const column = columns[i] as string;
      record[column] = this.#toValue(column, fields[i] as string, fields);
    }
    return record as T;
  }

  #toValue(column: string, text: string, fields: readonly string[]): unknown {
    const type = this.#options.types[column];
    if (type === undefined) return text;
    try {
      return parseCsvField(text, type);
    } catch (error) {
      const why = `column "${column}": ${(error as Error).message} (record ${preview(fields)})`;
      throw this.#invalid(this.#batchOffsetBytes, why, error);
    }
  }

  #invalid(offsetBytes: number, why: string, cause?: unknown): AppError {
    return appError('FILE_RECORD_INVALID', [this.#path, offsetBytes, 'CSV', why], { cause });
  }
}

/** Bytes of a byte order mark (EF BB BF) at the begin. */
function markLength(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Where the line that csv-parse names begins, in the batch. */
function lineOffset(bytes: Buffer, error: CsvError): number {
  const lines = Number(error.lines ?? 1);
  let offset = 0;
  for (let line = 1; line < lines; line++) {
    const end = bytes.indexOf(10, offset);
    if (end === -1) break;
    offset = end + 1;
  }
  return offset;
}

function preview(fields: readonly string[]): string {
  const text = JSON.stringify(fields);
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
