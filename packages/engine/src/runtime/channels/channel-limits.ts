// How large channels are. Every limit has a name, a default and an error that names it.

export interface ChannelLimits {
  /** Bytes of one ring segment: the unit of hand-over between slots. */
  readonly segmentBytes: number;
  /** Segments per ring. */
  readonly segments: number;
  /** yeoul.channel.max-record-size: largest serialized record; RECORD_TOO_LARGE above. */
  readonly maxRecordBytes: number;
  /** yeoul.channel.max-overdraft-size: output of one input element that found no room; OVERDRAFT_LIMIT above. */
  readonly maxOverdraftBytes: number;
  /** Records a channel within a slot holds before its writer stops. */
  readonly localRecords: number;
}

export const DEFAULT_CHANNEL_LIMITS: ChannelLimits = {
  // 16 × 32 KiB: the size hardly matters for throughput; smaller segments keep latency and memory down.
  segmentBytes: 32 * 1024,
  segments: 16,
  maxRecordBytes: 64 * 1024 * 1024,
  maxOverdraftBytes: 256 * 1024 * 1024,
  localRecords: 1_024,
};

/** Smallest segment: a run header, a chunk header and something to carry. */
export const MIN_SEGMENT_BYTES = 64;
/** All rings of one job together stay under this where MIN_ adapted sizes allow, bytes. */
export const DEFAULT_TOTAL_RING_BYTES = 64 * 1024 * 1024;
const MIN_ADAPTED_SEGMENTS = 4;
const MIN_ADAPTED_SEGMENT_BYTES = 4 * 1024;

/**
 * Ring size for a job with `channelCount` rings: the wanted size, with fewer and then smaller segments when the total would
 * pass `totalBytes`; never below 4 segments of 4 KiB.
 */
export function decideRingSize(
  channelCount: number,
  limits: Pick<ChannelLimits, 'segments' | 'segmentBytes'> = DEFAULT_CHANNEL_LIMITS,
  totalBytes: number = DEFAULT_TOTAL_RING_BYTES,
): { readonly segments: number; readonly segmentBytes: number } {
  let { segments, segmentBytes } = limits;
  const isTooLarge = () => channelCount * segments * segmentBytes > totalBytes;
  while (isTooLarge() && segments / 2 >= MIN_ADAPTED_SEGMENTS) segments = Math.floor(segments / 2);
  while (isTooLarge() && segmentBytes / 2 >= MIN_ADAPTED_SEGMENT_BYTES) segmentBytes = Math.floor(segmentBytes / 2);
  return { segments, segmentBytes };
}
