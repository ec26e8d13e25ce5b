// The REST server beside the engine of `yeoul start`, with its uploaded jars in the data directory.
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type EmbeddedEngine, SystemClock, systemRandom } from '@yeoul/engine/runtime';

export interface ServeOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly dataDirectory: string;
  readonly version: string;
  readonly stateBackend: 'heap' | 'disk';
}

export interface RestServer extends AsyncDisposable {
  /** "http://127.0.0.1:8081" */
  readonly url: string;
}

/** Resolves once requests are accepted. */
export async function serveRest(engine: EmbeddedEngine, options: ServeOptions): Promise<RestServer> {
  const [{ startServer }, { createJarRoutes, JarStore }] = await Promise.all([
    import('@yeoul/server'),
    import('@yeoul/server/jars'),
  ]);
  const { host, port, version, stateBackend } = options;
  const clock = new SystemClock();
  const dataDirectory = resolve(options.dataDirectory);
  const directory = join(dataDirectory, 'jars');
  const jars = createJarRoutes({
    store: await JarStore.open({ directory, createUuid: randomUUID }),
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
  });
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() };
}
