// One JSON value per line; empty lines are left out.
import type { ByteInput } from '../source/byte-input.ts';
import type { FileRange } from '../source/file-split.ts';
import type { FileFormat, RecordReader } from './file-format.ts';
import { firstByteOfLines, LineReader, type LineReaderOptions, SKIPPED } from './line-reader.ts';
import { resolveTextLineOptions } from './text-line-format.ts';

export interface JsonLinesOptions {
  /** Default 16 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** Invalid lines: an error (default), or left out. */
  readonly invalidLines?: 'fail' | 'skip' | undefined;
}

export class JsonLinesFormat<T = unknown> implements FileFormat<T> {
  readonly name = 'JSON';
  readonly splittable = true;
  readonly #options: LineReaderOptions<T>;

  constructor(options: JsonLinesOptions = {}) {
    const { maxLineBytes, invalidLines } = options;
    this.#options = {
      ...resolveTextLineOptions({ maxLineBytes }),
      formatName: this.name,
      parse: invalidLines === 'skip' ? parseOrSkip : parseJsonLine,
    };
  }

  firstByte(range: FileRange): number {
    return firstByteOfLines(range);
  }

  openReader(range: FileRange, input: ByteInput): RecordReader<T> {
    return new LineReader(range, input, this.#options);
  }
}

function parseJsonLine<T>(line: string): T | typeof SKIPPED {
  if (line.trim() === '') return SKIPPED;
  return JSON.parse(line) as T;
}

function parseOrSkip<T>(line: string): T | typeof SKIPPED {
  try {
    return parseJsonLine<T>(line);
  } catch {
    return SKIPPED;
  }
}
