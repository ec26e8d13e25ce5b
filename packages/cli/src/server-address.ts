// Which server a command talks to: -m as Flink's own command has it, or the environment, or where `yeoul start` is.
import { type Command, Option } from 'commander';
import { parseDuration } from './parse-options.ts';
import type { Environment } from './print/colours.ts';
import { UsageError } from './usage-error.ts';

const DEFAULT_PORT = 8081;
const DEFAULT_ADDRESS = `127.0.0.1:${DEFAULT_PORT}`;

export interface ServerFlags {
  readonly server?: string;
  /** Flink's name of --server. */
  readonly jobmanager?: string;
  readonly token?: string;
  readonly json?: boolean;
}

export function addServerOptions(command: Command): Command {
  return command
    .option('-m, --server <address>', `host:port or URL of the server (default: $YEOUL_SERVER, or ${DEFAULT_ADDRESS})`)
    .addOption(new Option('--jobmanager <address>', 'as --server').hideHelp())
    .option('--token <token>', 'token to show to the server (default: $YEOUL_TOKEN)');
}

export function addJsonOption(command: Command): Command {
  return command.option('--json', "print the server's answer as JSON");
}

export interface WaitFlags {
  /** Ms. */
  readonly timeout?: number;
}

export function addTimeoutOption(command: Command): Command {
  return command.option('--timeout <time>', 'wait no longer than this: 30s, 5m (default: 10m)', parseDuration);
}

/** @returns base URL without a slash at the end */
export function resolveAddress(flags: ServerFlags, environment: Environment): string {
  const named = flags.server ?? flags.jobmanager ?? (environment.YEOUL_SERVER || undefined) ?? DEFAULT_ADDRESS;
  const url = parseAddress(named.trim());
  if (url !== undefined && url.hostname !== '') return url.href.replace(/\/+$/, '');
  throw new UsageError(`"${named}" is no address of a server: write host:port, such as ${DEFAULT_ADDRESS}, or a URL`);
}

function parseAddress(text: string): URL | undefined {
  if (/^\d+$/.test(text)) return tryUrl(`http://127.0.0.1:${text}`);
  if (/^:\d+$/.test(text)) return tryUrl(`http://127.0.0.1${text}`);
  if (/^https?:\/\//i.test(text)) return tryUrl(text);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  const url = tryUrl(`http://${text}`);
  const hasPort = /^(\[[^\]]*\]|[^/:]*):\d+(\/|$)/.test(text);
  if (url !== undefined && !hasPort) url.port = String(DEFAULT_PORT);
  return url;
}

function tryUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
