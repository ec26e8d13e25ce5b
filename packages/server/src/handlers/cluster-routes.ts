// The cluster itself.
import { clusterEndpoints, createOpenApiDocument, jobEndpoints, type OpenApiDocument } from '@yeoul/contract';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { toConfigurationPage } from '../views/configuration-page.ts';
import { toMetricLines } from '../views/metric-page.ts';
import { timeZoneAt } from '../views/time-zone.ts';
import type { ProcessMetrics } from './process-metrics.ts';

export function clusterRoutes(context: ServerContext, processMetrics: ProcessMetrics): readonly Route[] {
  const { cluster, configuration, engineVersion, flinkVersion } = context;
  const shutDown = context.shutDown;
  const configurationPage = () => toConfigurationPage(configuration);
  let document: OpenApiDocument | undefined;
  return [
    route(clusterEndpoints.getConfig, () => {
      const { name, offsetMs } = timeZoneAt(context.clock.nowMs());
      return {
        'refresh-interval': context.refreshIntervalMs,
        'timezone-name': name,
        'timezone-offset': offsetMs,
        'flink-version': flinkVersion,
        'flink-revision': `yeoul ${engineVersion}`,
        features: { 'web-submit': context.isWebSubmitEnabled, 'web-cancel': true, 'web-history': false },
        'yeoul-version': engineVersion,
      };
    }),
    route(clusterEndpoints.getOverview, () => {
      const overview = cluster.overview();
      return {
        taskmanagers: 1,
        'slots-total': overview.slotsTotal,
        'slots-available': overview.slotsAvailable,
        'jobs-running': overview.jobsRunning,
        'jobs-finished': overview.jobsFinished,
        'jobs-cancelled': overview.jobsCancelled,
        'jobs-failed': overview.jobsFailed,
        'flink-version': flinkVersion,
        'flink-commit': `yeoul ${engineVersion}`,
      };
    }),
    route(clusterEndpoints.getJobManagerConfig, configurationPage),
    route(clusterEndpoints.getJobManagerEnvironment, environmentPage),
    // All jobs have the same job manager; as in Flink, nobody looks whether there is such a job.
    route(jobEndpoints.getJobJobManagerConfig, configurationPage),
    route(jobEndpoints.getJobJobManagerEnvironment, environmentPage),
    route(jobEndpoints.getJobJobManagerLogUrl, ({ baseUrl }) => ({ url: `${baseUrl}/jobmanager/log` })),
    route(jobEndpoints.beatForClient, () => ({})),
    route(clusterEndpoints.getJobManagerMetrics, ({ query }) => toMetricLines(processMetrics.jobManager(), query.get)),
    route(clusterEndpoints.getOpenApiDocument, () => (document ??= createOpenApiDocument(engineVersion))),
    ...(shutDown === undefined
      ? []
      : [
          route(clusterEndpoints.shutDownCluster, ({ raw }) => {
            // After the answer is out.
            raw.raw.once('close', shutDown);
            return {};
          }),
        ]),
  ];
}

/** Later versions call it jvm. */
function environmentPage() {
  return {
    jvm: { version: `Node.js ${process.version}`, arch: process.arch, options: process.execArgv },
    classpath: [],
  };
}
