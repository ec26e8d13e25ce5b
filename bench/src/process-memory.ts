import { readFileSync } from 'node:fs';

/** @returns highest resident memory of this process, all threads, in MiB; the system's own figure where there is no /proc */
export function peakResidentMiB(): number {
  return readStatusMiB('/proc/self/status', 'VmHWM') ?? Math.round(process.resourceUsage().maxRSS / 1024);
}

/** @returns resident memory of a process now, in MiB; undefined when it is gone or there is no /proc */
export function residentMiB(pid: number): number | undefined {
  return readStatusMiB(`/proc/${pid}/status`, 'VmRSS');
}

function readStatusMiB(file: string, field: string): number | undefined {
  try {
    const kiB = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
    return kiB === undefined ? undefined : Math.round(Number(kiB) / 1024);
  } catch {
    return undefined;
  }
}
