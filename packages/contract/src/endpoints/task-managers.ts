// Task managers: the embedded engine is one.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import { Hex32, Int, Long, Nullable, Text, taskManagerId } from '../schemas/common.ts';
import { LogList, logFileName, ThreadDump } from '../schemas/diagnostics.ts';
import { AggregatedMetricList, aggregateParameters, MetricList, metricParameters } from '../schemas/metrics.ts';

/** Of later versions; MiB. */
const Resource = Type.Object({
  cpuCores: Type.Number(),
  taskHeapMemory: Int,
  taskOffHeapMemory: Int,
  managedMemory: Int,
  networkMemory: Int,
  extendedResources: Type.Record(Type.String(), Type.Number()),
});

const taskManagerFields = {
  id: Type.String(),
  path: Type.String(),
  dataPort: Int,
  timeSinceLastHeartbeat: Long,
  slotsNumber: Int,
  freeSlots: Int,
  hardware: Type.Object({ cpuCores: Int, physicalMemory: Long, freeMemory: Long, managedMemory: Long }),
  // Of later versions; memory in bytes, null where it is not limited.
  jmxPort: Type.Optional(Int),
  totalResource: Type.Optional(Resource),
  freeResource: Type.Optional(Resource),
  memoryConfiguration: Type.Optional(Type.Record(Type.String(), Nullable(Long))),
  blocked: Type.Optional(Type.Boolean()),
  assignedTasks: Type.Optional(Int),
};

const pathParameters = { taskmanagerid: taskManagerId } as const;

export const listTaskManagers = defineEndpoint({
  id: 'listTaskManagers',
  method: 'GET',
  path: '/taskmanagers',
  summary: 'All task managers with slots and hardware',
  response: Type.Object({ taskmanagers: Type.Array(Type.Object(taskManagerFields)) }),
});

export const getTaskManager = defineEndpoint({
  id: 'getTaskManager',
  method: 'GET',
  path: '/taskmanagers/:taskmanagerid',
  summary: 'One task manager with its memory',
  pathParameters,
  response: Type.Object({
    ...taskManagerFields,
    /** Of later versions. */
    allocatedSlots: Type.Optional(
      Type.Array(Type.Object({ jobId: Hex32, resource: Resource, assignedTasks: Type.Optional(Int) })),
    ),
    metrics: Type.Object({
      heapUsed: Long,
      heapCommitted: Long,
      heapMax: Long,
      nonHeapUsed: Long,
      nonHeapCommitted: Long,
      nonHeapMax: Long,
      directCount: Long,
      directUsed: Long,
      directMax: Long,
      mappedCount: Long,
      mappedUsed: Long,
      mappedMax: Long,
      memorySegmentsAvailable: Long,
      memorySegmentsTotal: Long,
      // Of later versions; segments counted, memory in bytes.
      nettyShuffleMemorySegmentsAvailable: Type.Optional(Long),
      nettyShuffleMemorySegmentsUsed: Type.Optional(Long),
      nettyShuffleMemorySegmentsTotal: Type.Optional(Long),
      nettyShuffleMemoryAvailable: Type.Optional(Long),
      nettyShuffleMemoryUsed: Type.Optional(Long),
      nettyShuffleMemoryTotal: Type.Optional(Long),
      garbageCollectors: Type.Array(Type.Object({ name: Type.String(), count: Long, time: Long })),
    }),
  }),
});

export const getTaskManagerMetrics = defineEndpoint({
  id: 'getTaskManagerMetrics',
  method: 'GET',
  path: '/taskmanagers/:taskmanagerid/metrics',
  summary: 'Metrics of a task manager',
  pathParameters,
  queryParameters: metricParameters,
  response: MetricList,
});

export const getAggregatedTaskManagerMetrics = defineEndpoint({
  id: 'getAggregatedTaskManagerMetrics',
  method: 'GET',
  path: '/taskmanagers/metrics',
  summary: 'Metrics aggregated over task managers',
  queryParameters: {
    ...aggregateParameters,
    taskmanagers: { type: 'string', isList: true, description: 'Default: all' },
  },
  response: AggregatedMetricList,
});

export const getTaskManagerLog = defineEndpoint({
  id: 'getTaskManagerLog',
  method: 'GET',
  path: '/taskmanagers/:taskmanagerid/log',
  kind: 'file',
  summary: 'Log of a task manager',
  pathParameters,
  response: Text,
});

export const getTaskManagerStdout = defineEndpoint({
  id: 'getTaskManagerStdout',
  method: 'GET',
  path: '/taskmanagers/:taskmanagerid/stdout',
  kind: 'file',
  summary: 'Standard output of a task manager',
  pathParameters,
  response: Text,
});

export const getTaskManagerLogs = defineEndpoint({
  id: 'getTaskManagerLogs',
  method: 'GET',
  path: '/taskmanagers/:taskmanagerid/logs',
  summary: 'Files of the log folder of a task manager',
  pathParameters,
  response: LogList,
});

export const getTaskManagerLogFile = defineEndpoint({
  id: 'getTaskManagerLogFile',
  method: 'GET',
  path: '/taskmanagers/:taskmanagerid/logs/:filename',
  kind: 'file',
  summary: 'One file of the log folder of a task manager',
  pathParameters: { ...pathParameters, filename: logFileName },
  response: Text,
});

export const getTaskManagerThreadDump = defineEndpoint({
  id: 'getTaskManagerThreadDump',
  method: 'GET',
  path: '/taskmanagers/:taskmanagerid/thread-dump',
  summary: 'What the threads of a task manager are doing',
  pathParameters,
  response: ThreadDump,
});
