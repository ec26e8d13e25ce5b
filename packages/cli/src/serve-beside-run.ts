// yeoul run --port: the REST API beside the one program that runs, so that savepoints can be taken of it.
import type { EmbeddedEngine } from '@yeoul/engine/runtime';
import type { CommandContext } from './command-context.ts';
import { readStartSettings, type StartSettingFlags } from './config/start-settings.ts';
import { prepareRestAccess } from './rest-options.ts';
import type { RestServer } from './serve-rest.ts';

export interface RunServing {
  readonly engine: EmbeddedEngine;
  readonly flags: StartSettingFlags;
  readonly dataDirectory: string;
  /** It goes with the run, and savepoints in it. */
  readonly isTemporary: boolean;
  readonly logDirectory: string;
  /** What DELETE /cluster does. */
  readonly shutDown: () => void;
  readonly context: CommandContext;
}

/** Prints the address once requests are accepted. @returns undefined: no port was asked for */
export async function serveBesideRun(serving: RunServing): Promise<RestServer | undefined> {
  const { context, dataDirectory, engine, flags, isTemporary, logDirectory, shutDown } = serving;
  if (flags.port === undefined) return undefined;
  const settings = await readStartSettings({ ...flags, dataDir: dataDirectory });
  const access = await prepareRestAccess({}, settings, context.nowMs());
  const { serveRest } = await import('./serve-rest.ts');
  const { port, version } = { port: flags.port, version: context.version };
  const server = await serveRest(engine, { ...settings, port, dataDirectory, logDirectory, version, access, shutDown });
  context.error(`REST API at ${server.url}`);
  if (isTemporary)
    context.error('Savepoints need a folder of their own: yeoul savepoint JOB DIR. Others go with this run.');
  return server;
}
