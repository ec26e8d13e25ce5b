// One record per line of text.
import { checkChoice, checkInteger } from '../../options.ts';
import type { ByteInput } from '../source/byte-input.ts';
import type { FileRange } from '../source/file-split.ts';
import type { FileFormat, RecordReader } from './file-format.ts';
import {
  firstByteOfLines,
  LineReader,
  type LineReaderOptions,
  type TextEncoding,
  textEncodings,
} from './line-reader.ts';

export interface TextLineOptions {
  /** Default "utf-8". */
  readonly encoding?: string | undefined;
  /** Bytes that are no UTF-8: U+FFFD in their place (default), or an error. */
  readonly invalidBytes?: 'replace' | 'fail' | undefined;
  /** A longer line is an error. Default 16 MiB. */
  readonly maxLineBytes?: number | undefined;
}

type ResolvedTextLineOptions = Omit<LineReaderOptions<unknown>, 'formatName' | 'parse'>;

// 16 MiB: no line of text is that long; a binary file or a wrong delimiter is.
const DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;
// 512 MiB: the longest string of V8.
const LARGEST_STRING_BYTES = 512 * 1024 * 1024 - 1024;

const encodingNames: Readonly<Record<string, TextEncoding>> = {
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'iso-8859-1': 'latin1',
};

/** @throws INVALID_SETTING */
export function resolveTextLineOptions(options: TextLineOptions): ResolvedTextLineOptions {
  const encoding = (options.encoding ?? 'utf-8').toLowerCase();
  const { maxLineBytes = DEFAULT_MAX_LINE_BYTES } = options;
  return {
    encoding: checkChoice('encoding', encodingNames[encoding] ?? encoding, textEncodings),
    invalidBytes: checkChoice('invalidBytes', options.invalidBytes ?? 'replace', ['replace', 'fail']),
    maxLineBytes: checkInteger('maxLineBytes', maxLineBytes, 1, LARGEST_STRING_BYTES),
  };
}

/** Lines end with LF or CR LF; the last one may have no end. A byte order mark at the begin is left out. */
export class TextLineFormat implements FileFormat<string> {
  readonly name = 'text';
  readonly splittable = true;
  readonly #options: LineReaderOptions<string>;

  constructor(options: TextLineOptions = {}) {
    this.#options = { ...resolveTextLineOptions(options), formatName: this.name, parse: undefined };
  }

  firstByte(range: FileRange): number {
    return firstByteOfLines(range);
  }

  openReader(range: FileRange, input: ByteInput): RecordReader<string> {
    return new LineReader(range, input, this.#options);
  }
}
