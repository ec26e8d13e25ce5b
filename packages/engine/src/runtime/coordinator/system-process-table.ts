// The processes of this machine, for the lock of the data directory.
import { readFileSync } from 'node:fs';
import type { ProcessIdentity, ProcessTable } from './cluster-lock.ts';

/** @returns undefined when there is no such process; EPERM means that there is one, of another user */
function lookup(pid: number): ProcessIdentity | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  return { pid, startedAt: startTimeOf(pid) };
}

/** Linux: field 22 of /proc/PID/stat, clock ticks since boot. The command in field 2 may hold blanks and parentheses. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

export const systemProcessTable: ProcessTable = {
  self: { pid: process.pid, startedAt: startTimeOf(process.pid) },
  lookup,
};
