// Lines of standard input. At most once, as for sockets.
import { createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import type { SourceContext, SourceFunction } from '@yeoul/engine';
import { collectAll } from '../collect-all.ts';
import { DEFAULT_MAX_RECORD_BYTES, DelimitedText } from '../delimited-text.ts';
import { checkInteger } from '../options.ts';

export interface StdinSourceOptions {
  /** Default 16 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** Default: standard input of the process that runs the slot. */
  readonly open?: (() => Readable) | undefined;
}

export class StdinSource implements SourceFunction<string> {
  readonly #maxLineBytes: number;
  readonly #open: () => Readable;
  #input: Readable | undefined;

  constructor(options: StdinSourceOptions = {}) {
    this.#maxLineBytes = checkInteger('maxLineBytes', options.maxLineBytes ?? DEFAULT_MAX_RECORD_BYTES, 1);
    this.#open = options.open ?? openStandardInput;
  }

  async run(context: SourceContext<string>): Promise<void> {
    const text = new DelimitedText({ origin: 'standard input', delimiter: '\n', maxRecordBytes: this.#maxLineBytes });
    const input = this.#open();
    this.#input = input;
    for await (const chunk of input) {
      if (!(await collectAll(context, text.push(chunk as Buffer)))) return;
    }
    const last = text.end();
    if (last !== undefined && context.isRunning()) await context.collectAsync(last);
  }

  cancel(): void {
    this.#input?.destroy();
  }

  close(): void {
    this.cancel();
  }
}

/**
 * A slot is a worker thread, whose process.stdin is not the process's. A descriptor of its own for what descriptor 0 is; pipes and
 * terminals through the event loop, so that cancelling does not hang on a read that never comes.
 */
function openStandardInput(): Readable {
  const kind = fstatSync(0);
  if (kind.isSocket()) return new Socket({ fd: 0, readable: true, writable: false });
  const file = openSync('/dev/stdin', 'r');
  if (kind.isFIFO()) return new Socket({ fd: file, readable: true, writable: false });
  return isTerminal(file) ? new ReadStream(file) : createReadStream('', { fd: file });
}

function isTerminal(file: number): boolean {
  try {
    return fstatSync(file).isCharacterDevice() && isatty(file);
  } catch {
    return false;
  }
}
