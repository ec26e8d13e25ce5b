// Applications of Flink 2.3, whose dashboard is built on them.
import { applicationEndpoints } from '@yeoul/contract';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { toApplicationExceptions, toApplicationLine, toApplicationPage } from '../views/application-page.ts';
import { toConfigurationPage } from '../views/configuration-page.ts';
import { findJob } from './find-job.ts';
import { refuseEndedJob } from './trigger-operation.ts';

export function applicationRoutes(context: ServerContext): readonly Route[] {
  const { cluster, configuration } = context;
  const find = (id: string) => findJob(context, id, () => `Could not find Flink application (${id})`);
  return [
    route(applicationEndpoints.listApplications, () => ({ applications: cluster.listJobs().map(toApplicationLine) })),
    route(applicationEndpoints.getApplication, ({ path }) => toApplicationPage(find(path.applicationid))),
    route(applicationEndpoints.getApplicationExceptions, ({ path }) =>
      toApplicationExceptions(find(path.applicationid)),
    ),
    route(applicationEndpoints.getApplicationConfig, () => toConfigurationPage(configuration)),
    route(applicationEndpoints.cancelApplication, async ({ path }) => {
      await refuseEndedJob(() => cluster.cancel(path.applicationid), 'Application could not be found.');
      return {};
    }),
  ];
}
