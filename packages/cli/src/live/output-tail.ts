// The newest lines of a job's printed output.

export class OutputTail {
  readonly #limit: number;
  #lines: string[] = [];
  #rest = '';
  count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  push(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    this.count += parts.length;
    this.#lines = [...this.#lines, ...parts].slice(-this.#limit);
  }
}
