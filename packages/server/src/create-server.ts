// The server of a cluster: its context, its routes.
import { type LocalCluster, SystemClock, type ThreadInspector } from '@yeoul/engine/runtime';
import type { FastifyInstance } from 'fastify';
import { defaultFlameGraphOptions, type FlameGraphOptions } from './flame-graphs.ts';
import { applicationRoutes } from './handlers/application-routes.ts';
import { checkpointRoutes } from './handlers/checkpoint-routes.ts';
import { clusterRoutes } from './handlers/cluster-routes.ts';
import { eventRoutes } from './handlers/event-routes.ts';
import { jobRoutes } from './handlers/job-routes.ts';
import { logRoutes } from './handlers/log-routes.ts';
import { parallelismRoutes } from './handlers/parallelism-routes.ts';
import { ProcessMetrics } from './handlers/process-metrics.ts';
import { savepointRoutes } from './handlers/savepoint-routes.ts';
import { taskManagerRoutes } from './handlers/task-manager-routes.ts';
import { threadRoutes } from './handlers/thread-routes.ts';
import { vertexRoutes } from './handlers/vertex-routes.ts';
import { createHttpServer, type HttpServerOptions } from './http/http-server.ts';
import type { RouteGroup } from './http/route.ts';
import { LogFolder, type LogFolderOptions } from './logs/log-folder.ts';
import { thisMachine } from './machine.ts';
import { OutputLog } from './output-log.ts';
import { EventTickets } from './security/event-tickets.ts';
import { hideSecrets } from './security/hide-secrets.ts';
import type { SavepointPlaces } from './security/savepoint-places.ts';
import type { ServerContext, TaskManagerIdentity } from './server-context.ts';

export interface CreateServerOptions extends Omit<HttpServerOptions, 'groups'> {
  readonly cluster: LocalCluster;
  readonly engineVersion: string;
  /** Default: the system's. */
  readonly clock?: ServerContext['clock'];
  /** Uploaded jars: their routes. Without them web-submit is off. */
  readonly jars?: RouteGroup;
  /** More routes. */
  readonly groups?: readonly RouteGroup[];
  /** Level of the API that /config names. Default "1.9.1". */
  readonly flinkVersion?: string;
  /** How often dashboards are told to refresh. Default 3000. */
  readonly refreshIntervalMs?: number;
  /** Entries of /jobmanager/config beside what the cluster itself says. */
  readonly configuration?: Readonly<Record<string, string>>;
  readonly taskManager?: TaskManagerIdentity;
  readonly machine?: ServerContext['machine'];
  /** Where savepoints may be written to and deleted; without it anywhere. */
  readonly savepointPlaces?: SavepointPlaces | undefined;
  /** What the log pages show; without it they answer 404, as Flink does when it logs to no file, and output is kept in memory. */
  readonly logs?: LogFolderOptions | undefined;
  /** Looks at the threads of tasks, for dumps and flame graphs. */
  readonly threads?: ThreadInspector | undefined;
  /** False: flame graphs are off. Default: as Flink samples them. */
  readonly flameGraph?: FlameGraphOptions | false;
  /** What DELETE /cluster does; without it the endpoint is not there. */
  readonly shutDown?: () => void;
}

/** One process, one task manager: its id can be constant. */
const DEFAULT_TASK_MANAGER: TaskManagerIdentity = {
  id: '7965_756c_0000_0000_0000_0000_0000_0001'.replaceAll('_', ''),
  host: 'localhost',
  dataPort: 6121,
};

/** Not listening yet: for tests by inject, and for startServer. Closing it leaves the cluster open. */
export async function createServer(options: CreateServerOptions): Promise<FastifyInstance> {
  const context = createContext(options);
  const processMetrics = new ProcessMetrics(context);
  const routes = [
    ...clusterRoutes(context, processMetrics),
    ...taskManagerRoutes(context, processMetrics),
    ...logRoutes(context),
    ...jobRoutes(context),
    ...eventRoutes(context),
    ...vertexRoutes(context),
    ...checkpointRoutes(context),
    ...savepointRoutes(context),
    ...parallelismRoutes(context),
    ...applicationRoutes(context),
    ...threadRoutes(context),
  ];
  const jars = options.jars === undefined ? [] : [options.jars];
  return createHttpServer({
    pages: { revision: () => options.cluster.revision, nowMs: () => context.clock.nowMs() },
    ...options,
    groups: [{ routes }, ...jars, ...(options.groups ?? [])],
    tickets: context.tickets,
    onClose: () => context.output.close(),
  });
}

function createContext(options: CreateServerOptions): ServerContext {
  const { cluster, taskManager = DEFAULT_TASK_MANAGER, clock = new SystemClock() } = options;
  return {
    cluster,
    clock,
    machine: options.machine ?? thisMachine,
    taskManager,
    flinkVersion: options.flinkVersion ?? '1.9.1',
    engineVersion: options.engineVersion,
    refreshIntervalMs: options.refreshIntervalMs ?? 3000,
    isWebSubmitEnabled: options.jars !== undefined,
    configuration: hideSecrets({ ...clusterConfiguration(cluster, taskManager), ...options.configuration }),
    savepointPlaces: options.savepointPlaces,
    logs: options.logs && new LogFolder(options.logs),
    output: new OutputLog(options.logs === undefined ? cluster : undefined),
    threads: options.threads,
    flameGraph: options.flameGraph === false ? undefined : (options.flameGraph ?? defaultFlameGraphOptions),
    tickets: new EventTickets(() => clock.nowMs()),
    shutDown: options.shutDown,
  };
}

/** What is true of every cluster of this engine, under the keys that Flink has for it. */
function clusterConfiguration(cluster: LocalCluster, { host }: TaskManagerIdentity): Readonly<Record<string, string>> {
  return {
    'jobmanager.execution.failover-strategy': 'region',
    'jobmanager.rpc.address': host,
    'taskmanager.host': host,
    'taskmanager.numberOfTaskSlots': String(cluster.overview().slotsTotal),
    'rest.address': host,
  };
}
