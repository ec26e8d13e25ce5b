// All settings of the engine, in the order of the documentation.
import type { ConfigOption } from './config-option.ts';
import { channelOptions } from './options/channel-options.ts';
import { checkpointingOptions } from './options/checkpointing-options.ts';
import { clusterOptions } from './options/cluster-options.ts';
import { historyOptions } from './options/history-options.ts';
import { jobOptions } from './options/job-options.ts';
import { restartOptions } from './options/restart-options.ts';
import { stateOptions } from './options/state-options.ts';

export interface OptionSection {
  readonly title: string;
  readonly options: Readonly<Record<string, ConfigOption>>;
}

/** By name, for entry files that need single ones. */
export const engineOptions = { ...clusterOptions, state: stateOptions, jobs: jobOptions } as const;

export const engineOptionSections: readonly OptionSection[] = [
  { title: 'Cluster', options: clusterOptions },
  { title: 'State', options: stateOptions },
  { title: 'Jobs', options: jobOptions },
  { title: 'Checkpoints', options: checkpointingOptions },
  { title: 'Restart strategies', options: restartOptions },
  { title: 'History', options: historyOptions },
  { title: 'Channels', options: channelOptions },
];
