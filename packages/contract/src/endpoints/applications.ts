// Applications, which came with Flink 2.3: what a program runs. Here, as for programs that Flink is given by REST, each has one job and its id.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import { attemptTimes, Empty, EpochMs, Hex32, Int, KeyValueList } from '../schemas/common.ts';
import { JobLine } from '../schemas/jobs.ts';

const pathParameters = { applicationid: { type: 'hex32', description: 'Id of the application: of its job' } } as const;

const ApplicationStatus = Type.Enum(['CREATED', 'RUNNING', 'FAILING', 'FAILED', 'CANCELING', 'CANCELED', 'FINISHED']);

export const listApplications = defineEndpoint({
  id: 'listApplications',
  method: 'GET',
  path: '/applications/overview',
  summary: 'One line per application: times and jobs by state',
  response: Type.Object({
    applications: Type.Array(
      Type.Object({
        id: Hex32,
        name: Type.String(),
        ...attemptTimes,
        status: ApplicationStatus,
        jobs: Type.Record(Type.String(), Int),
      }),
    ),
  }),
});

export const getApplication = defineEndpoint({
  id: 'getApplication',
  method: 'GET',
  path: '/applications/:applicationid',
  summary: 'One application: state, times, its job',
  pathParameters,
  response: Type.Object({
    id: Hex32,
    name: Type.String(),
    status: ApplicationStatus,
    ...attemptTimes,
    timestamps: Type.Record(ApplicationStatus, EpochMs),
    jobs: Type.Array(JobLine),
  }),
});

export const getApplicationExceptions = defineEndpoint({
  id: 'getApplicationExceptions',
  method: 'GET',
  path: '/applications/:applicationid/exceptions',
  summary: 'What an application failed of',
  pathParameters,
  response: Type.Object({
    exceptionHistory: Type.Object({
      entries: Type.Array(
        Type.Object({ exceptionName: Type.String(), stacktrace: Type.String(), timestamp: EpochMs, jobId: Hex32 }),
      ),
    }),
  }),
});

export const getApplicationConfig = defineEndpoint({
  id: 'getApplicationConfig',
  method: 'GET',
  path: '/applications/:applicationid/jobmanager/config',
  summary: 'The configuration in effect, as `/jobmanager/config`',
  pathParameters,
  response: KeyValueList,
});

export const cancelApplication = defineEndpoint({
  id: 'cancelApplication',
  method: 'POST',
  path: '/applications/:applicationid/cancel',
  summary: 'Cancel the job of an application',
  pathParameters,
  response: Empty,
  status: 202,
});
