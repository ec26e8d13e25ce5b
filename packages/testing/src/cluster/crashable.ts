// What a process that was killed leaves of its clock and its files: nothing happens any more, nothing answers.
import type { Clock, DurableFiles, TimerHandle } from '@yeoul/engine/runtime';

/** One life of the process under test. */
export class Lifetime {
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }
}

export function crashableClock(clock: Clock, lifetime: Lifetime): Clock {
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    schedule: (atMs, callback): TimerHandle =>
      clock.schedule(atMs, () => {
        if (!lifetime.isOver) callback();
      }),
  };
}

/** Calls after the end never settle; a call under way at the end may still reach the disk, and its caller never hears of it. */
export function crashableFiles(files: DurableFiles, lifetime: Lifetime): DurableFiles {
  const guard =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (lifetime.isOver) return never();
      try {
        const result = await call(...args);
        return lifetime.isOver ? await never() : result;
      } catch (error) {
        if (lifetime.isOver) return never();
        throw error;
      }
    };
  return {
    writeAtomic: guard((path, content) => files.writeAtomic(path, content)),
    createExclusive: guard((path, content) => files.createExclusive(path, content)),
    append: guard((path, content) => files.append(path, content)),
    // Changes nothing, so nobody can tell whether it was asked.
    readNow: (path) => files.readNow(path),
    read: guard((path) => files.read(path)),
    kindOf: guard((path) => files.kindOf(path)),
    list: guard((directory) => files.list(directory)),
    createDirectory: guard((path) => files.createDirectory(path)),
    syncDirectory: guard((path) => files.syncDirectory(path)),
    remove: guard((path) => files.remove(path)),
    removeIfEmpty: guard((directory) => files.removeIfEmpty(directory)),
    checksum: guard((path) => files.checksum(path)),
  } satisfies DurableFiles;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
