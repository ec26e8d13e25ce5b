// The REST server beside the engine of `yeoul start`, with its uploaded jars in the data directory.
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Configuration,
  type EmbeddedEngine,
  engineOptions,
  SystemClock,
  systemRandom,
  ThreadInspector,
  toProgramDefaults,
} from '@yeoul/engine/runtime';
import type { FlameGraphOptions, TokenFile } from '@yeoul/server';
import { restSettings } from './config/rest-settings.ts';
import type { EngineLog } from './log/engine-log.ts';
import { LogFileName } from './log/log-files.ts';
import type { RestAccess } from './rest-options.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** What is tried instead, in this order. */
  readonly bindPorts?: readonly number[];
  readonly dataDirectory: string;
  /** What the log pages show. */
  readonly logDirectory: string;
  readonly configuration: Configuration;
  readonly version: string;
  readonly access: RestAccess;
  /** Hears of tokens that were exchanged. */
  readonly log?: Pick<EngineLog, 'info' | 'warn'>;
  /** What DELETE /cluster does. */
  readonly shutDown: () => void;
}

export interface RestServer extends AsyncDisposable {
  /** "http://127.0.0.1:8081" */
  readonly url: string;
  /** Ends when the requests under way are answered. */
  close(): Promise<void>;
}

/** What serves is loaded for the most part of the time that a server takes to start: it can be begun while the engine opens. */
export function loadServer() {
  return Promise.all([import('@yeoul/server'), import('@yeoul/server/jars')]);
}

/** Resolves once requests are accepted. */
export async function serveRest(engine: EmbeddedEngine, options: ServeOptions): Promise<RestServer> {
  const [{ SavepointPlaces, startServer }, { createJarRoutes, JarStore }] = await loadServer();
  const { access, configuration, host, port, bindPorts = [port], version, shutDown } = options;
  const { allowedHosts, allowedOrigins, settings, tls, tokens } = access;
  const clock = new SystemClock();
  const dataDirectory = resolve(options.dataDirectory);
  const directory = resolve(configuration.get(restSettings.uploadDirectory) ?? join(dataDirectory, 'jars'));
  const defaults = toProgramDefaults(configuration);
  const savepointPlaces = new SavepointPlaces(access.savepointPlaces);
  const jars = createJarRoutes({
    store: await JarStore.open({ directory, createUuid: randomUUID, limits: settings.jars }),
    limits: settings.submissions,
    savepointPlaces,
    planner: engine.driver,
    cluster: engine.cluster,
    defaults,
    nowMs: () => clock.nowMs(),
    createJobId: () => Buffer.from(systemRandom.bytes(16)).toString('hex'),
  });
  const server = await startServer({
    cluster: engine.cluster,
    engineVersion: version,
    clock,
    host,
    port: bindPorts,
    ...(configuration.get(restSettings.submitEnabled) ? { jars } : {}),
    configuration: { ...inEffect(configuration, dataDirectory, directory), ...configuration.shown() },
    refreshIntervalMs: configuration.get(restSettings.refreshIntervalMs),
    tokens,
    tls,
    allowedHosts: [configuration.get(restSettings.address), ...allowedHosts],
    allowedOrigins,
    savepointPlaces,
    limits: settings.http,
    shutDown,
    logs: { directory: options.logDirectory, ...LogFileName },
    threads: new ThreadInspector({ cluster: engine.cluster, nowMs: () => clock.nowMs() }),
    flameGraph: toFlameGraphOptions(configuration),
  });
  const tokenFile = await watchTokenFile(access, options.log);
  const close = () => {
    tokenFile?.close();
    return server.close();
  };
  return { url: server.url, close, [Symbol.asyncDispose]: close };
}

/** Tokens come and go with their file. */
async function watchTokenFile(
  { tokenFile, tokens }: RestAccess,
  log: ServeOptions['log'],
): Promise<TokenFile | undefined> {
  if (tokenFile === undefined || tokens === undefined) return undefined;
  const { TokenFile } = await import('@yeoul/server');
  const file = new TokenFile({
    path: tokenFile,
    tokens,
    onRead: (description) => log?.info('Tokens read again', { tokens: description }),
    onFailure: ({ message }) => log?.warn(`The tokens stay as they were. ${message}`),
  });
  file.watch();
  return file;
}

/** Settings that clients look up, given or not, by the names of Flink 1.9. */
function inEffect(configuration: Configuration, dataDirectory: string, uploads: string) {
  const { jobs, state } = engineOptions;
  const toUri = (given: string | undefined, folder: string) => pathToFileURL(given ?? join(dataDirectory, folder)).href;
  return {
    'parallelism.default': String(configuration.get(jobs.parallelism)),
    'state.backend': configuration.get(state.backend),
    'state.checkpoints.dir': toUri(configuration.find(state.checkpointsDirectory), 'checkpoints'),
    'state.savepoints.dir': toUri(configuration.find(state.savepointsDirectory), 'savepoints'),
    'web.upload.dir': uploads,
    'rest.port': String(configuration.get(restSettings.port)),
  };
}

function toFlameGraphOptions(configuration: Configuration): FlameGraphOptions | false {
  if (!configuration.get(restSettings.flameGraphEnabled)) return false;
  return {
    samples: configuration.get(restSettings.flameGraphSamples),
    delayMs: configuration.get(restSettings.flameGraphDelayMs),
    refreshIntervalMs: configuration.get(restSettings.flameGraphRefreshMs),
    maxDepth: configuration.get(restSettings.flameGraphDepth),
  };
}
