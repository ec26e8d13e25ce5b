// What a cluster is made of. Entry files choose; everything has a name, a unit and a default.
import { join } from 'node:path';
import { type DurableFiles, NodeDurableFiles } from '../../checkpoint/durable-files.ts';
import type { Clock } from '../../clock.ts';
import {
  type ChannelLimits,
  DEFAULT_CHANNEL_LIMITS,
  DEFAULT_TOTAL_RING_BYTES,
  decideRingSize,
} from '../channels/channel-limits.ts';
import { createRing } from '../channels/ring-layout.ts';
import type { DriverEvents, ProgramDefaults, ProgramDescriptor, SlotLauncher } from '../messages.ts';
import type { OutputEvent } from './cluster-events.ts';
import type { ProcessTable } from './cluster-lock.ts';
import { DEFAULT_HISTORY_LIMITS, type HistoryLimits } from './history-limits.ts';
import type { RandomSource } from './ids.ts';
import type { JobMasterLimits } from './job-master.ts';

/** Evaluates programs; production: a worker thread per program. */
export interface ProgramDriver {
  /** Resolves when the program's main returned; rejects when it threw. The signal ends it. */
  run(program: ProgramDescriptor, events: DriverEvents, signal: AbortSignal): Promise<void>;
}

export interface ClusterLogger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface ClusterLimits extends JobMasterLimits {
  /** jobstore.max-capacity */
  readonly maxArchivedJobs: number;
  readonly maxArchiveAgeMs: number;
  /** jobstore.cache-size: archives in memory, by their size on disk. */
  readonly archiveCacheBytes: number;
  /** metrics.fetcher.update-interval: how old the numbers of pages may be; 0: metrics of jobs are not shown. */
  readonly metricsUpdateIntervalMs: number;
  /** yeoul.operations.max-records */
  readonly maxOperations: number;
  readonly maxOperationAgeMs: number;
  /** yeoul.operations.max-in-progress */
  readonly maxOperationsInProgress: number;
}

export interface LocalClusterOptions {
  readonly dataDirectory: string;
  /** Slots of the whole cluster: jobs together use no more threads. */
  readonly slots: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly slotLauncher: SlotLauncher;
  /** Undefined: only submitGraph works. */
  readonly driver?: ProgramDriver | undefined;
  readonly defaults: ProgramDefaults;
  readonly processes: ProcessTable;
  readonly engineVersion: string;
  readonly logger?: ClusterLogger;
  readonly files?: DurableFiles;
  /** Default: <data directory>/checkpoints. */
  readonly checkpointsDirectory?: string;
  /** Where savepoints go that name no directory; undefined: they must. */
  readonly savepointsDirectory?: string | undefined;
  /** Completed checkpoints kept per job. @see Apache Flink, state.checkpoints.num-retained */
  readonly retainedCheckpoints?: number;
  /** A job whose newest checkpoint is gone may go on from an older one, with a warning; default: it is kept, suspended. */
  readonly allowOlderCheckpoint?: boolean;
  readonly maxHeapMiBPerSlot?: number | undefined;
  /** State files at most this large stand in _metadata. @see Apache Flink, state.storage.fs.memory-threshold */
  readonly inlineThresholdBytes?: number;
  readonly createRing?: (channelCount: number) => SharedArrayBuffer;
  readonly limits?: Partial<ClusterLimits>;
  readonly history?: Partial<HistoryLimits>;
  readonly channels?: Partial<ClusterChannelLimits>;
  /** Of the disk backend, per operator and subtask. Default: the backend's. */
  readonly diskCacheBytes?: number | undefined;
  /** Hears what jobs print from the first line on: those that are resumed print while the cluster opens. */
  readonly onOutput?: ((event: OutputEvent) => void) | undefined;
}

export interface ClusterChannelLimits extends ChannelLimits {
  /** Of all rings of one job together. */
  readonly totalRingBytes: number;
}

export interface ResolvedClusterOptions
  extends Required<
    Omit<LocalClusterOptions, 'driver' | 'savepointsDirectory' | 'maxHeapMiBPerSlot' | 'diskCacheBytes' | 'onOutput'>
  > {
  readonly driver: ProgramDriver | undefined;
  readonly savepointsDirectory: string | undefined;
  readonly maxHeapMiBPerSlot: number | undefined;
  readonly onOutput: ((event: OutputEvent) => void) | undefined;
  readonly limits: ClusterLimits;
  readonly history: HistoryLimits;
  readonly channels: ClusterChannelLimits;
  readonly diskCacheBytes: number | undefined;
}

const DAY_MS = 24 * 3600 * 1000;

export const DEFAULT_CLUSTER_LIMITS: ClusterLimits = {
  slotRequestTimeoutMs: 300_000,
  // A worker starts in 50 to 150 ms on a quiet machine and was seen to take 2.5 s on a loaded one.
  slotStartTimeoutMs: 30_000,
  cancelTimeoutMs: 30_000,
  heartbeatTimeoutMs: 5_000,
  // A line of each is in memory and in the list of jobs: about 1 KiB and 0.4 KiB.
  maxArchivedJobs: 5000,
  maxArchiveAgeMs: 7 * DAY_MS,
  // They take about as much in memory: Flink's 50 MiB would be half of all that an idle process needs.
  archiveCacheBytes: 8 * 2 ** 20,
  metricsUpdateIntervalMs: 10_000,
  maxOperations: 1000,
  maxOperationAgeMs: 7 * DAY_MS,
  maxOperationsInProgress: 100,
};

/** @see Apache Flink, state.storage.fs.memory-threshold */
export const DEFAULT_INLINE_THRESHOLD_BYTES = 20 * 1024;

const silentLogger: ClusterLogger = { info: () => {}, warn: () => {} };

export function resolveClusterOptions(options: LocalClusterOptions): ResolvedClusterOptions {
  const channels = { ...DEFAULT_CHANNEL_LIMITS, totalRingBytes: DEFAULT_TOTAL_RING_BYTES, ...options.channels };
  return {
    ...options,
    channels,
    history: { ...DEFAULT_HISTORY_LIMITS, ...options.history },
    diskCacheBytes: options.diskCacheBytes,
    onOutput: options.onOutput,
    driver: options.driver,
    savepointsDirectory: options.savepointsDirectory,
    maxHeapMiBPerSlot: options.maxHeapMiBPerSlot,
    logger: options.logger ?? silentLogger,
    files: options.files ?? new NodeDurableFiles(),
    checkpointsDirectory: options.checkpointsDirectory ?? join(options.dataDirectory, 'checkpoints'),
    retainedCheckpoints: options.retainedCheckpoints ?? 1,
    allowOlderCheckpoint: options.allowOlderCheckpoint ?? false,
    inlineThresholdBytes: options.inlineThresholdBytes ?? DEFAULT_INLINE_THRESHOLD_BYTES,
    createRing:
      options.createRing ??
      ((channelCount) => createRing(decideRingSize(channelCount, channels, channels.totalRingBytes))),
    limits: { ...DEFAULT_CLUSTER_LIMITS, ...options.limits },
  };
}
