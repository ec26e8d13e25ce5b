// CSV (RFC 4180), parsed by csv-parse in batches of whole records.
import { appError } from '@yeoul/engine';
import { checkChoice, checkInteger } from '../../options.ts';
import type { ByteInput } from '../source/byte-input.ts';
import type { FileRange } from '../source/file-split.ts';
import { type CsvColumnType, csvColumnTypes } from './csv-columns.ts';
import { CsvReader, type ResolvedCsvOptions } from './csv-reader.ts';
import type { FileFormat, RecordReader } from './file-format.ts';

export interface CsvOptions {
  /** Default ",". */
  readonly delimiter?: string | undefined;
  /** Default '"'; false: fields are never quoted. */
  readonly quote?: string | false | undefined;
  /** Default: the quote, doubled. */
  readonly escape?: string | undefined;
  /**
   * True (default): names come from the first record of each file. A list: these names, every record is data. False: records are
   * arrays of strings.
   */
  readonly columns?: boolean | readonly string[] | undefined;
  /** Types of columns by name; others stay strings. */
  readonly types?: Readonly<Record<string, CsvColumnType>> | undefined;
  /** Removes spaces around fields. Default false. */
  readonly trim?: boolean | undefined;
  /** Records with more or fewer fields than columns: an error (default), or as they are. */
  readonly allowRaggedRecords?: boolean | undefined;
  /** Default 16 MiB. Mostly a quote that is never closed. */
  readonly maxRecordBytes?: number | undefined;
}

// 16 MiB, as for lines.
const DEFAULT_MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** A file is read by one subtask: only a reader from its begin knows which line ends are inside quotes. */
export class CsvFormat<T = Record<string, unknown>> implements FileFormat<T> {
  readonly name = 'CSV';
  readonly splittable = false;
  readonly #options: ResolvedCsvOptions;

  constructor(options: CsvOptions = {}) {
    this.#options = resolveCsvOptions(options);
  }

  firstByte(range: FileRange): number {
    return range.progress?.offsetBytes ?? 0;
  }

  openReader(range: FileRange, input: ByteInput): RecordReader<T> {
    return new CsvReader<T>(range, input, this.#options);
  }
}

function resolveCsvOptions(options: CsvOptions): ResolvedCsvOptions {
  const { columns = true, quote = '"', types = {} } = options;
  for (const [column, type] of Object.entries(types)) checkChoice(`types.${column}`, type, csvColumnTypes);
  if (columns === false && Object.keys(types).length > 0) {
    throw appError('INVALID_SETTING', ['types', 'given with columns: false', 'names of columns, too']);
  }
  const isEmpty = Array.isArray(columns) && columns.length === 0;
  if (isEmpty) throw appError('INVALID_SETTING', ['columns', 'an empty list', 'names, true or false']);
  return {
    delimiter: checkCharacter('delimiter', options.delimiter ?? ','),
    quote: quote === false ? undefined : checkCharacter('quote', quote),
    escape: checkCharacter('escape', options.escape ?? (quote === false ? '"' : quote)),
    columns: columns as boolean | readonly string[],
    types,
    trim: options.trim ?? false,
    allowRaggedRecords: options.allowRaggedRecords ?? false,
    maxRecordBytes: checkInteger('maxRecordBytes', options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES, 1),
  };
}

function checkCharacter(name: string, value: string): string {
  if (value.length === 1 && value < '\u0080' && value !== '\n' && value !== '\r') return value;
  throw appError('INVALID_SETTING', [name, JSON.stringify(value), 'one ASCII character that is no line end']);
}
