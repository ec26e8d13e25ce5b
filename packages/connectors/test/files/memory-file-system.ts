// A file system in memory that tells what is on disk from what is only in the operating system's memory.
//   After killProcess everything written is there; after cutPower only what was synced: content by sync, names by syncDirectory.
import { dirname } from 'node:path';
import type { SinkFileSystem } from '../../src/files/index.ts';

interface Inode {
  bytes: Buffer;
  durable: Buffer;
}

export class SimulatedCrash extends Error {}

export class MemoryFileSystem implements SinkFileSystem {
  /** path → inode, as programs see it. */
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #directories = new Set<string>(['/']);
  #durableDirectories = new Set<string>(['/']);
  readonly #open = new Map<number, Inode>();
  #nextFile = 3;
  /** Operations so far that change something. */
  steps = 0;
  /** Called in front of (`done` false) and behind each of them; may throw. */
  onStep: (step: number, done: boolean) => void = () => {};
  /** Bytes that fit; a write beyond it leaves its first half and fails. */
  capacityBytes = Number.POSITIVE_INFINITY;

  makeDirectory(path: string): void {
    this.#step(() => {
      for (let at = path; !this.#directories.has(at); at = dirname(at)) this.#directories.add(at);
    });
  }

  list(path: string): { name: string; isDirectory: boolean }[] {
    const inside = (full: string): boolean => full !== path && dirname(full) === path;
    const named = (isDirectory: boolean) => (full: string) => ({
      name: full.slice(full.lastIndexOf('/') + 1),
      isDirectory,
    });
    return [
      ...[...this.#directories].filter(inside).map(named(true)),
      ...[...this.#names.keys()].filter(inside).map(named(false)),
    ];
  }

  create(path: string): number {
    return this.#step(() => {
      if (this.#names.has(path)) throw fileError('EEXIST');
      if (!this.#directories.has(dirname(path))) throw fileError('ENOENT');
      const inode = { bytes: Buffer.alloc(0), durable: Buffer.alloc(0) };
      this.#names.set(path, inode);
      return this.#openInode(inode);
    });
  }

  append(path: string): number {
    const inode = this.#names.get(path);
    if (inode === undefined) throw fileError('ENOENT');
    return this.#openInode(inode);
  }

  write(file: number, bytes: Uint8Array, from: number, to: number): void {
    this.#step(() => {
      const inode = this.#open.get(file);
      if (inode === undefined) throw fileError('EBADF');
      const fits = this.#usedBytes() + to - from <= this.capacityBytes;
      const end = fits ? to : from + Math.floor((to - from) / 2);
      inode.bytes = Buffer.concat([inode.bytes, bytes.subarray(from, end)]);
      if (!fits) throw fileError('ENOSPC');
    });
  }

  async sync(file: number): Promise<void> {
    this.#step(() => {
      const inode = this.#open.get(file);
      if (inode === undefined) throw fileError('EBADF');
      inode.durable = inode.bytes;
    });
  }

  close(file: number): void {
    this.#open.delete(file);
  }

  async syncDirectory(path: string): Promise<void> {
    this.#step(() => {
      for (const full of this.#durableNames.keys()) {
        if (dirname(full) === path && !this.#names.has(full)) this.#durableNames.delete(full);
      }
      for (const [full, inode] of this.#names) if (dirname(full) === path) this.#durableNames.set(full, inode);
      for (const full of this.#directories) if (dirname(full) === path) this.#durableDirectories.add(full);
    });
  }

  rename(from: string, to: string): void {
    this.#step(() => {
      const inode = this.#names.get(from);
      if (inode === undefined) throw fileError('ENOENT');
      this.#names.delete(from);
      this.#names.set(to, inode);
    });
  }

  truncate(path: string, sizeBytes: number): void {
    this.#step(() => {
      const inode = this.#names.get(path);
      if (inode === undefined) throw fileError('ENOENT');
      inode.bytes = inode.bytes.subarray(0, sizeBytes);
      inode.durable = inode.bytes;
    });
  }

  sizeOf(path: string): number | undefined {
    return this.#names.get(path)?.bytes.length;
  }

  remove(path: string): void {
    this.#step(() => this.#names.delete(path));
  }

  readText(path: string): string {
    return this.#names.get(path)?.bytes.toString() ?? '';
  }

  paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  killProcess(): void {
    this.#open.clear();
  }

  cutPower(): void {
    this.#open.clear();
    const survives = (path: string): boolean => {
      for (let at = path; at !== '/'; at = dirname(at)) if (!this.#durableDirectories.has(at)) return false;
      return true;
    };
    this.#directories = new Set([...this.#durableDirectories].filter(survives));
    this.#durableDirectories = new Set(this.#directories);
    this.#names = new Map([...this.#durableNames].filter(([path]) => survives(dirname(path))));
    this.#durableNames = new Map(this.#names);
    for (const inode of this.#names.values()) inode.bytes = inode.durable;
  }

  #openInode(inode: Inode): number {
    this.#nextFile += 1;
    this.#open.set(this.#nextFile, inode);
    return this.#nextFile;
  }

  #usedBytes(): number {
    return [...this.#names.values()].reduce((sum, inode) => sum + inode.bytes.length, 0);
  }

  #step<R>(action: () => R): R {
    this.steps += 1;
    const step = this.steps;
    this.onStep(step, false);
    const result = action();
    this.onStep(step, true);
    return result;
  }
}

function fileError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
