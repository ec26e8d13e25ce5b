// Task managers: the engine is one, with all slots.
import { type ResponseOf, restError, taskManagerEndpoints } from '@yeoul/contract';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { toAggregateLines } from '../views/metric-aggregates.ts';
import { toMetricLines } from '../views/metric-page.ts';
import type { ProcessMetrics } from './process-metrics.ts';

type TaskManagerPage = ResponseOf<typeof taskManagerEndpoints.getTaskManager>;

const BYTES_PER_MIB = 2 ** 20;

/** One heap is for all of it; the parts have no limits of their own. */
const UNLIMITED_MEMORY = {
  frameworkHeap: null,
  taskHeap: null,
  frameworkOffHeap: null,
  taskOffHeap: null,
  networkMemory: null,
  managedMemory: null,
  jvmMetaspace: null,
  jvmOverhead: null,
  totalFlinkMemory: null,
  totalProcessMemory: null,
} as const;

export function taskManagerRoutes(context: ServerContext, processMetrics: ProcessMetrics): readonly Route[] {
  const { id } = context.taskManager;
  const hasId = (asked: string) => asked === id;
  const check = (asked: string) => {
    if (!hasId(asked)) throw restError(404, `Could not find TaskExecutor ${asked}: the one there is has the id ${id}`);
  };
  return [
    route(taskManagerEndpoints.listTaskManagers, () => ({ taskmanagers: [toLine(context)] })),
    route(taskManagerEndpoints.getTaskManager, ({ path }) => {
      check(path.taskmanagerid);
      return { ...toLine(context), metrics: toMemory(context) };
    }),
    route(taskManagerEndpoints.getTaskManagerMetrics, ({ path, query }) =>
      hasId(path.taskmanagerid) ? toMetricLines(processMetrics.taskManager(), query.get) : [],
    ),
    route(taskManagerEndpoints.getAggregatedTaskManagerMetrics, ({ query }) => {
      const isAsked = query.taskmanagers === undefined || query.taskmanagers.includes(id);
      return toAggregateLines(isAsked ? [processMetrics.taskManager()] : [], query.get, query.agg);
    }),
  ];
}

function toLine(context: ServerContext): Omit<TaskManagerPage, 'metrics'> {
  const { clock, cluster, machine, taskManager } = context;
  const { slotsTotal, slotsAvailable } = cluster.overview();
  const { cpuCores, physicalMemoryBytes, freeMemoryBytes } = machine();
  const { id, host, dataPort } = taskManager;
  const { heapMax } = toMemory(context);
  return {
    id,
    path: `akka.tcp://flink@${host}:${dataPort}/user/taskmanager_0`,
    dataPort,
    // Flink's name; it is when the last one was. In the same process that is now.
    timeSinceLastHeartbeat: clock.nowMs(),
    slotsNumber: slotsTotal,
    freeSlots: slotsAvailable,
    hardware: { cpuCores, physicalMemory: physicalMemoryBytes, freeMemory: freeMemoryBytes, managedMemory: 0 },
    totalResource: toResource(slotsTotal, heapMax),
    freeResource: toResource(slotsAvailable, slotsTotal === 0 ? 0 : (heapMax * slotsAvailable) / slotsTotal),
    memoryConfiguration: { ...UNLIMITED_MEMORY, taskHeap: heapMax },
  };
}

/** A slot is one thread, so one core. */
function toResource(slots: number, heapBytes: number): NonNullable<TaskManagerPage['totalResource']> {
  return {
    cpuCores: slots,
    taskHeapMemory: Math.trunc(heapBytes / BYTES_PER_MIB),
    taskOffHeapMemory: 0,
    managedMemory: 0,
    networkMemory: 0,
    extendedResources: {},
  };
}

function toMemory({ cluster }: ServerContext): TaskManagerPage['metrics'] {
  const values = cluster.metrics.taskManager();
  const read = (name: string) => Math.max(0, Math.trunc(Number(values.get(`Status.JVM.Memory.${name}`) ?? 0)));
  return {
    heapUsed: read('Heap.Used'),
    heapCommitted: read('Heap.Committed'),
    heapMax: read('Heap.Max'),
    nonHeapUsed: read('NonHeap.Used'),
    nonHeapCommitted: read('NonHeap.Committed'),
    nonHeapMax: read('NonHeap.Max'),
    directCount: 0,
    directUsed: read('Direct.MemoryUsed'),
    directMax: read('Direct.TotalCapacity'),
    mappedCount: 0,
    mappedUsed: 0,
    mappedMax: 0,
    memorySegmentsAvailable: 0,
    memorySegmentsTotal: 0,
    garbageCollectors: [],
  };
}
