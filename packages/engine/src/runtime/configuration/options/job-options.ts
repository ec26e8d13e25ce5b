// Jobs that do not say it themselves: parallelism, watermarks, latency.
import { UPPER_BOUND_MAX_PARALLELISM } from '../../../graph/max-parallelism.ts';
import { booleanOption, durationOption, integerOption } from '../config-option.ts';

export const jobOptions = {
  parallelism: integerOption({
    key: 'parallelism.default',
    default: 1,
    minimum: 1,
    maximum: UPPER_BOUND_MAX_PARALLELISM,
    description: 'Parallelism of jobs that are submitted without one.',
  }),
  maxParallelism: integerOption({
    key: 'pipeline.max-parallelism',
    defaultText: "by Flink's rule: 1.5 × parallelism rounded up to a power of two, at least 128",
    minimum: 1,
    maximum: UPPER_BOUND_MAX_PARALLELISM,
    description: 'Number of key groups; fixed for the life of the state.',
  }),
  autoWatermarkIntervalMs: durationOption({
    key: 'pipeline.auto-watermark-interval',
    default: 200,
    description: 'How often periodic watermarks are asked for; 0: never.',
  }),
  latencyTrackingIntervalMs: durationOption({
    key: 'metrics.latency.interval',
    default: 0,
    description: 'How often sources send latency markers; 0: never.',
  }),
  bufferTimeoutMs: durationOption({
    key: 'execution.buffer-timeout.interval',
    aliases: ['execution.buffer-timeout'],
    default: 100,
    description:
      'Longest wait of a record in a partly filled batch to another slot; 0: every record at once. Where nobody sets it, batches end with the turn of the slot, after 4 ms at most.',
  }),
  objectReuse: booleanOption({
    key: 'pipeline.object-reuse',
    default: false,
    description: 'Shown with the job as in Flink; without effect: records within a slot are never copied.',
  }),
} as const;
