// What the file sinks do to a file system; tests put faults in between.
import {
  closeSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { errnoOf } from '../file-errors.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

export interface SinkFileSystem {
  /** With its parents; fine when it exists. */
  makeDirectory(path: string): void;
  /** Empty when there is no such directory. */
  list(path: string): DirectoryEntry[];
  /** Makes a file to write to; fails when it exists. @returns file descriptor */
  create(path: string): number;
  /** Opens an existing file to write at its end. @returns file descriptor */
  append(path: string): number;
  /** Writes all of bytes[from, to). */
  write(file: number, bytes: Uint8Array, from: number, to: number): void;
  /** Until the content is on disk. */
  sync(file: number): Promise<void>;
  close(file: number): void;
  /** Until names made, changed and removed in the directory are on disk. */
  syncDirectory(path: string): Promise<void>;
  rename(from: string, to: string): void;
  /** Cuts a file to a length; durable when it returns. */
  truncate(path: string, sizeBytes: number): void;
  /** Undefined when there is no such file. */
  sizeOf(path: string): number | undefined;
  remove(path: string): void;
}

/** Directories cannot be opened or synced on some systems (Windows, some mounts): their names are as durable as those make them. */
const DIRECTORY_SYNC_UNSUPPORTED: readonly string[] = ['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'];

export const nodeFileSystem: SinkFileSystem = {
  makeDirectory: (path) => {
    mkdirSync(path, { recursive: true });
  },
  list(path) {
    try {
      const entries = readdirSync(path, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
  },
  create: (path) => openSync(path, 'wx'),
  append: (path) => openSync(path, 'a'),
  write(file, bytes, from, to) {
    for (let written = from; written < to; ) written += writeSync(file, bytes, written, to - written);
  },
  sync: (file) => sync(file),
  close: (file) => closeSync(file),
  async syncDirectory(path) {
    try {
      const directory = await open(path, 'r');
      try {
        await directory.sync();
      } finally {
        await directory.close();
      }
    } catch (error) {
      if (!DIRECTORY_SYNC_UNSUPPORTED.includes(errnoOf(error))) throw error;
    }
  },
  rename: renameSync,
  truncate(path, sizeBytes) {
    const file = openSync(path, 'r+');
    try {
      ftruncateSync(file, sizeBytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  sizeOf(path) {
    const info = statSync(path, { throwIfNoEntry: false });
    return info?.size;
  },
  remove: (path) => rmSync(path, { force: true }),
};

function sync(file: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(file, (error) => (error ? reject(error) : resolve()));
  });
}
