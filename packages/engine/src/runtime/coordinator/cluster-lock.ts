// One cluster per data directory: a lock file with the holder's process. A lock whose process is gone is stale and is taken over.
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
}

/** Takeovers of stale locks before giving up: more than one only when several clusters start at once. */
const MAX_ATTEMPTS = 5;

export class ClusterLock {
  readonly #path: string;
  readonly #files: DurableFiles;
  readonly #token: string;

  private constructor(path: string, files: DurableFiles, token: string) {
    this.#path = path;
    this.#files = files;
    this.#token = token;
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
    const path = join(dataDirectory, 'lock');
    const content = Buffer.from(JSON.stringify({ ...processes.self, token } satisfies LockContent), 'utf8');
    let holder: LockContent | undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (await files.createExclusive(path, content)) return new ClusterLock(path, files, token);
      holder = await readLock(path, files);
      if (holder !== undefined && isAlive(holder, processes)) break;
      await files.remove(path);
    }
    throw appError('DATA_DIR_LOCKED', [dataDirectory, holder?.pid ?? 'unknown']);
  }

  async release(): Promise<void> {
    const holder = await readLock(this.#path, this.#files);
    if (holder?.token === this.#token) await this.#files.remove(this.#path);
  }
}

/** Undefined: gone, or half-written by a process that died while writing it. */
async function readLock(path: string, files: DurableFiles): Promise<LockContent | undefined> {
  const bytes = await files.read(path);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as LockContent;
  } catch {
    return undefined;
  }
}

function isAlive(holder: LockContent, processes: ProcessTable): boolean {
  const running = processes.lookup(holder.pid);
  if (running === undefined) return false;
  if (running.startedAt === undefined || holder.startedAt === undefined) return true;
  return running.startedAt === holder.startedAt;
}
