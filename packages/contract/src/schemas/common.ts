// Shapes that many answers share.
import { type TSchema, Type } from 'typebox';

export const Hex32 = Type.String({ pattern: '^[0-9a-f]{32}$' });
export const Int = Type.Integer({ format: 'int32' });
export const Long = Type.Integer({ format: 'int64' });
/** Epoch ms; 0 or -1 where there is none yet, as said beside it. */
export const EpochMs = Type.Integer({ format: 'int64', description: 'Epoch ms' });

export function Nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

/** States of a task in Flink 1.9, in the order in which it lists them. */
export const executionStates = [
  'CANCELING',
  'FINISHED',
  'CANCELED',
  'CREATED',
  'DEPLOYING',
  'RECONCILING',
  'SCHEDULED',
  'RUNNING',
  'FAILED',
] as const;
export type WireExecutionState = (typeof executionStates)[number];

/** States of a job in Flink 1.9, in the order in which it lists them. */
export const jobStatuses = [
  'CREATED',
  'CANCELLING',
  'FAILING',
  'FINISHED',
  'SUSPENDED',
  'RESTARTING',
  'CANCELED',
  'RECONCILING',
  'RUNNING',
  'FAILED',
] as const;
export type WireJobStatus = (typeof jobStatuses)[number];

export const ExecutionState = Type.Enum(executionStates);
export const JobStatus = Type.Enum(jobStatuses);

/** Count or time by state; every state is there. */
export const ByExecutionState = Type.Record(ExecutionState, Long);
export const ByJobStatus = Type.Record(JobStatus, Long);

export const IoMetrics = Type.Object({
  'read-bytes': Long,
  'read-bytes-complete': Type.Boolean(),
  'write-bytes': Long,
  'write-bytes-complete': Type.Boolean(),
  'read-records': Long,
  'read-records-complete': Type.Boolean(),
  'write-records': Long,
  'write-records-complete': Type.Boolean(),
  // Of later versions: ms since the start; busy time is "NaN" where it is not known.
  'accumulated-backpressured-time': Type.Optional(Long),
  'accumulated-idle-time': Type.Optional(Long),
  'accumulated-busy-time': Type.Optional(Type.Union([Type.Number(), Type.Literal('NaN')])),
});

/** One number of each subtask, summed up. */
const SubtaskStatistics = Type.Object({
  min: Long,
  max: Long,
  avg: Long,
  sum: Long,
  median: Long,
  p25: Long,
  p75: Long,
  p95: Long,
});

/** Subtasks of a vertex summed up, in later versions: metrics by name, ms by state. */
export const AggregatedTasks = Type.Object({
  metrics: Type.Record(Type.String(), SubtaskStatistics),
  'status-duration': Type.Record(Type.String(), SubtaskStatistics),
});

/** Fields of an attempt that vertex, subtask and task manager pages share. */
export const attemptTimes = { 'start-time': EpochMs, 'end-time': EpochMs, duration: Long };

/** Where an attempt runs, in later versions; 2.x has no `host`. */
export const laterPlace = { endpoint: Type.Optional(Type.String()), 'taskmanager-id': Type.Optional(Type.String()) };

export const JobType = Type.Enum(['STREAMING', 'BATCH']);
export const SchedulerType = Type.Enum(['Default', 'Adaptive', 'AdaptiveBatch']);

export const UserAccumulator = Type.Object({ name: Type.String(), type: Type.String(), value: Type.String() });

export const PlanInput = Type.Object({
  num: Int,
  id: Type.String(),
  ship_strategy: Type.String(),
  local_strategy: Type.Optional(Type.String()),
  caching: Type.Optional(Type.String()),
  exchange: Type.String(),
});

export const Plan = Type.Object({
  jid: Hex32,
  name: Type.String(),
  /** Of later versions. */
  type: Type.Optional(Type.String()),
  nodes: Type.Array(
    Type.Object({
      id: Type.String(),
      parallelism: Int,
      operator: Type.String(),
      operator_strategy: Type.String(),
      description: Type.String(),
      inputs: Type.Optional(Type.Array(PlanInput)),
      optimizer_properties: Type.Record(
        Type.String(),
        Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
      ),
    }),
  ),
});

export const Empty = Type.Object({});

/** Java's view of a failure, for Flink's own clients; `serialized-throwable` is base64. */
export const FailureCause = Type.Object({
  class: Type.String(),
  'stack-trace': Type.String(),
  'serialized-throwable': Type.String(),
});

/** Of a process, in later versions, which call it jvm. */
export const ProcessEnvironment = Type.Object({
  jvm: Type.Object({ version: Type.String(), arch: Type.String(), options: Type.Array(Type.String()) }),
  classpath: Type.Array(Type.String()),
});

export const KeyValueList = Type.Array(Type.Object({ key: Type.String(), value: Type.String() }));

/** How an operation that was triggered stands; there is no FAILED: a failure is a completion with a cause. */
export const QueueStatus = Type.Object({ id: Type.Enum(['IN_PROGRESS', 'COMPLETED']) });

/** No other fields than those. */
export const closed = { additionalProperties: false } as const;
/** Of later versions: chosen by the caller, so that a retry is harmless. */
export const triggerIdField = { triggerId: Type.Optional(Nullable(Type.String())) };

export const TriggerAnswer = Type.Object({ 'request-id': Hex32 });

/** Answer of kind "file". */
export const Text = Type.String();

// Path parameters.
export const jobId = { type: 'hex32', description: 'Job id' } as const;
export const vertexId = { type: 'hex32', description: 'Vertex id, from the job or its plan' } as const;
export const triggerId = { type: 'hex32', description: 'The request-id that the trigger answered' } as const;
export const taskManagerId = { type: 'string', description: 'Id from /taskmanagers' } as const;
export const subtaskIndex = { type: 'integer', minimum: 0, description: 'From 0' } as const;
