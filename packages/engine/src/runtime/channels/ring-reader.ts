// Reading half of one ring: steps from segment to segment and frame to frame. The generated loop decodes the records of a
// run in place and comes back for the next frame.
import { appError } from '../../errors.ts';
import type { StreamEvent } from '../stream-event.ts';
import type { SlotSignal } from './channel.ts';
import type { ChannelSource } from './channel-runtime.ts';
import { readEvent } from './event-codec.ts';
import { FrameKind } from './frame.ts';
import type { ShapeReader } from './learned-shape.ts';
import { openRing, RingCell, type RingMemory } from './ring-layout.ts';

/** What nextFrame() found. */
export const FrameResult = { Empty: 0, Run: 1, Event: 2 } as const;
export type FrameResult = (typeof FrameResult)[keyof typeof FrameResult];

export class RingReader implements ChannelSource {
  readonly strings: string[] = [];
  stringId = -1;
  readonly shapes: ShapeReader[] = [];
  bytes: Uint8Array;
  view: DataView;
  pos = 0;
  /** Records left in the open run. */
  runLeft = 0;
  /** The records of the open run carry timestamps. */
  isTimed = false;
  event: StreamEvent | undefined;
  readRecords = 0;
  readBytes = 0;
  readSegments = 0;

  readonly #memory: RingMemory;
  /** Wakes the writer's slot. */
  readonly #writerSignal: SlotSignal;
  #tail: number;
  #knownHead: number;
  #segmentIndex: number;
  /** End of what is being read in `bytes`. */
  #end = 0;
  #holdsSegment = false;
  /** Chunks collected so far, and the whole they make. */
  #assembly: Uint8Array | undefined;
  #assembled = 0;
  /** Set while frames are read from an assembly: where to go on in the ring. */
  #resume: { readonly pos: number; readonly end: number } | undefined;

  constructor(ring: SharedArrayBuffer, writerSignal: SlotSignal) {
    this.#memory = openRing(ring);
    this.#writerSignal = writerSignal;
    this.bytes = this.#memory.bytes;
    this.view = this.#memory.view;
    this.#tail = Atomics.load(this.#memory.cells, RingCell.Tail);
    this.#knownHead = this.#tail;
    this.#segmentIndex = (this.#tail >>> 0) % this.#memory.segments;
  }

  get totalSegments(): number {
    return this.#memory.segments;
  }

  queuedSegments(): number {
    return (Atomics.load(this.#memory.cells, RingCell.Head) - this.#tail) | 0;
  }

  hasData(): boolean {
    if (this.runLeft > 0 || this.pos < this.#end || this.#resume) return true;
    return (this.#holdsSegment ? 1 : 0) < this.queuedSegments();
  }

  /** Moves to the next run of records or the next event. Only with runLeft = 0. */
  nextFrame(): FrameResult {
    for (;;) {
      if (this.pos < this.#end) {
        const kind = this.bytes[this.pos++]!;
        if (kind === FrameKind.Records || kind === FrameKind.TimedRecords) return this.#openRun(kind);
        if (kind === FrameKind.Chunk) this.#takeChunk();
        else {
          this.event = readEvent(this, kind);
          this.releaseIfRead();
          return FrameResult.Event;
        }
      } else if (!this.#nextSource()) return FrameResult.Empty;
    }
  }

  #openRun(kind: number): FrameResult {
    this.isTimed = kind === FrameKind.TimedRecords;
    this.runLeft = this.view.getUint32(this.pos, true);
    this.pos += 4;
    return FrameResult.Run;
  }

  /** Back to the ring after an assembly, or on to the next segment. */
  #nextSource(): boolean {
    if (this.#resume) {
      this.#leaveAssembly(this.#resume);
      return true;
    }
    this.releaseIfRead();
    if (this.#tail === this.#knownHead) {
      this.#knownHead = Atomics.load(this.#memory.cells, RingCell.Head);
      if (this.#tail === this.#knownHead) return false;
    }
    this.#openSegment();
    return true;
  }

  #openSegment(): void {
    const { cells, firstSegment, segmentBytes } = this.#memory;
    const length = cells[RingCell.Lengths + this.#segmentIndex]!;
    this.pos = firstSegment + this.#segmentIndex * segmentBytes;
    this.#end = this.pos + length;
    this.#holdsSegment = true;
    this.readBytes += length;
    this.readSegments++;
  }

  /** Hands the segment back as soon as nothing of it is left to read. */
  releaseIfRead(): void {
    if (!this.#holdsSegment || this.runLeft > 0 || this.pos < this.#end || this.#resume) return;
    const { cells, segments } = this.#memory;
    this.#holdsSegment = false;
    this.#segmentIndex = this.#segmentIndex + 1 === segments ? 0 : this.#segmentIndex + 1;
    this.#tail = (this.#tail + 1) | 0;
    Atomics.store(cells, RingCell.Tail, this.#tail);
    if (Atomics.load(cells, RingCell.WriterWaiting) === 0 || this.#isMoreThanHalfFull()) return;
    Atomics.store(cells, RingCell.WriterWaiting, 0); // R3
    this.#writerSignal.wake();
  }

  /** A writer is woken for half a ring of room, not for each segment: fewer switches between threads (R3). */
  #isMoreThanHalfFull(): boolean {
    return ((this.#knownHead - this.#tail) | 0) > this.#memory.segments >> 1;
  }

  #takeChunk(): void {
    const total = this.view.getUint32(this.pos, true);
    const part = this.view.getUint32(this.pos + 4, true);
    const start = this.pos + 8;
    this.#assembly ??= new Uint8Array(total);
    if (this.#assembled + part > this.#assembly.length)
      throw appError('SERIALIZED_DATA_INVALID', ['chunks of a channel do not fit together']);
    this.#assembly.set(this.bytes.subarray(start, start + part), this.#assembled);
    this.#assembled += part;
    this.pos = start + part;
    if (this.#assembled === this.#assembly.length) this.#enterAssembly(this.#assembly);
  }

  #enterAssembly(frames: Uint8Array): void {
    this.#resume = { pos: this.pos, end: this.#end };
    this.bytes = frames;
    this.view = new DataView(frames.buffer);
    this.pos = 0;
    this.#end = frames.length;
    this.#assembly = undefined;
    this.#assembled = 0;
  }

  #leaveAssembly(resume: { readonly pos: number; readonly end: number }): void {
    this.bytes = this.#memory.bytes;
    this.view = this.#memory.view;
    this.pos = resume.pos;
    this.#end = resume.end;
    this.#resume = undefined;
  }

  /** Nothing is read any more; what the writer still publishes stays. */
  close(): void {
    this.runLeft = 0;
    this.#assembly = undefined;
  }
}
