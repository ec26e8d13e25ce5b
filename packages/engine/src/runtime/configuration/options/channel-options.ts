// Channels between tasks: how much is under way.

import {
  DEFAULT_TOTAL_RING_BYTES,
  DEFAULT_CHANNEL_LIMITS as limits,
  MIN_SEGMENT_BYTES,
} from '../../channels/channel-limits.ts';
import { integerOption, memoryOption } from '../config-option.ts';

export const channelOptions = {
  segmentBytes: memoryOption({
    key: 'taskmanager.memory.segment-size',
    default: limits.segmentBytes,
    minimum: MIN_SEGMENT_BYTES,
    maximum: 2 ** 24,
    description: 'Unit of hand-over between slots.',
  }),
  segments: integerOption({
    key: 'yeoul.channel.segments',
    default: limits.segments,
    minimum: 2,
    maximum: 1024,
    description: 'Segments of a channel between two slots; a full one is back-pressure.',
  }),
  totalRingBytes: memoryOption({
    key: 'yeoul.channel.max-total-size',
    default: DEFAULT_TOTAL_RING_BYTES,
    minimum: 2 ** 20,
    description:
      'All channels between slots of one job; they become smaller, down to 4 segments of 4 kb, to stay below it.',
  }),
  localRecords: integerOption({
    key: 'yeoul.channel.local-records',
    default: limits.localRecords,
    minimum: 1,
    maximum: 2 ** 24,
    description: 'Records in a channel within a slot; a full one is back-pressure.',
  }),
  maxRecordBytes: memoryOption({
    key: 'yeoul.channel.max-record-size',
    default: limits.maxRecordBytes,
    minimum: 1024,
    maximum: 2 ** 30,
    description: 'The largest record between slots; then `RECORD_TOO_LARGE`.',
  }),
  maxOverdraftBytes: memoryOption({
    key: 'yeoul.channel.max-overdraft-size',
    default: limits.maxOverdraftBytes,
    minimum: 1024,
    description: 'Output of one input record beyond what finds room; then `OVERDRAFT_LIMIT`.',
  }),
} as const;
