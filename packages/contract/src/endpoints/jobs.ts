// Jobs as a whole.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import {
  attemptTimes,
  ByExecutionState,
  ByJobStatus,
  closed,
  Empty,
  EpochMs,
  ExecutionState,
  FailureCause,
  Hex32,
  Int,
  IoMetrics,
  JobStatus,
  JobType,
  jobId,
  KeyValueList,
  Long,
  Nullable,
  Plan,
  ProcessEnvironment,
  QueueStatus,
  SchedulerType,
  UserAccumulator,
} from '../schemas/common.ts';
import { JobLine } from '../schemas/jobs.ts';
import { AggregatedMetricList, aggregateParameters, MetricList, metricParameters } from '../schemas/metrics.ts';

const pathParameters = { jobid: jobId } as const;

/** Null where no task is to blame. */
const historyEntry = {
  exceptionName: Type.String(),
  stacktrace: Type.String(),
  timestamp: EpochMs,
  failureLabels: Type.Optional(Type.Record(Type.String(), Type.String())),
  taskName: Type.Optional(Nullable(Type.String())),
  endpoint: Type.Optional(Nullable(Type.String())),
  taskManagerId: Type.Optional(Nullable(Type.String())),
};

export const listJobs = defineEndpoint({
  id: 'listJobs',
  method: 'GET',
  path: '/jobs',
  summary: 'Ids and states of all jobs',
  response: Type.Object({ jobs: Type.Array(Type.Object({ id: Hex32, status: JobStatus })) }),
});

/** Flink's clients send the job graph that they made of a jar, serialized by Java: always refused, with the way to run a job here. */
export const submitJobGraph = defineEndpoint({
  id: 'submitJobGraph',
  method: 'POST',
  path: '/jobs',
  kind: 'upload',
  summary: 'Takes a job graph serialized by Java, which cannot run here: 400 says how to run a job',
  response: Empty,
  status: 202,
});

export const getJobsOverview = defineEndpoint({
  id: 'getJobsOverview',
  method: 'GET',
  path: '/jobs/overview',
  summary: 'One line per job: times and tasks by state',
  response: Type.Object({
    jobs: Type.Array(JobLine),
  }),
});

export const getJob = defineEndpoint({
  id: 'getJob',
  method: 'GET',
  path: '/jobs/:jobid',
  summary: 'One job: state, times, vertices, plan',
  pathParameters,
  response: Type.Object({
    jid: Hex32,
    name: Type.String(),
    isStoppable: Type.Boolean(),
    state: JobStatus,
    ...attemptTimes,
    now: EpochMs,
    timestamps: ByJobStatus,
    vertices: Type.Array(
      Type.Object({
        id: Hex32,
        name: Type.String(),
        parallelism: Int,
        status: ExecutionState,
        ...attemptTimes,
        tasks: ByExecutionState,
        metrics: IoMetrics,
        // Of later versions.
        maxParallelism: Type.Optional(Int),
        slotSharingGroupId: Type.Optional(Hex32),
      }),
    ),
    'status-counts': ByExecutionState,
    plan: Plan,
    // Of later versions.
    'job-type': Type.Optional(Nullable(JobType)),
    maxParallelism: Type.Optional(Long),
    schedulerType: Type.Optional(Nullable(SchedulerType)),
    'application-id': Type.Optional(Hex32),
    'pending-operators': Type.Optional(Int),
  }),
});

/** Of later versions. */
export const getJobStatus = defineEndpoint({
  id: 'getJobStatus',
  method: 'GET',
  path: '/jobs/:jobid/status',
  summary: 'The state of a job, and nothing else',
  pathParameters,
  response: Type.Object({ status: JobStatus }),
});

/** Of Yeoul. Last-Event-ID of an ended stream is answered with 204, which ends the repeating of EventSource. */
export const getJobEvents = defineEndpoint({
  id: 'getJobEvents',
  method: 'GET',
  path: '/jobs/:jobid/events',
  kind: 'events',
  summary: 'Changes of a job as they happen, as Server-Sent Events: `job`, `vertices`, `checkpoints`, `end`',
  pathParameters,
  queryParameters: {
    ticket: {
      type: 'string',
      description: 'In place of a token, which EventSource cannot send; of `POST /jobs/:jobid/events/ticket`',
    },
  },
  response: Type.String({
    description:
      'Events of type job, vertices, checkpoints and end; the data of each is JSON: what is so now, not what changed',
  }),
});

/** Of Yeoul. */
export const createEventTicket = defineEndpoint({
  id: 'createEventTicket',
  method: 'POST',
  path: '/jobs/:jobid/events/ticket',
  summary: 'A ticket for one stream of events of a job: for browsers, whose EventSource cannot send a token',
  pathParameters,
  response: Type.Object({
    ticket: Type.String({ description: 'Opens one stream, once' }),
    expires: Type.Integer({ description: 'Epoch ms' }),
  }),
});

export const getJobPlan = defineEndpoint({
  id: 'getJobPlan',
  method: 'GET',
  path: '/jobs/:jobid/plan',
  summary: 'The plan of a job',
  pathParameters,
  response: Type.Object({ plan: Plan }),
});

export const getJobConfig = defineEndpoint({
  id: 'getJobConfig',
  method: 'GET',
  path: '/jobs/:jobid/config',
  summary: 'How a job is executed',
  pathParameters,
  response: Type.Object({
    jid: Hex32,
    name: Type.String(),
    'execution-config': Type.Object({
      /** Until 1.20. */
      'execution-mode': Type.Optional(Type.String()),
      'restart-strategy': Type.String(),
      'job-parallelism': Int,
      'object-reuse-mode': Type.Boolean(),
      'user-config': Type.Record(Type.String(), Type.String()),
    }),
  }),
});

export const getJobExceptions = defineEndpoint({
  id: 'getJobExceptions',
  method: 'GET',
  path: '/jobs/:jobid/exceptions',
  summary: 'What went wrong in a job',
  pathParameters,
  queryParameters: { maxExceptions: { type: 'integer', description: 'Of later versions; default 20' } },
  response: Type.Object({
    'root-exception': Nullable(Type.String()),
    timestamp: Nullable(EpochMs),
    'all-exceptions': Type.Array(
      Type.Object({
        exception: Type.String(),
        task: Type.String(),
        location: Type.String(),
        timestamp: EpochMs,
        // Of later versions.
        endpoint: Type.Optional(Type.String()),
        taskManagerId: Type.Optional(Type.String()),
      }),
    ),
    truncated: Type.Boolean(),
    /** Of later versions; newest first. */
    exceptionHistory: Type.Optional(
      Type.Object({
        entries: Type.Array(
          Type.Object({ ...historyEntry, concurrentExceptions: Type.Optional(Type.Array(Type.Object(historyEntry))) }),
        ),
        truncated: Type.Boolean(),
      }),
    ),
  }),
});

export const getJobAccumulators = defineEndpoint({
  id: 'getJobAccumulators',
  method: 'GET',
  path: '/jobs/:jobid/accumulators',
  summary: 'User accumulators of a job, merged over its tasks',
  pathParameters,
  queryParameters: { includeSerializedValue: { type: 'boolean', description: 'Values as bytes too, base64' } },
  response: Type.Object({
    'job-accumulators': Type.Array(Empty),
    'user-task-accumulators': Type.Array(UserAccumulator),
    'serialized-user-task-accumulators': Type.Record(Type.String(), Type.String()),
  }),
});

export const getJobResult = defineEndpoint({
  id: 'getJobResult',
  method: 'GET',
  path: '/jobs/:jobid/execution-result',
  summary: 'The result of a job once it has ended',
  pathParameters,
  response: Type.Object({
    status: QueueStatus,
    'job-execution-result': Type.Optional(
      Type.Object({
        id: Hex32,
        'application-status': Type.Enum(['SUCCEEDED', 'FAILED', 'CANCELED', 'UNKNOWN']),
        'accumulator-results': Type.Record(Type.String(), Type.String()),
        'net-runtime': Long,
        'failure-cause': Type.Optional(FailureCause),
        // Of later versions.
        name: Type.Optional(Type.String()),
        'application-id': Type.Optional(Hex32),
        'start-time': Type.Optional(EpochMs),
        'end-time': Type.Optional(EpochMs),
      }),
    ),
  }),
});

export const getJobMetrics = defineEndpoint({
  id: 'getJobMetrics',
  method: 'GET',
  path: '/jobs/:jobid/metrics',
  summary: 'Metrics of a job',
  pathParameters,
  queryParameters: metricParameters,
  response: MetricList,
});

export const getAggregatedJobMetrics = defineEndpoint({
  id: 'getAggregatedJobMetrics',
  method: 'GET',
  path: '/jobs/metrics',
  summary: 'Metrics aggregated over jobs',
  queryParameters: { ...aggregateParameters, jobs: { type: 'hex32', isList: true, description: 'Default: all' } },
  response: AggregatedMetricList,
});

export const cancelJob = defineEndpoint({
  id: 'cancelJob',
  method: 'PATCH',
  path: '/jobs/:jobid',
  summary: 'Cancel a job',
  pathParameters,
  queryParameters: { mode: { type: 'enum', values: ['cancel', 'stop'], isList: true, description: 'Default: cancel' } },
  response: Empty,
  status: 202,
});

export const cancelJobByGet = defineEndpoint({
  id: 'cancelJobByGet',
  method: 'GET',
  path: '/jobs/:jobid/yarn-cancel',
  summary: 'Cancel a job, for proxies that pass only GET',
  pathParameters,
  response: Empty,
  status: 202,
});

export const stopJobByGet = defineEndpoint({
  id: 'stopJobByGet',
  method: 'GET',
  path: '/jobs/:jobid/yarn-stop',
  summary: 'Refused: stop with a savepoint instead',
  pathParameters,
  response: Empty,
  status: 202,
});

export const rescaleJob = defineEndpoint({
  id: 'rescaleJob',
  method: 'PATCH',
  path: '/jobs/:jobid/rescaling',
  summary: 'Refused: stop with a savepoint and start with another parallelism',
  pathParameters,
  queryParameters: { parallelism: { type: 'integer', description: 'Wanted parallelism' } },
  response: Empty,
});

export const getRescaling = defineEndpoint({
  id: 'getRescaling',
  method: 'GET',
  path: '/jobs/:jobid/rescaling/:triggerid',
  summary: 'Refused, as its trigger',
  pathParameters: { jobid: jobId, triggerid: { type: 'hex32', description: 'Trigger id' } },
  response: Empty,
});

/** Of later versions. */
export const getJobJobManagerConfig = defineEndpoint({
  id: 'getJobJobManagerConfig',
  method: 'GET',
  path: '/jobs/:jobid/jobmanager/config',
  summary: 'The configuration in effect, as `/jobmanager/config`',
  pathParameters,
  response: KeyValueList,
});

/** Of later versions. */
export const getJobJobManagerEnvironment = defineEndpoint({
  id: 'getJobJobManagerEnvironment',
  method: 'GET',
  path: '/jobs/:jobid/jobmanager/environment',
  summary: 'What the process runs on, as `/jobmanager/environment`',
  pathParameters,
  response: ProcessEnvironment,
});

/** Of later versions. */
export const getJobJobManagerLogUrl = defineEndpoint({
  id: 'getJobJobManagerLogUrl',
  method: 'GET',
  path: '/jobs/:jobid/jobmanager/log-url',
  summary: 'Where the log of the job manager is',
  pathParameters,
  response: Type.Object({ url: Type.String() }),
});

/** Of later versions. No job here ends because its client is gone. */
export const beatForClient = defineEndpoint({
  id: 'beatForClient',
  method: 'PATCH',
  path: '/jobs/:jobid/clientHeartbeat',
  summary: 'A client says that it is there; no job depends on it',
  pathParameters,
  body: {
    name: 'JobClientHeartbeatRequestBody',
    schema: Type.Object({ expiredTimestamp: EpochMs }, closed),
    isOptional: false,
  },
  response: Empty,
  status: 202,
});

const Requirements = Type.Record(
  Type.String({ pattern: '^[0-9a-fA-F]{32}$' }),
  Type.Object({ parallelism: Type.Object({ lowerBound: Int, upperBound: Int }) }),
  { description: 'By vertex', ...closed },
);

/** Of later versions. */
export const getResourceRequirements = defineEndpoint({
  id: 'getResourceRequirements',
  method: 'GET',
  path: '/jobs/:jobid/resource-requirements',
  summary: 'Least and greatest parallelism by vertex: both are what the job runs with',
  pathParameters,
  response: Requirements,
});

/** Of later versions. */
export const putResourceRequirements = defineEndpoint({
  id: 'putResourceRequirements',
  method: 'PUT',
  path: '/jobs/:jobid/resource-requirements',
  summary: 'Refused unless it is what the job runs with: stop with a savepoint and start with another parallelism',
  pathParameters,
  body: { name: 'JobResourceRequirementsBody', schema: Requirements, isOptional: true },
  response: Empty,
});
