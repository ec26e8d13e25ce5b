// Where in the user's source an operation was called: "main(word-count.ts:12)", from the stack of the bundled program
// through its source map.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { SerializedError } from '../messages.ts';

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;
const EMPTY_MAP = { version: 3 as const, names: [], sources: [], mappings: '' };

export class CallSites {
  readonly #bundlePath: string;
  #map: TraceMap | undefined;

  constructor(bundlePath: string) {
    this.#bundlePath = bundlePath;
  }

  /** @returns undefined when no frame of the stack is in the program */
  describe(stack: string): string | undefined {
    const frame = stack.split('\n').find((line) => line.includes(this.#bundlePath));
    const parts = frame && /at (?:async )?(?:(.+?) \()?.*?:(\d+):(\d+)\)?$/.exec(frame.trim());
    if (!parts) return undefined;
    const [, fn, line, column] = parts;
    const original = originalPositionFor(this.#load(), { line: Number(line), column: Number(column) - 1 });
    const file = basename(original.source ?? this.#bundlePath);
    return `${functionName(fn)}(${file}:${original.line ?? line})`;
  }

  /** The error with the program's frames in its stack as they are in the source: "at convert (job.ts:3:22)", as seen from the program's folder. */
  inSource(error: SerializedError): SerializedError {
    if (error.stack?.includes(this.#bundlePath) !== true) return error;
    return {
      ...error,
      stack: error.stack
        .split('\n')
        .map((line) => this.#lineInSource(line))
        .join('\n'),
    };
  }

  /** A frame of the program as it is in the source. Lines and columns from 1. */
  frameInSource<F extends { readonly line: number; readonly column: number }>(frame: F): F & { readonly url: string } {
    const { source, line, column } = originalPositionFor(this.#load(), { line: frame.line, column: frame.column - 1 });
    if (source === null) return { ...frame, url: basename(this.#bundlePath) };
    return { ...frame, url: source, line, column: column + 1 };
  }

  #lineInSource(line: string): string {
    const parts = /^(\s+at )(?:(.+) \()?(.+):(\d+):(\d+)\)?$/.exec(line);
    if (parts?.[3] !== this.#bundlePath) return line;
    const [, at, fn, , row, column] = parts;
    const original = originalPositionFor(this.#load(), { line: Number(row), column: Number(column) - 1 });
    if (original.source === null) return line;
    const place = `${original.source}:${original.line}:${original.column + 1}`;
    return fn === undefined ? `${at}${place}` : `${at}${fn} (${place})`;
  }

  #load(): TraceMap {
    if (!this.#map) {
      const encoded = INLINE_MAP.exec(readFileSync(this.#bundlePath, 'utf8'))?.[1] ?? '';
      this.#map = new TraceMap(encoded === '' ? EMPTY_MAP : Buffer.from(encoded, 'base64').toString('utf8'));
    }
    return this.#map;
  }
}

/** The program's entry, anonymous or top-level code is "main", as in Flink. */
function functionName(name: string | undefined): string {
  const last = name?.split('.').at(-1) ?? '';
  return last === '' || last.startsWith('<') || last === 'Object' || last === 'default' ? 'main' : last;
}
