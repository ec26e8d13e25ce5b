// One cluster per data directory: numbered lock files with the process of their holder.
//   CL1. The greatest number counts: its process holds the directory while it lives and has not released it.
//   CL2. A number is created exclusively, by who saw none greater and nobody living; who then finds a greater one gives way, and so does who
//        finds a lower one whose process lives. So of several that take over from a dead holder at once, one gets the directory, however they
//        overlap, also where a file appears before its content (file systems without hard links): of two that hold, the lower one looked
//        before the greater one was created, so its content was there when the greater one looked.
//   CL3. The greatest file is never removed, only marked as released. Lower ones are, by who holds a greater one.
import { join } from 'node:path';
import type { DurableFiles } from '../../checkpoint/durable-files.ts';
import { appError } from '../../errors.ts';

/** Who a process is: pids are reused, so the start time goes with it. Comes from an entry file. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Tells two processes with one pid apart; undefined where the system does not say. */
  readonly startedAt: string | undefined;
}

export interface ProcessTable {
  readonly self: ProcessIdentity;
  /** What runs under this pid now; undefined: nothing. */
  lookup(pid: number): ProcessIdentity | undefined;
}

interface LockContent extends ProcessIdentity {
  readonly token: string;
  readonly isReleased?: true;
}

/** Other starters that may come first before this one gives up. */
const MAX_ATTEMPTS = 20;

export class ClusterLock {
  readonly #path: string;
  readonly #files: DurableFiles;
  readonly #content: LockContent;

  private constructor(path: string, files: DurableFiles, content: LockContent) {
    this.#path = path;
    this.#files = files;
    this.#content = content;
  }

  /**
   * @param token unique to this cluster object
   * @throws DATA_DIR_LOCKED
   */
  static async acquire(
    dataDirectory: string,
    files: DurableFiles,
    processes: ProcessTable,
    token: string,
  ): Promise<ClusterLock> {
    const content: LockContent = { ...processes.self, token };
    let holder: LockContent | undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const greatest = Math.max(0, ...(await lockNumbers(dataDirectory, files)));
      holder = await readLock(pathOf(dataDirectory, greatest), files);
      if (holder !== undefined && isHeld(holder, processes)) break;
      const own = greatest + 1;
      const path = pathOf(dataDirectory, own);
      if (!(await files.createExclusive(path, encode(content)))) continue;
      const numbers = await lockNumbers(dataDirectory, files);
      const lower = numbers.filter((number) => number < own).map((number) => pathOf(dataDirectory, number));
      const others = await Promise.all(lower.map((other) => readLock(other, files)));
      if (Math.max(...numbers) === own && !others.some((other) => other !== undefined && isHeld(other, processes))) {
        for (const other of lower) await files.remove(other);
        return new ClusterLock(path, files, content);
      }
      await files.remove(path); // CL2
    }
    throw appError('DATA_DIR_LOCKED', [dataDirectory, holder?.pid ?? 'unknown']);
  }

  async release(): Promise<void> {
    const holder = await readLock(this.#path, this.#files);
    if (holder?.token !== this.#content.token) return;
    await this.#files.writeAtomic(this.#path, encode({ ...this.#content, isReleased: true }));
  }
}

function pathOf(dataDirectory: string, number: number): string {
  return join(dataDirectory, `lock-${number}`);
}

async function lockNumbers(dataDirectory: string, files: DurableFiles): Promise<readonly number[]> {
  const entries = await files.list(dataDirectory);
  return entries.flatMap(({ name }) => /^lock-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
}

function encode(content: LockContent): Uint8Array {
  return Buffer.from(JSON.stringify(content), 'utf8');
}

/** Undefined: gone, or damaged: nobody who lives wrote it. */
async function readLock(path: string, files: DurableFiles): Promise<LockContent | undefined> {
  const bytes = await files.read(path);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as LockContent;
  } catch {
    return undefined;
  }
}

function isHeld(holder: LockContent, processes: ProcessTable): boolean {
  if (holder.isReleased === true) return false;
  const running = processes.lookup(holder.pid);
  if (running === undefined) return false;
  if (running.startedAt === undefined || holder.startedAt === undefined) return true;
  return running.startedAt === holder.startedAt;
}
