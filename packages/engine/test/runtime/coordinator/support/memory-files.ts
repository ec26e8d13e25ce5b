// Durable files in memory, with faults: fail the next writes, or "crash" after a number of changes: then nothing settles any more, and the
// change at which it crashed was done or not, by choice.
import { crc32 } from 'node:zlib';
import type { DurableFiles, FileChecksum, FileEntry } from '../../../../src/checkpoint/durable-files.ts';

export class MemoryDisk {
  readonly files = new Map<string, Uint8Array>();
  readonly directories = new Set<string>(['/']);
}

export class MemoryFiles implements DurableFiles {
  readonly disk: MemoryDisk;
  /** Changes done through this object. */
  changes = 0;
  /** Throws from writes whose path this names. */
  failWrites: ((path: string) => boolean) | undefined;
  #crashAfter = Number.POSITIVE_INFINITY;

  constructor(disk = new MemoryDisk()) {
    this.disk = disk;
  }

  /** The process dies once `changes` changes are done. */
  crashAfter(changes: number): void {
    this.#crashAfter = changes;
  }

  get isCrashed(): boolean {
    return this.changes >= this.#crashAfter;
  }

  async writeAtomic(path: string, content: Uint8Array): Promise<void> {
    await this.#change(() => {
      this.#refuse(path);
      this.#addParents(path);
      this.disk.files.set(path, content.slice());
    });
  }

  async append(path: string, content: Uint8Array): Promise<void> {
    await this.#change(() => {
      this.#refuse(path);
      this.#addParents(path);
      this.disk.files.set(path, Buffer.concat([this.disk.files.get(path) ?? new Uint8Array(), content]));
    });
  }

  readNow(path: string): Uint8Array | undefined {
    return this.disk.files.get(path);
  }

  async createExclusive(path: string, content: Uint8Array): Promise<boolean> {
    return this.#change(() => {
      if (this.disk.files.has(path)) return false;
      this.#addParents(path);
      this.disk.files.set(path, content.slice());
      return true;
    });
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    await this.#alive();
    return this.disk.files.get(path);
  }

  async kindOf(path: string): Promise<FileEntry['kind'] | undefined> {
    await this.#alive();
    if (this.disk.files.has(path)) return 'file';
    return this.disk.directories.has(path) ? 'directory' : undefined;
  }

  async list(directory: string): Promise<readonly FileEntry[]> {
    await this.#alive();
    const prefix = `${directory}/`;
    const names = new Map<string, FileEntry['kind']>();
    for (const path of [...this.disk.files.keys(), ...this.disk.directories]) {
      if (!path.startsWith(prefix)) continue;
      const [name = '', ...rest] = path.slice(prefix.length).split('/');
      const isFile = rest.length === 0 && this.disk.files.has(path);
      names.set(name, isFile ? 'file' : 'directory');
    }
    return [...names].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async createDirectory(path: string): Promise<void> {
    await this.#change(() => {
      this.#refuse(path);
      this.#addParents(`${path}/x`);
    });
  }

  async syncDirectory(): Promise<void> {
    await this.#alive();
  }

  async remove(path: string): Promise<void> {
    await this.#change(() => {
      const isUnder = (other: string) => other === path || other.startsWith(`${path}/`);
      for (const file of [...this.disk.files.keys()]) if (isUnder(file)) this.disk.files.delete(file);
      for (const directory of [...this.disk.directories])
        if (isUnder(directory)) this.disk.directories.delete(directory);
    });
  }

  async removeIfEmpty(directory: string): Promise<void> {
    if ((await this.list(directory)).length === 0) await this.remove(directory);
  }

  async checksum(path: string): Promise<FileChecksum | undefined> {
    const content = await this.read(path);
    return content && { sizeBytes: content.length, crc32: crc32(content) };
  }

  async #change<R>(action: () => R): Promise<R> {
    await this.#alive();
    this.changes += 1;
    const result = action();
    // The change was made; whoever asked for it never hears of it.
    await this.#alive();
    return result;
  }

  async #alive(): Promise<void> {
    if (this.isCrashed) await new Promise<never>(() => {});
  }

  #refuse(path: string): void {
    if (this.failWrites?.(path) === true) throw new Error(`ENOSPC: no space left on device, write '${path}'`);
  }

  #addParents(path: string): void {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      this.disk.directories.add(path.slice(0, at));
    }
  }
}
