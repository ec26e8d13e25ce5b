// A configuration as the engine takes it: settings of the cluster, and defaults of jobs.
import type { ExecutionDefaults, RestartStrategyConfig } from '../../graph/job-graph.ts';
import type { ProgramDefaults } from '../messages.ts';
import type { ClusterSettings } from '../system/embedded-engine.ts';
import type { ConfigOption } from './config-option.ts';
import type { Configuration } from './configuration.ts';
import { channelOptions } from './options/channel-options.ts';
import { checkpointingOptions } from './options/checkpointing-options.ts';
import { clusterOptions } from './options/cluster-options.ts';
import { historyOptions } from './options/history-options.ts';
import { jobOptions } from './options/job-options.ts';
import { restartOptions } from './options/restart-options.ts';
import { stateOptions } from './options/state-options.ts';

const MIB = 2 ** 20;

/** Settings that were given; what was not is left to the cluster. */
export function toClusterSettings(configuration: Configuration): ClusterSettings {
  const given = <T>(option: ConfigOption<T>) => configuration.find(option);
  const maxHeapBytes = given(clusterOptions.maxHeapPerSlot);
  return withoutUndefined({
    checkpointsDirectory: given(stateOptions.checkpointsDirectory),
    savepointsDirectory: given(stateOptions.savepointsDirectory),
    retainedCheckpoints: given(stateOptions.retainedCheckpoints),
    allowOlderCheckpoint: given(stateOptions.allowOlderCheckpoint),
    inlineThresholdBytes: given(stateOptions.inlineThresholdBytes),
    diskCacheBytes: given(stateOptions.diskCacheBytes),
    maxHeapMiBPerSlot: maxHeapBytes === undefined ? undefined : Math.floor(maxHeapBytes / MIB),
    limits: toLimits(configuration),
    history: findAll(configuration, historyOptions),
    channels: findAll(configuration, channelOptions),
  });
}

/** What jobs get that do not say it themselves. */
export function toProgramDefaults(configuration: Configuration): ProgramDefaults {
  const { intervalMs, ...checkpointing } = findAll(configuration, checkpointingOptions);
  const { parallelism: _, ...execution } = findAll(configuration, jobOptions);
  const restartStrategy = toRestartStrategy(configuration);
  return {
    parallelism: configuration.get(jobOptions.parallelism),
    stateBackend: configuration.get(stateOptions.backend),
    checkpointIntervalMs: intervalMs,
    checkpointing,
    execution: withoutUndefined<ExecutionDefaults>({ ...execution, restartStrategy }),
  };
}

function toLimits(configuration: Configuration) {
  const ageSeconds = configuration.find(clusterOptions.maxArchiveAgeSeconds);
  const { slots: _, dataDirectory: __, maxHeapPerSlot: ___, maxArchiveAgeSeconds: ____, ...limits } = clusterOptions;
  const found = findAll(configuration, limits);
  if (ageSeconds === undefined || found.maxArchiveAgeMs !== undefined) return found;
  return { ...found, maxArchiveAgeMs: ageSeconds * 1000 };
}

/** Undefined: the rule of the engine. */
function toRestartStrategy(configuration: Configuration): RestartStrategyConfig | undefined {
  const kind = configuration.find(restartOptions.strategy);
  const get = <T>(option: ConfigOption<T>) => configuration.get(option);
  switch (kind) {
    case undefined:
      return undefined;
    case 'none':
      return { kind };
    case 'fixed-delay':
      return { kind, attempts: get(restartOptions.fixedDelayAttempts), delayMs: get(restartOptions.fixedDelayMs) };
    case 'exponential-delay':
      return {
        kind,
        initialBackoffMs: get(restartOptions.initialBackoffMs),
        maxBackoffMs: get(restartOptions.maxBackoffMs),
        backoffMultiplier: get(restartOptions.backoffMultiplier),
        resetBackoffThresholdMs: get(restartOptions.resetBackoffThresholdMs),
        jitterFactor: get(restartOptions.jitterFactor),
        attempts: get(restartOptions.exponentialAttempts),
      };
    case 'failure-rate':
      return {
        kind,
        maxFailuresPerInterval: get(restartOptions.maxFailuresPerInterval),
        failureRateIntervalMs: get(restartOptions.failureRateIntervalMs),
        delayMs: get(restartOptions.failureRateDelayMs),
      };
  }
}

type ValuesOf<O extends Readonly<Record<string, ConfigOption>>> = {
  -readonly [N in keyof O]?: O[N] extends ConfigOption<infer T> ? Exclude<T, undefined> : never;
};

/** The given ones of a group of options, by their names. */
function findAll<const O extends Readonly<Record<string, ConfigOption>>>(
  configuration: Configuration,
  options: O,
): ValuesOf<O> {
  const found = Object.entries(options).map(([name, option]) => [name, configuration.find(option)] as const);
  return withoutUndefined(Object.fromEntries(found)) as ValuesOf<O>;
}

function withoutUndefined<T extends object>(values: { readonly [N in keyof T]: T[N] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
