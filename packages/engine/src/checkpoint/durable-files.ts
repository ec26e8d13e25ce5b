// The file system as the coordinator uses it. What a call reports as done survives a crash of the process and of the machine.
//   D1. writeAtomic: a reader sees the former content, the new content, or (before the first write) nothing; never a part.
//   D2. Names that end in TEMPORARY_SUFFIX are leftovers of a crash and may be removed at start.
import { createReadStream, readFileSync } from 'node:fs';
import { type FileHandle, link, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from './crc32.ts';

export const TEMPORARY_SUFFIX = '.inprogress';

export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

export interface FileChecksum {
  readonly sizeBytes: number;
  readonly crc32: number;
}

export interface DurableFiles {
  /** Creates missing directories. */
  writeAtomic(path: string, content: Uint8Array): Promise<void>;
  /** False when the path exists already. Whoever finds the file finds its whole content. */
  createExclusive(path: string, content: Uint8Array): Promise<boolean>;
  /** Creates the file and missing directories. Neither atomic nor synced: a crash may lose it or leave a part of it. */
  append(path: string, content: Uint8Array): Promise<void>;
  /** The same as read, at once: for small files, where the caller cannot wait. It holds up the thread for as long as the disk takes. */
  readNow(path: string): Uint8Array | undefined;
  /** Undefined: there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Undefined: there is no such path. */
  kindOf(path: string): Promise<FileEntry['kind'] | undefined>;
  /** Empty when the directory is missing. */
  list(directory: string): Promise<readonly FileEntry[]>;
  createDirectory(path: string): Promise<void>;
  /** Makes the names in the directory durable. */
  syncDirectory(path: string): Promise<void>;
  /** Recursive; no error when missing. */
  remove(path: string): Promise<void>;
  /** Removes a directory that is empty; leaves any other. */
  removeIfEmpty(directory: string): Promise<void>;
  /** Reads the whole file. Undefined: there is no such file. */
  checksum(path: string): Promise<FileChecksum | undefined>;
}

export class NodeDurableFiles implements DurableFiles {
  async writeAtomic(path: string, content: Uint8Array): Promise<void> {
    const directory = dirname(path);
    await this.createDirectory(directory);
    const temporary = `${path}${TEMPORARY_SUFFIX}`;
    await writeSynced(temporary, content, 'w');
    await rename(temporary, path);
    await this.syncDirectory(directory);
  }

  async createExclusive(path: string, content: Uint8Array): Promise<boolean> {
    const directory = dirname(path);
    await this.createDirectory(directory);
    const workspace = await mkdtemp(join(directory, '.exclusive-'));
    try {
      const temporary = join(workspace, 'content');
      await writeSynced(temporary, content, 'w');
      await linkOrWrite(temporary, path, content);
      await this.syncDirectory(directory);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await this.remove(workspace);
    }
  }

  async append(path: string, content: Uint8Array): Promise<void> {
    await this.createDirectory(dirname(path));
    await withFile(path, 'a', (file) => file.writeFile(content));
  }

  readNow(path: string): Uint8Array | undefined {
    try {
      return readFileSync(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return unlessMissing(() => readFile(path));
  }

  async kindOf(path: string): Promise<FileEntry['kind'] | undefined> {
    const found = await unlessMissing(() => stat(path));
    if (found === undefined) return undefined;
    return found.isDirectory() ? 'directory' : 'file';
  }

  async list(directory: string): Promise<readonly FileEntry[]> {
    const entries = (await unlessMissing(() => readdir(directory, { withFileTypes: true }))) ?? [];
    return entries.map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'directory' : 'file' }));
  }

  async createDirectory(path: string): Promise<void> {
    const first = await mkdir(path, { recursive: true });
    if (first !== undefined) await this.syncDirectory(dirname(first));
  }

  async syncDirectory(path: string): Promise<void> {
    await withFile(path, 'r', (directory) => directory.sync());
  }

  async remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true });
  }

  async removeIfEmpty(directory: string): Promise<void> {
    const entries = await this.list(directory);
    if (entries.length === 0) await this.remove(directory);
  }

  async checksum(path: string): Promise<FileChecksum | undefined> {
    return unlessMissing(async () => {
      let sizeBytes = 0;
      let crc = 0;
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
        const bytes = chunk as Uint8Array;
        sizeBytes += bytes.length;
        crc = crc32(bytes, crc);
      }
      return { sizeBytes, crc32: crc };
    });
  }
}

/** File systems without hard links (FAT, some network mounts) say so in these ways. */
const NO_LINKS: readonly (string | undefined)[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];

/** A link appears with the whole content; where there are none, the file is written in place. */
async function linkOrWrite(temporary: string, path: string, content: Uint8Array): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error))) throw error;
    await writeSynced(path, content, 'wx');
  }
}

async function writeSynced(path: string, content: Uint8Array, flags: 'w' | 'wx'): Promise<void> {
  await withFile(path, flags, async (file) => {
    await file.writeFile(content);
    await file.sync();
  });
}

async function withFile<R>(path: string, flags: string, use: (file: FileHandle) => Promise<R>): Promise<R> {
  const file = await open(path, flags);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function unlessMissing<R>(action: () => Promise<R>): Promise<R | undefined> {
  try {
    return await action();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}
