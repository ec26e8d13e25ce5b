// The REST server beside the engine of `yeoul start`, with its uploaded jars in the data directory.
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type EmbeddedEngine, SystemClock, systemRandom } from '@yeoul/engine/runtime';
import type { RestAccess } from './rest-options.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly dataDirectory: string;
  readonly version: string;
  readonly stateBackend: 'heap' | 'disk';
  readonly access: RestAccess;
  /** What DELETE /cluster does. */
  readonly shutDown: () => void;
}

export interface RestServer extends AsyncDisposable {
  /** "http://127.0.0.1:8081" */
  readonly url: string;
  /** Ends when the requests under way are answered. */
  close(): Promise<void>;
}

/** Resolves once requests are accepted. */
export async function serveRest(engine: EmbeddedEngine, options: ServeOptions): Promise<RestServer> {
  const [{ SavepointPlaces, startServer }, { createJarRoutes, JarStore }] = await Promise.all([
    import('@yeoul/server'),
    import('@yeoul/server/jars'),
  ]);
  const { access, host, port, version, shutDown, stateBackend } = options;
  const { allowedHosts, allowedOrigins, settings, tls, tokens } = access;
  const clock = new SystemClock();
  const dataDirectory = resolve(options.dataDirectory);
  const directory = join(dataDirectory, 'jars');
  const savepointPlaces = new SavepointPlaces(access.savepointPlaces);
  const jars = createJarRoutes({
    store: await JarStore.open({ directory, createUuid: randomUUID, limits: settings.jars }),
    limits: settings.submissions,
    savepointPlaces,
    planner: engine.driver,
    cluster: engine.cluster,
    defaults: { parallelism: 1, stateBackend, checkpointIntervalMs: undefined },
    nowMs: () => clock.nowMs(),
    createJobId: () => Buffer.from(systemRandom.bytes(16)).toString('hex'),
  });
  const configuration = {
    'parallelism.default': '1',
    'state.backend': stateBackend,
    'state.checkpoints.dir': pathToFileURL(join(dataDirectory, 'checkpoints')).href,
    'state.savepoints.dir': pathToFileURL(join(dataDirectory, 'savepoints')).href,
    'web.upload.dir': directory,
  };
  const server = await startServer({
    cluster: engine.cluster,
    engineVersion: version,
    clock,
    host,
    port,
    jars,
    configuration,
    tokens,
    tls,
    allowedHosts,
    allowedOrigins,
    savepointPlaces,
    limits: settings.http,
    shutDown,
  });
  const { url, close } = server;
  return { url, close, [Symbol.asyncDispose]: close };
}
