// What `yeoul start` is to do, from its settings and flags.
import type { Configuration } from '@yeoul/engine/runtime';
import type { RestSettings } from '../rest-options.ts';
import { UsageError } from '../usage-error.ts';
import { type ConfigFlags, flaggedSettings } from './config-flags.ts';
import { parsePortRange } from './port-range.ts';
import type { restSettings } from './rest-settings.ts';

/** Flags that are short for settings. */
export interface StartSettingFlags extends ConfigFlags {
  readonly host?: string;
  readonly port?: number;
  /** False by --no-rest. */
  readonly rest?: boolean;
  readonly dataDir?: string;
  readonly slots?: number;
  readonly stateBackend?: string;
  readonly logLevel?: string;
}

export interface StartSettings extends RestSettings {
  readonly configuration: Configuration;
  /** Undefined: the REST API is not served. */
  readonly port: number | undefined;
  /** What is tried, in this order. */
  readonly bindPorts: readonly number[];
  /** Undefined: as many as cores. */
  readonly slots: number | undefined;
}

const DEFAULT_DATA_DIR = '.yeoul';

/** @throws UsageError */
export async function readStartSettings(flags: StartSettingFlags): Promise<StartSettings> {
  if (flags.rest === false && flags.port !== undefined) throw new UsageError('Give --port or --no-rest, not both.');
  const { engineOptions, restSettings, serverLimitOptions } = await import('./index.ts');
  const { dataDir = DEFAULT_DATA_DIR, ...settings } = await readRunSettings(flags);
  const { configuration } = settings;
  const limits = Object.values(serverLimitOptions).flatMap((option) => {
    const value = configuration.find(option);
    return value === undefined ? [] : [[option.key, String(value)] as const];
  });
  const { checkpointsDirectory, savepointsDirectory } = engineOptions.state;
  return {
    ...settings,
    port: flags.rest === false ? undefined : configuration.get(restSettings.port),
    bindPorts: toBindPorts(flags.port, configuration, restSettings),
    host: configuration.get(restSettings.bindAddress),
    dataDir,
    limits,
    savepointRoots: [savepointsDirectory, checkpointsDirectory].flatMap((option) => configuration.find(option) ?? []),
  };
}

/** As in Flink, rest.bind-port wins over rest.port; the flag wins over both. */
function toBindPorts(
  flagged: number | undefined,
  configuration: Configuration,
  { port, bindPort }: typeof restSettings,
): readonly number[] {
  const range = flagged === undefined ? configuration.get(bindPort) : undefined;
  return range === undefined ? [configuration.get(port)] : parsePortRange(bindPort.key, range);
}

export interface RunSettings {
  readonly configuration: Configuration;
  readonly dataDir: string | undefined;
  readonly slots: number | undefined;
}

/** What engines of both kinds go by. @throws UsageError */
export async function readRunSettings(flags: StartSettingFlags): Promise<RunSettings> {
  const { engineOptions, readConfiguration } = await import('./index.ts');
  const configuration = await readConfiguration(
    flags,
    flaggedSettings({
      'rest.port': flags.port,
      'rest.bind-address': flags.host,
      'yeoul.data-dir': flags.dataDir,
      'taskmanager.numberOfTaskSlots': flags.slots,
      'state.backend.type': flags.stateBackend,
      'yeoul.log.level': flags.logLevel,
    }),
  );
  return {
    configuration,
    dataDir: configuration.get(engineOptions.dataDirectory),
    slots: configuration.find(engineOptions.slots),
  };
}
