// Figures of this machine.
import { availableParallelism, freemem, totalmem } from 'node:os';
import type { MachineFigures } from './server-context.ts';

export function thisMachine(): MachineFigures {
  return { cpuCores: availableParallelism(), physicalMemoryBytes: totalmem(), freeMemoryBytes: freemem() };
}
