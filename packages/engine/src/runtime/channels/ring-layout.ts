// The shared memory of one channel between two slots: one writer, one reader.
//   R1. `head` counts published segments and only the writer stores it; `tail` counts released ones and only the reader does.
//       Both wrap at 2^32; 0 ≤ head - tail ≤ segments.
//   R2. The writer touches a segment only while it is not published; the reader only between publication and release.
//   R3. A writer that finds the ring full raises `writerWaiting` and looks again; the reader, when it releases a segment and at
//       most half of the ring is queued, lowers it and wakes the writer. What a reader drains passes the half, so none is missed.
// Layout: control cells, each hot one on a cache line of its own, then the length of each segment's content, then the segments.
import { assert } from '../../errors.ts';
import { MIN_SEGMENT_BYTES } from './channel-limits.ts';

const CACHE_LINE_BYTES = 64;
const CELLS_PER_LINE = CACHE_LINE_BYTES / 4;

/** Indices of Int32 cells. */
export const RingCell = {
  Head: 0,
  Tail: CELLS_PER_LINE,
  WriterWaiting: 2 * CELLS_PER_LINE,
  Segments: 3 * CELLS_PER_LINE,
  SegmentBytes: 3 * CELLS_PER_LINE + 1,
  Lengths: 4 * CELLS_PER_LINE,
} as const;

/** Views over a ring; writer and reader make one each. */
export interface RingMemory {
  readonly cells: Int32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly segments: number;
  readonly segmentBytes: number;
  /** Position of segment 0 in `bytes`. */
  readonly firstSegment: number;
}

export function createRing(size: { readonly segments: number; readonly segmentBytes: number }): SharedArrayBuffer {
  const { segments, segmentBytes } = size;
  assert(Number.isInteger(segments) && segments >= 1, 'a ring has at least one segment');
  assert(Number.isInteger(segmentBytes) && segmentBytes >= MIN_SEGMENT_BYTES, 'a segment has at least 64 bytes');
  const ring = new SharedArrayBuffer(headerBytes(segments) + segments * segmentBytes);
  const cells = new Int32Array(ring, 0, RingCell.Lengths);
  cells[RingCell.Segments] = segments;
  cells[RingCell.SegmentBytes] = segmentBytes;
  return ring;
}

export function openRing(ring: SharedArrayBuffer): RingMemory {
  const head = new Int32Array(ring, 0, RingCell.Lengths);
  const segments = head[RingCell.Segments]!;
  return {
    cells: new Int32Array(ring, 0, RingCell.Lengths + segments),
    bytes: new Uint8Array(ring),
    view: new DataView(ring),
    segments,
    segmentBytes: head[RingCell.SegmentBytes]!,
    firstSegment: headerBytes(segments),
  };
}

function headerBytes(segments: number): number {
  return Math.ceil(((RingCell.Lengths + segments) * 4) / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
}
