// Applications of Flink 2.3, whose dashboard is built on them.
import { applicationEndpoints, restError } from '@yeoul/contract';
import type { JobDetailView } from '@yeoul/engine/runtime';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { toApplicationExceptions, toApplicationLine, toApplicationPage } from '../views/application-page.ts';
import { hasCode } from './find-job.ts';

export function applicationRoutes({ cluster, configuration }: ServerContext): readonly Route[] {
  const find = (id: string): JobDetailView => {
    try {
      return cluster.jobDetail(id);
    } catch (error) {
      if (hasCode(error, 'JOB_NOT_FOUND')) throw restError(404, `Could not find Flink application (${id})`, error);
      throw error;
    }
  };
  return [
    route(applicationEndpoints.listApplications, () => ({ applications: cluster.listJobs().map(toApplicationLine) })),
    route(applicationEndpoints.getApplication, ({ path }) => toApplicationPage(find(path.applicationid))),
    route(applicationEndpoints.getApplicationExceptions, ({ path }) =>
      toApplicationExceptions(find(path.applicationid)),
    ),
    route(applicationEndpoints.getApplicationConfig, () =>
      Object.entries(configuration).map(([key, value]) => ({ key, value })),
    ),
    route(applicationEndpoints.cancelApplication, async ({ path }) => {
      try {
        await cluster.cancel(path.applicationid);
      } catch (error) {
        if (!hasCode(error, 'JOB_NOT_FOUND', 'JOB_TERMINATED')) throw error;
        throw restError(404, 'Application could not be found.', error);
      }
      return {};
    }),
  ];
}
