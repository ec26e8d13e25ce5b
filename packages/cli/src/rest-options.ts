// Options of `yeoul start` about who may reach its REST API, and how; checked before the engine is opened.
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '@yeoul/engine';
import type { ServerSettings, TlsIdentity, Tokens } from '@yeoul/server/access';
import type { Command } from 'commander';
import { UsageError } from './usage-error.ts';

export interface RestFlags {
  readonly tokenFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly savepointRoot?: readonly string[];
}

export interface RestSettings {
  readonly host: string;
  readonly dataDir: string;
  /** Limits, by their names. */
  readonly limits: Iterable<readonly [string, string]>;
  /** Configured folders of savepoints and checkpoints. */
  readonly savepointRoots: readonly string[];
}

export interface RestAccess {
  readonly tokens: Tokens | undefined;
  /** Where they come from. */
  readonly tokenFile: string | undefined;
  readonly tls: TlsIdentity | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Absolute folders that savepoints may be in. */
  readonly savepointPlaces: readonly string[];
  readonly settings: ServerSettings;
}

const collect = (text: string, earlier: readonly string[] = []) => [...earlier, text];

export function addRestOptions(command: Command): Command {
  return command
    .option('--token-file <file>', 'tokens with roles that requests must bring; needed for other hosts than 127.0.0.1')
    .option('--tls-cert <file>', 'certificate for HTTPS, PEM')
    .option('--tls-key <file>', 'its key, PEM')
    .option('--allow-host <name>', 'another name that clients may call this server by; repeatable', collect)
    .option('--allow-origin <origin>', 'another origin whose pages may use the API; repeatable', collect)
    .option('--savepoint-root <dir>', 'another folder that savepoints may be in; repeatable', collect);
}

/** @throws UsageError that says what is wrong with a flag, or with the file or value it names */
export async function prepareRestAccess(flags: RestFlags, settings: RestSettings, nowMs: number): Promise<RestAccess> {
  try {
    return await readRestAccess(flags, settings, nowMs);
  } catch (error) {
    throw error instanceof AppError ? new UsageError(`${error.message} [${error.code}]`) : error;
  }
}

async function readRestAccess(
  flags: RestFlags,
  { host, dataDir, limits, savepointRoots }: RestSettings,
  nowMs: number,
): Promise<RestAccess> {
  const { decideBinding, parseServerSettings, readTlsIdentity, readTokenFile } = await import('@yeoul/server/access');
  const { tokenFile, tlsCert, tlsKey } = flags;
  await decideBinding(host, tokenFile !== undefined);
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError('TLS needs both --tls-cert and --tls-key.');
  }
  return {
    tokens: tokenFile === undefined ? undefined : await readTokenFile(tokenFile),
    tokenFile: tokenFile === undefined ? undefined : resolve(tokenFile),
    tls:
      tlsCert === undefined || tlsKey === undefined
        ? undefined
        : await readTlsIdentity({ certificateFile: tlsCert, keyFile: tlsKey }, nowMs),
    allowedHosts: flags.allowHost ?? [],
    allowedOrigins: flags.allowOrigin ?? [],
    savepointPlaces: [
      resolve(dataDir),
      ...[...savepointRoots, ...(flags.savepointRoot ?? [])].map((root) => resolve(root)),
      ...(tokenFile === undefined ? temporaryFolders() : []),
    ],
    settings: parseServerSettings(limits),
  };
}

/** Where the examples of the documentation keep savepoints. Not for servers that others reach. */
function temporaryFolders(): readonly string[] {
  return process.platform === 'win32' ? [tmpdir()] : [tmpdir(), join('/', 'tmp')];
}
