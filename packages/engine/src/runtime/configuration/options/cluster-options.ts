// The cluster: slots, data, what it waits for and how much it remembers.

import { DEFAULT_CLUSTER_LIMITS as limits } from '../../coordinator/local-cluster-options.ts';
import { durationOption, integerOption, memoryOption, textOption } from '../config-option.ts';

export const clusterOptions = {
  slots: integerOption({
    key: 'taskmanager.numberOfTaskSlots',
    defaultText: 'number of cores; 32 for `yeoul run`',
    minimum: 1,
    maximum: 1024,
    description: 'Slots of the engine. A thread is started for each that a job needs.',
  }),
  dataDirectory: textOption({
    key: 'yeoul.data-dir',
    defaultText: '`.yeoul` for `yeoul start`, a temporary directory for `yeoul run`',
    description: 'Where jobs, checkpoints, savepoints, uploaded jars and logs are kept; one engine at a time.',
  }),
  maxHeapPerSlot: memoryOption({
    key: 'yeoul.slot.max-heap-size',
    defaultText: "Node's own limit",
    minimum: 32 * 2 ** 20,
    description: 'Heap of a slot. A job that needs more loses the slot (`SLOT_EXITED`) and restarts by its strategy.',
  }),
  slotRequestTimeoutMs: durationOption({
    key: 'slot.request.timeout',
    default: limits.slotRequestTimeoutMs,
    description: 'How long a job waits for free slots; then `SLOTS_SHORT`.',
  }),
  slotStartTimeoutMs: durationOption({
    key: 'yeoul.slot.start-timeout',
    default: limits.slotStartTimeoutMs,
    minimum: 100,
    description: 'How long the thread of a slot may take to start; then `SLOT_START_TIMEOUT`.',
  }),
  heartbeatTimeoutMs: durationOption({
    key: 'yeoul.slot.heartbeat-timeout',
    default: limits.heartbeatTimeoutMs,
    minimum: 100,
    description:
      'How long a slot that is being cancelled may say nothing; then its thread is ended (`SLOT_UNRESPONSIVE`).',
  }),
  cancelTimeoutMs: durationOption({
    key: 'task.cancellation.timeout',
    default: limits.cancelTimeoutMs,
    minimum: 100,
    description: 'How long cancelling a task may take; then its thread is ended.',
  }),
  maxArchivedJobs: integerOption({
    key: 'jobstore.max-capacity',
    default: limits.maxArchivedJobs,
    minimum: 1,
    description: 'Ended jobs that are kept on disk with their pages; the oldest are forgotten.',
  }),
  archiveCacheBytes: memoryOption({
    key: 'jobstore.cache-size',
    default: limits.archiveCacheBytes,
    description: 'Pages of ended jobs in memory, by their size on disk; others are read when they are asked for.',
  }),
  maxArchiveAgeMs: durationOption({
    key: 'yeoul.jobstore.expiration-time',
    default: limits.maxArchiveAgeMs,
    description: 'How long an ended job is remembered. `jobstore.expiration-time`, in seconds, is taken as well.',
  }),
  maxArchiveAgeSeconds: integerOption({
    key: 'jobstore.expiration-time',
    defaultText: '`yeoul.jobstore.expiration-time`',
    description: 'The same in seconds, as Flink has it.',
  }),
  metricsUpdateIntervalMs: durationOption({
    key: 'metrics.fetcher.update-interval',
    default: limits.metricsUpdateIntervalMs,
    description:
      'How old the numbers of pages may be. Slots report once a second, or as often as this, and counts of a task count as complete from the first such interval on. 0: metrics of jobs are not shown.',
  }),
  maxOperations: integerOption({
    key: 'yeoul.operations.max-records',
    default: limits.maxOperations,
    minimum: 1,
    description: 'Savepoint and stop operations whose result is kept.',
  }),
  maxOperationAgeMs: durationOption({
    key: 'rest.async.store-duration',
    default: limits.maxOperationAgeMs,
    description: 'How long the result of an operation is kept; later it is `OPERATION_NOT_FOUND`.',
  }),
  maxOperationsInProgress: integerOption({
    key: 'yeoul.operations.max-in-progress',
    default: limits.maxOperationsInProgress,
    minimum: 1,
    description: 'Savepoint and stop operations at a time; then `OPERATION_LIMIT`.',
  }),
} as const;
