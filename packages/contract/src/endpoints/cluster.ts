// The cluster: what it is, how it is configured, its job manager.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import { Int, KeyValueList, Long, ProcessEnvironment, Text } from '../schemas/common.ts';
import { LogList, logFileName, ThreadDump } from '../schemas/diagnostics.ts';
import { MetricList, metricParameters } from '../schemas/metrics.ts';

export const getConfig = defineEndpoint({
  id: 'getConfig',
  method: 'GET',
  path: '/config',
  summary: 'What a dashboard needs to know: refresh interval, time zone, versions, features',
  response: Type.Object({
    'refresh-interval': Long,
    'timezone-name': Type.String(),
    'timezone-offset': Int,
    'flink-version': Type.String({ description: 'API level' }),
    'flink-revision': Type.String(),
    /** From 1.9.2 on. */
    features: Type.Optional(
      Type.Object({
        'web-submit': Type.Boolean(),
        // Of later versions.
        'web-cancel': Type.Optional(Type.Boolean()),
        'web-rescale': Type.Optional(Type.Boolean()),
        'web-history': Type.Optional(Type.Boolean()),
      }),
    ),
    'yeoul-version': Type.Optional(Type.String()),
  }),
});

export const getOverview = defineEndpoint({
  id: 'getOverview',
  method: 'GET',
  path: '/overview',
  summary: 'Totals: task managers, slots, jobs by state',
  response: Type.Object({
    taskmanagers: Int,
    'slots-total': Int,
    'slots-available': Int,
    'jobs-running': Int,
    'jobs-finished': Int,
    'jobs-cancelled': Int,
    'jobs-failed': Int,
    'flink-version': Type.String(),
    'flink-commit': Type.String(),
    // Of later versions.
    'taskmanagers-blocked': Type.Optional(Int),
    'slots-free-and-blocked': Type.Optional(Int),
  }),
});

export const getJobManagerConfig = defineEndpoint({
  id: 'getJobManagerConfig',
  method: 'GET',
  path: '/jobmanager/config',
  summary: 'The configuration in effect',
  response: KeyValueList,
});

export const getJobManagerEnvironment = defineEndpoint({
  id: 'getJobManagerEnvironment',
  method: 'GET',
  path: '/jobmanager/environment',
  summary: 'What the process runs on; of later versions, which call it jvm',
  response: ProcessEnvironment,
});

export const getJobManagerMetrics = defineEndpoint({
  id: 'getJobManagerMetrics',
  method: 'GET',
  path: '/jobmanager/metrics',
  summary: 'Metrics of the job manager',
  queryParameters: metricParameters,
  response: MetricList,
});

export const getJobManagerLog = defineEndpoint({
  id: 'getJobManagerLog',
  method: 'GET',
  path: '/jobmanager/log',
  kind: 'file',
  summary: 'Log of the job manager',
  response: Text,
});

export const getJobManagerStdout = defineEndpoint({
  id: 'getJobManagerStdout',
  method: 'GET',
  path: '/jobmanager/stdout',
  kind: 'file',
  summary: 'Standard output of the job manager',
  response: Text,
});

export const getJobManagerLogs = defineEndpoint({
  id: 'getJobManagerLogs',
  method: 'GET',
  path: '/jobmanager/logs',
  summary: 'Files of the log folder of the job manager',
  response: LogList,
});

export const getJobManagerLogFile = defineEndpoint({
  id: 'getJobManagerLogFile',
  method: 'GET',
  path: '/jobmanager/logs/:filename',
  kind: 'file',
  summary: 'One file of the log folder of the job manager',
  pathParameters: { filename: logFileName },
  response: Text,
});

export const getJobManagerThreadDump = defineEndpoint({
  id: 'getJobManagerThreadDump',
  method: 'GET',
  path: '/jobmanager/thread-dump',
  summary: 'What the threads of the job manager are doing',
  response: ThreadDump,
});

export const shutDownCluster = defineEndpoint({
  id: 'shutDownCluster',
  method: 'DELETE',
  path: '/cluster',
  summary: 'End the cluster; jobs are kept',
  response: Type.Object({}),
});

export const getOpenApiDocument = defineEndpoint({
  id: 'getOpenApiDocument',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This API as an OpenAPI 3.1 document',
  response: Type.Object({
    openapi: Type.String(),
    info: Type.Object({ title: Type.String(), version: Type.String() }),
  }),
});
