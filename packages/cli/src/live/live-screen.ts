// Redraws a block of lines in place. On something that is no terminal it prints nothing: the caller prints summaries.

export interface ScreenStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** Bytes that are still to be written, where that is known. */
  readonly writableLength?: number | undefined;
  write(text: string): unknown;
}

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

export class LiveScreen {
  readonly #stream: ScreenStream;
  #drawnLines = 0;

  constructor(stream: ScreenStream) {
    this.#stream = stream;
  }

  get columns(): number {
    return known(this.#stream.columns) ?? 100;
  }

  draw(lines: readonly string[]): void {
    const visible = lines.slice(0, Math.max(1, (known(this.#stream.rows) ?? 50) - 1));
    const up = this.#drawnLines > 0 ? `\u001b[${this.#drawnLines}A` : HIDE_CURSOR;
    this.#stream.write(`\r${up}${visible.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`);
    this.#drawnLines = visible.length;
  }

  /** Leaves what is drawn and gives the cursor back. */
  close(): void {
    if (this.#drawnLines > 0) this.#stream.write(SHOW_CURSOR);
    this.#drawnLines = 0;
  }
}

/** Terminals that nobody has told their size say 0. */
function known(size: number | undefined): number | undefined {
  return size === 0 ? undefined : size;
}
