// Figures of this process under the names Flink's dashboards look for. V8 stands where Flink has its JVM.
import { getHeapStatistics } from 'node:v8';

/** Sampled when metrics are read. Bytes, nanoseconds of CPU, counts. */
export function processFigures(): Record<string, number> {
  const heap = getHeapStatistics();
  const { rss, external, arrayBuffers } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    'Status.JVM.Memory.Heap.Used': heap.used_heap_size,
    'Status.JVM.Memory.Heap.Committed': heap.total_heap_size,
    'Status.JVM.Memory.Heap.Max': heap.heap_size_limit,
    'Status.JVM.Memory.NonHeap.Used': external,
    'Status.JVM.Memory.NonHeap.Committed': external,
    'Status.JVM.Memory.NonHeap.Max': -1,
    'Status.JVM.Memory.Direct.MemoryUsed': arrayBuffers,
    'Status.JVM.Memory.Direct.TotalCapacity': arrayBuffers,
    'Status.Process.Memory.Resident': rss,
    'Status.JVM.CPU.Time': (user + system) * 1000,
    'Status.JVM.CPU.Load': cpuLoad(user + system),
  };
}

let last: { readonly cpuMicros: number; readonly atMs: number; readonly load: number } | undefined;
/** Closer samples keep the last load. */
const MIN_INTERVAL_MS = 500;

/** Share of one core since the last sample. */
function cpuLoad(cpuMicros: number): number {
  const atMs = performance.now();
  if (last && atMs - last.atMs < MIN_INTERVAL_MS) return last.load;
  const load = last ? (cpuMicros - last.cpuMicros) / 1000 / (atMs - last.atMs) : 0;
  last = { cpuMicros, atMs, load };
  return load;
}
