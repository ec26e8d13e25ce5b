// CPU time of a process by thread. Unlike rates, it stays true on a machine that others use.
import { readdirSync, readFileSync } from 'node:fs';

export interface ThreadCpu {
  /** The thread that answers requests, user and kernel. */
  readonly mainSeconds: number;
  /** Slots, and what the runtime does beside them. */
  readonly otherSeconds: number;
}

/** @returns zeros where there is no /proc */
export function readThreadCpu(pid: number): ThreadCpu {
  let mainSeconds = 0;
  let otherSeconds = 0;
  for (const thread of threadsOf(pid)) {
    const seconds = cpuSeconds(pid, thread);
    if (Number(thread) === pid) mainSeconds += seconds;
    else otherSeconds += seconds;
  }
  return { mainSeconds, otherSeconds };
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Its first field is the time on a CPU, ns. A thread may have ended meanwhile. */
function cpuSeconds(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
  } catch {
    return 0;
  }
}
