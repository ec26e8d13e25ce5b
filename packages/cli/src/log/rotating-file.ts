// A file that is written to for ever and takes bounded room.
//   R1. At most maxFiles + 1 files of about maxBytes each; lines are not torn apart unless one alone is longer.
//   R2. Writing never waits and never throws: what the disk does not keep up with is left out, and the file says how much.

import { appendFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface RotatingFileOptions {
  readonly path: string;
  readonly maxBytes: number;
  /** Files set aside that are kept, as <path>.1 (the newest) and on; 0: none. */
  readonly maxFiles: number;
  readonly maxAgeMs: number;
  readonly nowMs: () => number;
  /** Told once, until writing works again. */
  readonly onProblem: (error: Error) => void;
}

/** Waiting to be written. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: FileHandle | undefined;
  #sizeBytes = 0;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #leftOutBytes = 0;
  #writing: Promise<void> | undefined;
  #hasProblem = false;

  private constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** A file of an earlier process is set aside. */
  static async open(options: RotatingFileOptions): Promise<RotatingFile> {
    const opened = new RotatingFile(options);
    await mkdir(dirname(options.path), { recursive: true });
    const sizeBytes = (await stat(options.path).catch(() => undefined))?.size ?? 0;
    if (sizeBytes > 0) await opened.#setAside();
    await opened.#begin();
    return opened;
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#queuedBytes + bytes.byteLength > MAX_QUEUED_BYTES) {
      this.#leftOutBytes += bytes.byteLength;
      return;
    }
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.byteLength;
    this.#writing ??= this.#writeQueued();
  }

  /** What was written so far is in the file, or was left out. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** For the end of the process: no promise settles any more. */
  flushSync(): void {
    try {
      for (const bytes of this.#queue.splice(0)) appendFileSync(this.#options.path, bytes);
    } catch (error) {
      this.#problem(error);
    }
    this.#queuedBytes = 0;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #writeQueued(): Promise<void> {
    // What comes in the same turn is written in one go.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const bytes = Buffer.concat(this.#takeQueued());
      try {
        await this.#append(bytes);
        this.#hasProblem = false;
      } catch (error) {
        this.#leftOutBytes += bytes.byteLength;
        this.#problem(error);
      }
    }
    this.#writing = undefined;
  }

  #takeQueued(): Buffer[] {
    const taken = this.#queue;
    if (this.#leftOutBytes > 0) {
      taken.unshift(Buffer.from(`[${this.#leftOutBytes} bytes were left out: they could not be written in time]\n`));
    }
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#leftOutBytes = 0;
    return taken;
  }

  async #append(bytes: Buffer): Promise<void> {
    for (let from = 0; from < bytes.byteLength; ) {
      const room = this.#options.maxBytes - this.#sizeBytes;
      const to = endOfPiece(bytes, from, room, this.#sizeBytes === 0);
      if (to === from) {
        await this.#file?.close();
        this.#file = undefined;
        await this.#setAside();
        await this.#begin();
        continue;
      }
      if (this.#file === undefined) await this.#begin();
      await this.#file?.appendFile(bytes.subarray(from, to));
      this.#sizeBytes += to - from;
      from = to;
    }
  }

  async #begin(): Promise<void> {
    this.#file = await open(this.#options.path, 'a', 0o640);
    this.#sizeBytes = (await this.#file.stat()).size;
  }

  async #setAside(): Promise<void> {
    const { path, maxFiles } = this.#options;
    await rm(`${path}.${maxFiles}`, { force: true });
    for (let number = maxFiles - 1; number >= 1; number--) {
      await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(ignoreMissing);
    }
    if (maxFiles > 0) await rename(path, `${path}.1`).catch(ignoreMissing);
    else await rm(path, { force: true });
    await this.#removeOld();
  }

  /** Those beyond a limit that has become smaller are too old as well. */
  async #removeOld(): Promise<void> {
    const { path, maxAgeMs, maxFiles, nowMs } = this.#options;
    for (const name of await readdir(dirname(path))) {
      const number = numberOf(name, basename(path));
      if (number === undefined) continue;
      const file = join(dirname(path), name);
      const modifiedMs = (await stat(file).catch(() => undefined))?.mtimeMs ?? nowMs();
      if (number > maxFiles || nowMs() - modifiedMs > maxAgeMs) await rm(file, { force: true });
    }
  }

  #problem(error: unknown): void {
    if (!this.#hasProblem) this.#options.onProblem(error as Error);
    this.#hasProblem = true;
  }
}

/** Where the piece that fits ends, after a whole line if it may be; `from`: nothing fits. */
function endOfPiece(bytes: Buffer, from: number, room: number, isEmpty: boolean): number {
  if (bytes.byteLength - from <= room) return bytes.byteLength;
  const lineEnd = room > 0 ? bytes.lastIndexOf(NEWLINE, from + room - 1) : -1;
  if (lineEnd >= from) return lineEnd + 1;
  return isEmpty ? from + Math.max(1, room) : from;
}

function numberOf(name: string, base: string): number | undefined {
  const number = name.startsWith(`${base}.`) ? name.slice(base.length + 1) : '';
  return /^[1-9]\d*$/.test(number) ? Number(number) : undefined;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
