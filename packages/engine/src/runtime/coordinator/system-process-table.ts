// The processes of this machine, for the lock of the data directory.
import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity, ProcessTable } from './cluster-lock.ts';

/** @returns undefined when there is no such process, or it has ended and only waits to be collected; EPERM means that there is one, of another user */
function lookup(pid: number): ProcessIdentity | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  return hasEnded(pid) ? undefined : { pid, startedAt: startTimeOf(pid) };
}

/** Linux: a zombie none of whose threads is left; one may still be inside its last write to the disk. */
function hasEnded(pid: number): boolean {
  const [state] = statFields(pid);
  return state === 'Z' && threadCount(pid) <= 1;
}

function threadCount(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length;
  } catch {
    return 0;
  }
}

/** Linux: field 22 of /proc/PID/stat, clock ticks since boot. */
function startTimeOf(pid: number): string | undefined {
  return statFields(pid)[19];
}

/** Linux: fields of /proc/PID/stat from the third on; the command in field 2 may hold blanks and parentheses. */
function statFields(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

export const systemProcessTable: ProcessTable = {
  self: { pid: process.pid, startedAt: startTimeOf(process.pid) },
  lookup,
};
