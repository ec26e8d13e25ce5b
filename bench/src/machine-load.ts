// How quiet the machine was during a run: CPU time that neither the measured process nor the runner used, and CPU time
// that the hypervisor took away. Read from /proc; without it nothing is known and nothing is claimed.
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

/** Clock ticks of /proc per second: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** More foreign CPU than this (in cores) makes a run doubtful: a fifth of one core moves a 2-thread run by about 10 %. */
const QUIET_FOREIGN_CORES = 0.2;
const QUIET_STEAL_SHARE = 0.02;

/** Counters, CPU seconds since some past moment. */
export interface CpuCounters {
  readonly busySeconds: number;
  readonly stealSeconds: number;
  /** Of the measured processes. */
  readonly ownSeconds: number;
  readonly wallSeconds: number;
}

export interface MachineLoad {
  /** Cores that others used, on average. */
  readonly foreignCores: number;
  /** Share of all cores' time that the hypervisor took, in [0, 1]. */
  readonly stealShare: number;
  /** CPU time of the measured process over wall time. */
  readonly ownCores: number;
  readonly isQuiet: boolean;
}

/** @param pids processes that count as measured @returns undefined without /proc */
export function readCpuCounters(pids: readonly number[], wallSeconds: number): CpuCounters | undefined {
  try {
    const cpu = parseCpuLine(readFileSync('/proc/stat', 'utf8'));
    const ownSeconds = pids.reduce((sum, pid) => sum + processCpuSeconds(pid), 0);
    return { ...cpu, ownSeconds, wallSeconds };
  } catch {
    return undefined;
  }
}

/** @param stat text of /proc/stat */
export function parseCpuLine(stat: string): { busySeconds: number; stealSeconds: number } {
  const ticks = (/^cpu\s+(.+)$/m.exec(stat)?.[1] ?? '').split(/\s+/).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = ticks;
  return {
    busySeconds: (user + nice + system + irq + softirq) / TICKS_PER_SECOND,
    stealSeconds: steal / TICKS_PER_SECOND,
  };
}

/** @param stat text of /proc/PID/stat; the command in parentheses may hold spaces */
export function parseProcessCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND; // utime, stime
}

function processCpuSeconds(pid: number): number {
  return parseProcessCpuSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

export function loadBetween(before: CpuCounters, after: CpuCounters, cores = availableParallelism()): MachineLoad {
  const wall = Math.max(after.wallSeconds - before.wallSeconds, 0.001);
  const own = after.ownSeconds - before.ownSeconds;
  const foreignCores = Math.max(0, after.busySeconds - before.busySeconds - own) / wall;
  const stealShare = Math.max(0, after.stealSeconds - before.stealSeconds) / (wall * cores);
  return {
    foreignCores,
    stealShare,
    ownCores: own / wall,
    isQuiet: foreignCores <= QUIET_FOREIGN_CORES && stealShare <= QUIET_STEAL_SHARE,
  };
}

export function describeLoad(load: MachineLoad): string {
  const percent = Math.round(load.stealShare * 1000) / 10;
  return `others used ${load.foreignCores.toFixed(2)} cores, steal ${percent} %`;
}

/** Load of the last minute, before anything is started. */
export function loadAverage(): number {
  return loadavg()[0]!;
}
