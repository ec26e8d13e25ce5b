// Events as frames: one kind byte, then the content. Frequent ones in binary, the others' plain data as JSON.
import { appError } from '../../errors.ts';
import type { ByteSource } from '../../serialization/byte-reader.ts';
import type { ByteSink } from '../../serialization/byte-writer.ts';
import { readString, writeString } from '../../serialization/string-codec.ts';
import type { CheckpointBarrier, LatencyMarker, StreamEvent } from '../stream-event.ts';
import { FrameKind } from './frame.ts';

export function writeEvent(out: ByteSink, event: StreamEvent): void {
  switch (event.type) {
    case 'watermark':
      writeKind(out, FrameKind.Watermark);
      writeDouble(out, event.timestampMs);
      return;
    case 'status':
      writeKind(out, FrameKind.Status);
      writeKind(out, event.idle ? 1 : 0);
      return;
    case 'latency':
      writeKind(out, FrameKind.Latency);
      writeString(out, JSON.stringify(event.marker));
      return;
    case 'barrier':
      writeKind(out, FrameKind.Barrier);
      writeString(out, JSON.stringify(event));
      return;
    case 'cancel-barrier':
      writeKind(out, FrameKind.CancelBarrier);
      writeDouble(out, event.checkpointId);
      return;
    case 'end':
      writeKind(out, FrameKind.End);
      writeString(out, event.reason);
      return;
  }
}

/** @param kind the frame's first byte, already taken */
export function readEvent(input: ByteSource, kind: number): StreamEvent {
  switch (kind) {
    case FrameKind.Watermark:
      return { type: 'watermark', timestampMs: readDouble(input) };
    case FrameKind.Status:
      return { type: 'status', idle: input.bytes[input.pos++] === 1 };
    case FrameKind.Latency:
      return { type: 'latency', marker: JSON.parse(readString(input)) as LatencyMarker };
    case FrameKind.Barrier:
      return JSON.parse(readString(input)) as CheckpointBarrier;
    case FrameKind.CancelBarrier:
      return { type: 'cancel-barrier', checkpointId: readDouble(input) };
    case FrameKind.End:
      return { type: 'end', reason: readString(input) as 'end-of-input' | 'suspend' };
    default:
      throw appError('SERIALIZED_DATA_INVALID', [`a channel carries a frame of unknown kind ${kind}`]);
  }
}

/** Events that nothing may wait behind: they are published at once. */
export function isUrgent(event: StreamEvent): boolean {
  return event.type === 'barrier' || event.type === 'cancel-barrier' || event.type === 'end';
}

function writeKind(out: ByteSink, byte: number): void {
  out.reserve(1);
  out.bytes[out.pos++] = byte;
}

function writeDouble(out: ByteSink, value: number): void {
  out.reserve(8);
  out.view.setFloat64(out.pos, value, true);
  out.pos += 8;
}

function readDouble(input: ByteSource): number {
  input.pos += 8;
  return input.view.getFloat64(input.pos - 8, true);
}
