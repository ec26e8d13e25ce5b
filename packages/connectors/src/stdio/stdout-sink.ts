// Records to standard output, one JSON value per line: for programs that are piped into others. print() shows records to people.
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { RichSinkFunction } from '@yeoul/engine';

export interface StdoutSinkOptions<T> {
  /** Record to text, its line end included. Default: JSON and a line end. */
  readonly serialize?: ((record: T) => string) | undefined;
  /** Default: process.stdout. */
  readonly output?: Writable | undefined;
}

export class StdoutSink<T> extends RichSinkFunction<T> {
  readonly #serialize: (record: T) => string;
  readonly #output: Writable;

  constructor(options: StdoutSinkOptions<T> = {}) {
    super();
    this.#serialize = options.serialize ?? ((record) => `${JSON.stringify(record)}\n`);
    this.#output = options.output ?? process.stdout;
  }

  override invoke(record: T): void | Promise<void> {
    if (this.#output.write(this.#serialize(record))) return;
    return once(this.#output, 'drain').then(() => {});
  }

  override finish(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write('', (error) => (error ? reject(error) : resolve()));
    });
  }
}
