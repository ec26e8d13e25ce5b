// Values that arrive in pieces, read as an async iterable by one reader.

export class ValueQueue implements AsyncIterable<unknown> {
  readonly all: unknown[] = [];
  #ended = false;
  #error: Error | undefined;
  #wake: () => void = () => undefined;

  push(values: readonly unknown[]): void {
    for (const value of values) this.all.push(value);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(error: Error): void {
    this.#error = error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    for (let next = 0; ; ) {
      if (next < this.all.length) yield this.all[next++];
      else if (this.#error) throw this.#error;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
