// Vertices of a job, their subtasks and attempts.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import {
  AggregatedTasks,
  attemptTimes,
  ByExecutionState,
  EpochMs,
  ExecutionState,
  Hex32,
  Int,
  IoMetrics,
  jobId,
  Long,
  laterPlace,
  subtaskIndex,
  UserAccumulator,
  vertexId,
} from '../schemas/common.ts';
import { FlameGraphNode } from '../schemas/diagnostics.ts';
import { AggregatedMetricList, aggregateParameters, MetricList, metricParameters } from '../schemas/metrics.ts';

const vertexParameters = { jobid: jobId, vertexid: vertexId } as const;
const subtaskParameters = { ...vertexParameters, subtaskindex: subtaskIndex } as const;
const attemptParameters = {
  ...subtaskParameters,
  attempt: { type: 'integer', description: 'Number of the attempt, from 0' },
} as const;

const attemptFields = {
  subtask: Int,
  status: ExecutionState,
  attempt: Int,
  host: Type.String(),
  ...attemptTimes,
  metrics: IoMetrics,
  ...laterPlace,
  /** Of later versions: ms by state, up to now for the one it is in; -1: never in it. */
  'status-duration': Type.Optional(Type.Record(Type.String(), Long)),
};

export const getVertex = defineEndpoint({
  id: 'getVertex',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid',
  summary: 'One vertex with a line per subtask',
  pathParameters: vertexParameters,
  response: Type.Object({
    id: Hex32,
    name: Type.String(),
    parallelism: Int,
    now: EpochMs,
    subtasks: Type.Array(Type.Object({ ...attemptFields, start_time: EpochMs })),
    // Of later versions.
    maxParallelism: Type.Optional(Int),
    aggregated: Type.Optional(AggregatedTasks),
  }),
});

export const getVertexAccumulators = defineEndpoint({
  id: 'getVertexAccumulators',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/accumulators',
  summary: 'User accumulators of a vertex',
  pathParameters: vertexParameters,
  response: Type.Object({ id: Hex32, 'user-accumulators': Type.Array(UserAccumulator) }),
});

export const getVertexBackPressure = defineEndpoint({
  id: 'getVertexBackPressure',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/backpressure',
  summary: 'Back pressure by subtask',
  pathParameters: vertexParameters,
  response: Type.Object({
    status: Type.Enum(['deprecated', 'ok']),
    'backpressure-level': Type.Optional(Type.Enum(['ok', 'low', 'high'])),
    'end-timestamp': Type.Optional(EpochMs),
    /** Of later versions: as backpressure-level. */
    backpressureLevel: Type.Optional(Type.Enum(['ok', 'low', 'high'])),
    subtasks: Type.Optional(
      Type.Array(
        Type.Object({
          subtask: Int,
          'backpressure-level': Type.Enum(['ok', 'low', 'high']),
          ratio: Type.Number(),
          // Of later versions: shares of the last second, and the level once more.
          backpressureLevel: Type.Optional(Type.Enum(['ok', 'low', 'high'])),
          'attempt-number': Type.Optional(Int),
          idleRatio: Type.Optional(Type.Number()),
          busyRatio: Type.Optional(Type.Number()),
        }),
      ),
    ),
  }),
});

export const getVertexFlameGraph = defineEndpoint({
  id: 'getVertexFlameGraph',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/flamegraph',
  summary: 'Sampled stacks of the tasks of a vertex, as a tree',
  pathParameters: vertexParameters,
  queryParameters: {
    type: { type: 'enum', values: ['full', 'on_cpu', 'off_cpu'], description: 'Default: full' },
    subtaskindex: { type: 'integer', minimum: 0, description: 'Default: all subtasks' },
  },
  response: Type.Object({
    endTimestamp: Type.Integer({ format: 'int64', description: 'Epoch ms; -1 ended, -2 off, -3 being sampled' }),
    data: Type.Optional(FlameGraphNode),
  }),
});

export const getVertexMetrics = defineEndpoint({
  id: 'getVertexMetrics',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/metrics',
  summary: 'Metrics of a vertex; ids start with the subtask',
  pathParameters: vertexParameters,
  queryParameters: metricParameters,
  response: MetricList,
});

export const getVertexWatermarks = defineEndpoint({
  id: 'getVertexWatermarks',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/watermarks',
  summary: 'Watermark that each subtask has read; of later versions',
  pathParameters: vertexParameters,
  response: MetricList,
});

export const getVertexSubtaskTimes = defineEndpoint({
  id: 'getVertexSubtaskTimes',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/subtasktimes',
  summary: 'When each subtask entered each state',
  pathParameters: vertexParameters,
  response: Type.Object({
    id: Hex32,
    name: Type.String(),
    now: EpochMs,
    subtasks: Type.Array(
      Type.Object({
        subtask: Int,
        host: Type.String(),
        duration: Long,
        timestamps: ByExecutionState,
        endpoint: laterPlace.endpoint,
      }),
    ),
  }),
});

export const getVertexTaskManagers = defineEndpoint({
  id: 'getVertexTaskManagers',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/taskmanagers',
  summary: 'A vertex by task manager',
  pathParameters: vertexParameters,
  response: Type.Object({
    id: Hex32,
    name: Type.String(),
    now: EpochMs,
    taskmanagers: Type.Array(
      Type.Object({
        host: Type.String(),
        status: ExecutionState,
        ...attemptTimes,
        metrics: IoMetrics,
        'status-counts': ByExecutionState,
        ...laterPlace,
        aggregated: Type.Optional(AggregatedTasks),
      }),
    ),
  }),
});

export const getSubtasksAccumulators = defineEndpoint({
  id: 'getSubtasksAccumulators',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/subtasks/accumulators',
  summary: 'User accumulators of every subtask',
  pathParameters: vertexParameters,
  response: Type.Object({
    id: Hex32,
    parallelism: Int,
    subtasks: Type.Array(
      Type.Object({
        subtask: Int,
        attempt: Int,
        host: Type.String(),
        'user-accumulators': Type.Array(UserAccumulator),
        endpoint: laterPlace.endpoint,
      }),
    ),
  }),
});

export const getAggregatedSubtaskMetrics = defineEndpoint({
  id: 'getAggregatedSubtaskMetrics',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/subtasks/metrics',
  summary: 'Metrics aggregated over the subtasks of a vertex',
  pathParameters: vertexParameters,
  queryParameters: {
    ...aggregateParameters,
    subtasks: { type: 'string', isList: true, description: 'Numbers and ranges such as 1-3; default: all' },
  },
  response: AggregatedMetricList,
});

export const getSubtask = defineEndpoint({
  id: 'getSubtask',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/subtasks/:subtaskindex',
  summary: 'The current attempt of a subtask',
  pathParameters: subtaskParameters,
  response: Type.Object(attemptFields),
});

export const getSubtaskMetrics = defineEndpoint({
  id: 'getSubtaskMetrics',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/subtasks/:subtaskindex/metrics',
  summary: 'Metrics of a subtask',
  pathParameters: subtaskParameters,
  queryParameters: metricParameters,
  response: MetricList,
});

export const getAttempt = defineEndpoint({
  id: 'getAttempt',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/subtasks/:subtaskindex/attempts/:attempt',
  summary: 'One attempt of a subtask',
  pathParameters: attemptParameters,
  response: Type.Object(attemptFields),
});

export const getAttemptAccumulators = defineEndpoint({
  id: 'getAttemptAccumulators',
  method: 'GET',
  path: '/jobs/:jobid/vertices/:vertexid/subtasks/:subtaskindex/attempts/:attempt/accumulators',
  summary: 'User accumulators of one attempt',
  pathParameters: attemptParameters,
  response: Type.Object({
    subtask: Int,
    attempt: Int,
    /** Longer in later versions. */
    id: Type.String(),
    'user-accumulators': Type.Array(UserAccumulator),
  }),
});
