// Several processes that start on one data directory at once, in every order that a scheduler can make of their file operations.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DurableFiles } from '../../../src/checkpoint/durable-files.ts';
import { ClusterLock, type ProcessTable } from '../../../src/runtime/coordinator/cluster-lock.ts';
import { MemoryDisk, MemoryFiles } from './support/memory-files.ts';

const DIRECTORY = '/data';
const DEAD_PID = 1;

/** As on file systems without hard links: the file is there, then what is in it. */
function withoutLinks(files: MemoryFiles, scheduler: fc.Scheduler): DurableFiles['createExclusive'] {
  return async (path, content) => {
    if (!(await files.createExclusive(path, new Uint8Array()))) return false;
    await scheduler.schedule(Promise.resolve(), 'half');
    await files.append(path, content.slice(0, 10));
    await scheduler.schedule(Promise.resolve(), 'whole');
    await files.append(path, content.slice(10));
    return true;
  };
}

/** Each operation takes place when the scheduler says so. */
function scheduled(files: MemoryFiles, scheduler: fc.Scheduler, hasLinks: boolean): DurableFiles {
  const createExclusive = withoutLinks(files, scheduler);
  return new Proxy(files, {
    get(target, name: keyof DurableFiles) {
      const own = name === 'createExclusive' && !hasLinks ? createExclusive : target[name];
      const operation = own as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), String(name));
        return operation.apply(target, args);
      };
    },
  });
}

interface Starter {
  /** Shuts down at once when it got the directory. */
  readonly isShort: boolean;
}

test.each([
  ['with hard links', true],
  ['without', false],
])(
  'over the lock of a dead process one of them gets the directory at a time, and somebody does: %s',
  async (_title, hasLinks) => {
    const starters = fc.array(fc.record<Starter>({ isShort: fc.boolean() }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), starters, async (scheduler, all) => {
        const disk = new MemoryDisk();
        const alive = new Set([DEAD_PID, ...all.map((_, i) => i + 2)]);
        const table = (pid: number): ProcessTable => ({
          self: { pid, startedAt: undefined },
          lookup: (other) => (alive.has(other) ? { pid: other, startedAt: undefined } : undefined),
        });
        await ClusterLock.acquire(DIRECTORY, new MemoryFiles(disk), table(DEAD_PID), 'dead');
        alive.delete(DEAD_PID);
        let holders = 0;
        let mostHolders = 0;
        let winners = 0;
        const start = async ({ isShort }: Starter, index: number): Promise<void> => {
          const files = scheduled(new MemoryFiles(disk), scheduler, hasLinks);
          const lock = await ClusterLock.acquire(DIRECTORY, files, table(index + 2), `token ${index}`).catch(
            (error) => {
              expect(error).toMatchObject({ code: 'DATA_DIR_LOCKED' });
              return undefined;
            },
          );
          if (lock === undefined) return;
          winners += 1;
          holders += 1;
          mostHolders = Math.max(mostHolders, holders);
          if (!isShort) return;
          holders -= 1;
          await lock.release();
        };
        const running = Promise.all(all.map(start));
        await scheduler.waitFor(running);
        expect([mostHolders, winners > 0]).toEqual([1, true]);
      }),
      { numRuns: 300 },
    );
  },
);
