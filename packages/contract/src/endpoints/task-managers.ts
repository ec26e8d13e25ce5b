// Task managers: the embedded engine is one.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import { Int, Long, Text, taskManagerId } from '../schemas/common.ts';
import { AggregatedMetricList, aggregateParameters, MetricList, metricParameters } from '../schemas/metrics.ts';

const taskManagerFields = {
  id: Type.String(),
  path: Type.String(),
  dataPort: Int,
  timeSinceLastHeartbeat: Long,
  slotsNumber: Int,
  freeSlots: Int,
  hardware: Type.Object({ cpuCores: Int, physicalMemory: Long, freeMemory: Long, managedMemory: Long }),
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
