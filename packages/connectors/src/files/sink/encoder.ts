// Records to bytes, for the file sinks.
import { formatRecord } from '@yeoul/engine';
import { toCsvRow } from './csv-row.ts';

export interface Encoder<T> {
  /** The whole record, its line end included. Text is written as UTF-8. */
  encode(record: T): string | Uint8Array;
}

export type EncoderLike<T> = Encoder<T> | ((record: T) => string | Uint8Array);

/** One line per record, as print() shows it (Flink's name). */
export class SimpleStringEncoder<T> implements Encoder<T> {
  encode(record: T): string {
    return `${formatRecord(record)}\n`;
  }
}

export class JsonLinesEncoder<T> implements Encoder<T> {
  encode(record: T): string {
    return `${JSON.stringify(record)}\n`;
  }
}

/** Rows from arrays, or from objects by column name; quoted where needed (RFC 4180). */
export class CsvEncoder<T> implements Encoder<T> {
  readonly #columns: readonly string[] | undefined;
  readonly #delimiter: string;

  /** @param columns fields of object records, in this order; undefined: as the object has them */
  constructor(columns?: readonly string[], delimiter = ',') {
    this.#columns = columns;
    this.#delimiter = delimiter;
  }

  encode(record: T): string {
    return toCsvRow(record, this.#delimiter, '\n', this.#columns);
  }
}
