// What stands in a segment: frames, one after the other, up to the segment's length. A run of records carries its count in
// front, so that the decode loop tests nothing per record.
//   Records | TimedRecords   [kind] [count uint32] records…        (TimedRecords: float64 epoch ms before each record)
//   Chunk                    [kind] [total uint32] [part uint32] bytes…   a piece of frames that are larger than a segment
//   anything else            an event; see event-codec

export const FrameKind = {
  Records: 1,
  TimedRecords: 2,
  Chunk: 3,
  Watermark: 4,
  Status: 5,
  Latency: 6,
  Barrier: 7,
  CancelBarrier: 8,
  End: 9,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export type RunKind = typeof FrameKind.Records | typeof FrameKind.TimedRecords;

/** No run is open. */
export const NO_RUN = 0;

export const RUN_HEADER_BYTES = 5;
export const CHUNK_HEADER_BYTES = 9;
