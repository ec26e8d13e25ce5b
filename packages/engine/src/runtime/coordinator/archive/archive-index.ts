// The index of the archive on disk: a line per change, so that a start reads one file instead of thousands. Archives are the truth; the index
// only repeats what they say.
//   I1. A line counts when its checksum does. What a crash left of a line is skipped, and the file is written anew before it is added to.
//   I2. Lines are added in order, one at a time. A line that could not be added makes the next change write the file anew.
//   I3. A line may be missing or too many (a crash between archive and index): whoever reads the index compares it with the archives there are.

import { crc32 } from '../../../checkpoint/crc32.ts';
import type { DurableFiles } from '../../../checkpoint/durable-files.ts';
import type { ArchiveEntry } from './archived-job.ts';

/** Changes with the shape of entries: lines of another version are not read. */
const VERSION = 1;
/** More lines than this for each entry: most of the file is about jobs that are gone. */
const MAX_LINES_PER_ENTRY = 2;
/** Below it, writing the file anew saves nothing. */
const MIN_LINES = 256;

type IndexLine =
  | { readonly version: number; readonly kept: ArchiveEntry }
  | { readonly version: number; readonly gone: string };

export interface ArchiveIndexOptions {
  readonly path: string;
  readonly files: DurableFiles;
  /** Everything that is archived now. */
  readonly entries: () => Iterable<ArchiveEntry>;
  readonly onProblem: (message: string, error: unknown) => void;
}

export class ArchiveIndex {
  readonly #options: ArchiveIndexOptions;
  /** In the file. */
  #lines = 0;
  /** Of what is archived. */
  #entryCount = 0;
  #mustRewrite = true;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: ArchiveIndexOptions) {
    this.#options = options;
  }

  /** What the file says, by job id. A file that is missing or cannot be read says nothing. */
  async read(): Promise<Map<string, ArchiveEntry>> {
    const { files, path, onProblem } = this.#options;
    const content = await files.read(path).catch((error: unknown) => {
      onProblem(`The index of the archive ${path} cannot be read and is made anew`, error);
      return undefined;
    });
    const entries = new Map<string, ArchiveEntry>();
    const { lines, isWhole } = readLines(content ?? new Uint8Array());
    for (const line of lines) {
      if ('kept' in line) entries.set(line.kept.overview.jobId, line.kept);
      else entries.delete(line.gone);
    }
    this.#lines = lines.length;
    this.#entryCount = entries.size;
    this.#mustRewrite = !isWhole;
    return entries;
  }

  /** The file as it should be, if it is not. */
  async rewrite(): Promise<void> {
    this.#mustRewrite = true;
    await this.#write();
  }

  async add(entry: ArchiveEntry): Promise<void> {
    this.#entryCount += 1;
    await this.#write({ version: VERSION, kept: entry });
  }

  async remove(jobId: string): Promise<void> {
    this.#entryCount -= 1;
    await this.#write({ version: VERSION, gone: jobId });
  }

  /** I2. */
  #write(line?: IndexLine): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        if (this.#isTooLong()) await this.#writeAll();
        else if (line !== undefined) await this.#append(line);
      } catch (error) {
        this.#mustRewrite = true;
        this.#options.onProblem(`The index of the archive ${this.#options.path} was not written`, error);
      }
    });
    return this.#writing;
  }

  #isTooLong(): boolean {
    return this.#mustRewrite || this.#lines >= Math.max(MIN_LINES, this.#entryCount * MAX_LINES_PER_ENTRY);
  }

  async #append(line: IndexLine): Promise<void> {
    await this.#options.files.append(this.#options.path, encodeLine(line));
    this.#lines += 1;
  }

  async #writeAll(): Promise<void> {
    const lines = [...this.#options.entries()].map((entry) => encodeLine({ version: VERSION, kept: entry }));
    await this.#options.files.writeAtomic(this.#options.path, Buffer.concat(lines));
    this.#lines = lines.length;
    this.#entryCount = lines.length;
    this.#mustRewrite = false;
  }
}

/** Checksum of the JSON, 8 hex digits, a blank, the JSON, a line feed. */
function encodeLine(line: IndexLine): Uint8Array {
  const json = Buffer.from(JSON.stringify(line), 'utf8');
  return Buffer.concat([Buffer.from(`${toChecksum(json)} `), json, Buffer.from('\n')]);
}

/** I1. */
function readLines(content: Uint8Array): { readonly lines: readonly IndexLine[]; readonly isWhole: boolean } {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const lines: IndexLine[] = [];
  let isWhole = true;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const line = end < 0 ? undefined : decodeLine(bytes.subarray(start, end));
    if (line === undefined) isWhole = false;
    else lines.push(line);
    start = end < 0 ? bytes.length : end + 1;
  }
  return { lines, isWhole };
}

function decodeLine(bytes: Buffer): IndexLine | undefined {
  const json = bytes.subarray(9);
  if (bytes.toString('latin1', 0, 9) !== `${toChecksum(json)} `) return undefined;
  const line = JSON.parse(json.toString('utf8')) as IndexLine;
  return line.version === VERSION ? line : undefined;
}

function toChecksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
