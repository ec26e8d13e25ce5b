// All endpoints.
import type { AnyEndpoint } from './endpoint.ts';
import * as applications from './endpoints/applications.ts';
import * as checkpoints from './endpoints/checkpoints.ts';
import * as cluster from './endpoints/cluster.ts';
import * as jars from './endpoints/jars.ts';
import * as jobs from './endpoints/jobs.ts';
import * as savepoints from './endpoints/savepoints.ts';
import * as taskManagers from './endpoints/task-managers.ts';
import * as vertices from './endpoints/vertices.ts';

export interface EndpointGroup {
  readonly title: string;
  readonly endpoints: readonly AnyEndpoint[];
}

export const endpointGroups: readonly EndpointGroup[] = [
  groupOf('Cluster', cluster),
  groupOf('Task managers', taskManagers),
  groupOf('Jars', jars),
  groupOf('Jobs', jobs),
  groupOf('Vertices', vertices),
  groupOf('Checkpoints', checkpoints),
  groupOf('Savepoints', savepoints),
  groupOf('Applications', applications),
];

export const endpoints: readonly AnyEndpoint[] = endpointGroups.flatMap((group) => group.endpoints);

function groupOf(title: string, module: Readonly<Record<string, object>>): EndpointGroup {
  const isEndpoint = (value: object): value is AnyEndpoint => 'method' in value && 'path' in value;
  return { title, endpoints: Object.values(module).filter(isEndpoint) };
}

/** The endpoint that serves a path (with or without /v1, without query); literal parts win over parameters. */
export function findEndpoint(method: string, path: string): AnyEndpoint | undefined {
  const parts = path
    .replace(/^\/v1(?=\/)/, '')
    .split('/')
    .filter(Boolean);
  const matching = endpoints.filter((endpoint) => endpoint.method === method && matches(endpoint, parts));
  return matching.sort((a, b) => parameterCount(a) - parameterCount(b))[0];
}

function matches(endpoint: AnyEndpoint, parts: readonly string[]): boolean {
  const wanted = endpoint.path.split('/').filter(Boolean);
  return wanted.length === parts.length && wanted.every((part, i) => part.startsWith(':') || part === parts[i]);
}

function parameterCount({ path }: AnyEndpoint): number {
  return path.split(':').length;
}
