// The one folder that log pages read.
//   L1. Only regular files that stand in the folder itself are listed and sent: names with a path in them, links and folders are not there.
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface LogFolderOptions {
  readonly directory: string;
  /** Names of the files that /log and /stdout show. */
  readonly log: string;
  readonly jobManagerOutput: string;
  readonly taskManagerOutput: string;
}

export interface LogFileLine {
  readonly name: string;
  readonly size: number;
  /** Epoch ms. */
  readonly mtime: number;
}

export interface OpenedLogFile {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
}

/** A folder of ours has a few dozen; one with more was configured by mistake. */
const MAX_LISTED = 1000;

export class LogFolder {
  readonly #options: LogFolderOptions;

  constructor(options: LogFolderOptions) {
    this.#options = options;
  }

  get names(): Omit<LogFolderOptions, 'directory'> {
    return this.#options;
  }

  /** By name; none when the folder is not there. */
  async list(): Promise<readonly LogFileLine[]> {
    const names = await readdir(this.#options.directory).catch(() => []);
    const lines = await Promise.all(
      names
        .sort()
        .slice(0, MAX_LISTED)
        .map((name) => this.#describe(name)),
    );
    return lines.filter((line) => line !== undefined);
  }

  /** L1. To be closed by the caller; undefined: there is no such file. */
  async open(name: string): Promise<OpenedLogFile | undefined> {
    if (!isPlainName(name)) return undefined;
    const path = join(this.#options.directory, name);
    const handle = await open(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    ).catch(() => undefined);
    if (handle === undefined) return undefined;
    const stat = await handle.stat();
    if (stat.isFile()) return { handle, sizeBytes: stat.size };
    await handle.close();
    return undefined;
  }

  async #describe(name: string): Promise<LogFileLine | undefined> {
    const stat = await lstat(join(this.#options.directory, name)).catch(() => undefined);
    return stat?.isFile() ? { name, size: stat.size, mtime: Math.trunc(stat.mtimeMs) } : undefined;
  }
}

function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && basename(name) === name && !/[/\\\0]/.test(name);
}
