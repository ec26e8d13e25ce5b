// Writing half of one ring: fills segments in place, publishes them, and keeps what finds no room on the heap (overdraft).
//   W1. Content is published in the order it was written: while overdraft exists, everything goes behind it.
//   W2. A record is never half published: what does not fit the open segment is moved out (spilled) and written again whole.
//   W3. `committed` is the end of the last whole record or event in the open segment; nothing after it is ever published.
import { appError } from '../../errors.ts';
import { ByteWriter } from '../../serialization/byte-writer.ts';
import type { TimestampCell } from '../operators/stream-operator.ts';
import type { StreamEvent } from '../stream-event.ts';
import type { SlotSignal } from './channel.ts';
import type { ChannelLimits } from './channel-limits.ts';
import { isUrgent, writeEvent } from './event-codec.ts';
import { CHUNK_HEADER_BYTES, FrameKind, NO_RUN, RUN_HEADER_BYTES, type RunKind } from './frame.ts';
import { openRing, RingCell, type RingMemory } from './ring-layout.ts';
import { type DictionarySink, toldBitOf } from './string-dictionary.ts';

interface HeapSegment {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Bytes of content. */
  length: number;
}

const EMPTY_BYTES = new Uint8Array(0);
const EMPTY_VIEW = new DataView(new ArrayBuffer(0));
/** Heap segments kept for the next overdraft. */
const MAX_SPARE_SEGMENTS = 4;
const MIN_SPILL_BYTES = 256;

export interface RingWriterOptions {
  readonly ring: SharedArrayBuffer;
  /** Wakes the reader's slot. */
  readonly readerSignal: SlotSignal;
  readonly cell: TimestampCell;
  /** Among the channels of the writer: what dictionaries know it by. */
  readonly channelIndex: number;
  readonly limits: Pick<ChannelLimits, 'maxRecordBytes' | 'maxOverdraftBytes'>;
}

export class RingWriter implements DictionarySink {
  readonly toldBit: number;
  readonly toldIndex: number;
  bytes: Uint8Array = EMPTY_BYTES;
  view: DataView = EMPTY_VIEW;
  pos = 0;
  limit = 0;
  /** Kind of the open run, or NO_RUN. Generated code compares it before each record. */
  runKind: number = NO_RUN;
  runCount = 0;
  committed = 0;
  /** True while the record in hand is written to the heap because it did not fit. */
  spilling = false;

  publishedBytes = 0;
  publishedSegments = 0;
  #closedRunRecords = 0;

  readonly #memory: RingMemory;
  readonly #readerSignal: SlotSignal;
  readonly #cell: TimestampCell;
  readonly #limits: RingWriterOptions['limits'];
  #head: number;
  #knownTail: number;
  #segmentIndex: number;
  /** Where the open segment starts in `bytes`; -1: none is open. */
  #segmentStart = -1;
  #heapSegment: HeapSegment | undefined;
  readonly #overdraft: HeapSegment[] = [];
  readonly #spare: HeapSegment[] = [];
  #runStart = 0;
  #spillKind: RunKind = FrameKind.Records;
  readonly #eventScratch = new ByteWriter();
  #isFull = false;
  #isClosed = false;

  constructor(options: RingWriterOptions) {
    this.#memory = openRing(options.ring);
    this.toldBit = toldBitOf(options.channelIndex);
    this.toldIndex = options.channelIndex;
    this.#readerSignal = options.readerSignal;
    this.#cell = options.cell;
    this.#limits = options.limits;
    this.#head = Atomics.load(this.#memory.cells, RingCell.Head);
    this.#knownTail = Atomics.load(this.#memory.cells, RingCell.Tail);
    this.#segmentIndex = (this.#head >>> 0) % this.#memory.segments;
  }

  /** Records written, whole. */
  get records(): number {
    return this.#closedRunRecords + this.runCount;
  }

  get totalSegments(): number {
    return this.#memory.segments;
  }

  /** Segments in use, overdraft included. */
  usedSegments(): number {
    this.#loadTail();
    return this.#published() + (this.#hasOpenContent() ? 1 : 0) + this.#overdraft.length;
  }

  // ---- records: called by generated code -------------------------------------------------------------------------------

  /** Opens a run of `kind` behind what is there. */
  startRun(kind: RunKind): void {
    this.#closeRun();
    if (this.#segmentStart < 0) this.#openSegment();
    else if (this.pos + RUN_HEADER_BYTES >= this.limit) this.#nextSegment();
    this.#runStart = this.pos;
    this.bytes[this.pos] = kind;
    this.pos += RUN_HEADER_BYTES;
    this.runKind = kind;
    this.runCount = 0;
  }

  /** The record in hand does not fit: moves what was written of it to the heap, where it goes on. */
  reserve(count: number): void {
    if (this.pos + count <= this.limit) return;
    if (this.spilling) this.#growSpill(count);
    else this.#startSpill(count);
  }

  /** After a record that spilled: writes it again, whole, into a new segment or in chunks. */
  finishSpill(): void {
    const record = this.bytes.subarray(0, this.pos);
    this.#leaveSpill();
    this.startRun(this.#spillKind);
    if (this.pos + record.length <= this.limit) this.#append(record, 1);
    else this.#writeChunks(record);
  }

  /** Copies a record encoded elsewhere, timestamp included (broadcast). */
  appendRecord(kind: RunKind, record: Uint8Array): void {
    if (this.runKind !== kind) this.startRun(kind);
    if (this.pos + record.length > this.limit) {
      this.#nextSegment();
      this.startRun(kind);
    }
    if (this.pos + record.length <= this.limit) this.#append(record, 1);
    else this.#writeChunks(record);
  }

  /** Forgets the record in hand: it could not be encoded. */
  abandonRecord(): void {
    if (this.spilling) this.#leaveSpill();
    else if (this.runKind !== NO_RUN) this.pos = this.#endOfRun();
  }

  /** Where the next record of the open run goes. */
  #endOfRun(): number {
    return this.runCount > 0 ? this.committed : this.#runStart + RUN_HEADER_BYTES;
  }

  #append(bytes: Uint8Array, records: number): void {
    this.bytes.set(bytes, this.pos);
    this.pos += bytes.length;
    this.committed = this.pos;
    this.runCount += records;
  }

  #closeRun(): void {
    if (this.runKind === NO_RUN) return;
    if (this.runCount > 0) {
      this.view.setUint32(this.#runStart + 1, this.runCount, true);
      this.#closedRunRecords += this.runCount;
    }
    this.pos = this.committed; // an empty run leaves nothing behind
    this.runCount = 0;
    this.runKind = NO_RUN;
  }

  // ---- spilling --------------------------------------------------------------------------------------------------------

  #startSpill(count: number): void {
    const part = this.bytes.slice(this.#endOfRun(), this.pos);
    this.#spillKind = this.runKind as RunKind;
    this.#finishSegment();
    this.spilling = true;
    this.#useSpillBuffer(new Uint8Array(this.#spillCapacity(part.length + count)));
    this.bytes.set(part);
    this.pos = part.length;
  }

  #growSpill(count: number): void {
    const grown = new Uint8Array(this.#spillCapacity(this.pos + count));
    grown.set(this.bytes.subarray(0, this.pos));
    this.#useSpillBuffer(grown);
  }

  #spillCapacity(needed: number): number {
    const { maxRecordBytes } = this.#limits;
    if (needed > maxRecordBytes) throw appError('RECORD_TOO_LARGE', [`at least ${needed}`, maxRecordBytes]);
    return Math.min(Math.max(needed, this.limit * 2, MIN_SPILL_BYTES), maxRecordBytes);
  }

  #useSpillBuffer(buffer: Uint8Array): void {
    this.bytes = buffer;
    this.view = new DataView(buffer.buffer);
    this.limit = buffer.length;
  }

  #leaveSpill(): void {
    this.spilling = false;
    this.#closeNothing();
  }

  /** A record larger than a segment: its run in pieces, each in a segment. */
  #writeChunks(record: Uint8Array): void {
    const kind = this.runKind as RunKind;
    this.#closeRun();
    const frame = new Uint8Array(record.length + RUN_HEADER_BYTES);
    frame[0] = kind;
    new DataView(frame.buffer).setUint32(1, 1, true);
    frame.set(record, RUN_HEADER_BYTES);
    this.#writeFrameInChunks(frame);
    this.#closedRunRecords++;
  }

  #writeFrameInChunks(frame: Uint8Array): void {
    for (let offset = 0; offset < frame.length; ) {
      if (this.#segmentStart < 0 || this.committed > this.#segmentStart) this.#nextSegment();
      const part = Math.min(frame.length - offset, this.limit - this.pos - CHUNK_HEADER_BYTES);
      this.bytes[this.pos] = FrameKind.Chunk;
      this.view.setUint32(this.pos + 1, frame.length, true);
      this.view.setUint32(this.pos + 5, part, true);
      this.pos += CHUNK_HEADER_BYTES;
      this.#append(frame.subarray(offset, offset + part), 0);
      offset += part;
    }
  }

  // ---- events ----------------------------------------------------------------------------------------------------------

  writeEvent(event: StreamEvent): void {
    const scratch = this.#eventScratch;
    scratch.reset();
    writeEvent(scratch, event);
    this.#closeRun();
    const frame = scratch.written();
    if (this.#segmentStart < 0) this.#openSegment();
    if (this.pos + frame.length > this.limit) this.#nextSegment();
    if (this.pos + frame.length <= this.limit) this.#append(frame, 0);
    else this.#writeFrameInChunks(frame);
    if (isUrgent(event)) this.flush();
  }

  // ---- segments --------------------------------------------------------------------------------------------------------

  #closeNothing(): void {
    this.bytes = EMPTY_BYTES;
    this.view = EMPTY_VIEW;
    this.pos = 0;
    this.limit = 0;
    this.committed = 0;
    this.runKind = NO_RUN;
    this.runCount = 0;
    this.#segmentStart = -1;
    this.#heapSegment = undefined;
  }

  #nextSegment(): void {
    this.#finishSegment();
    this.#openSegment();
  }

  /** Opens a ring segment, or one on the heap when the ring is full or overdraft waits before it (W1). */
  #openSegment(): void {
    if (this.#overdraft.length === 0 && this.#hasFreeSegment()) this.#openRingSegment();
    else this.#openHeapSegment();
    this.committed = this.pos;
    this.#noteRoom();
  }

  #openRingSegment(): void {
    const { bytes, view, firstSegment, segmentBytes } = this.#memory;
    this.#segmentStart = firstSegment + this.#segmentIndex * segmentBytes;
    this.bytes = bytes;
    this.view = view;
    this.pos = this.#segmentStart;
    this.limit = this.#segmentStart + segmentBytes;
  }

  #openHeapSegment(): void {
    const { segmentBytes } = this.#memory;
    const overdraftBytes = (this.#overdraft.length + 1) * segmentBytes;
    if (overdraftBytes > this.#limits.maxOverdraftBytes) {
      throw appError('OVERDRAFT_LIMIT', [overdraftBytes, this.#limits.maxOverdraftBytes]);
    }
    const segment = this.#spare.pop() ?? createHeapSegment(segmentBytes);
    this.#heapSegment = segment;
    this.#segmentStart = 0;
    this.bytes = segment.bytes;
    this.view = segment.view;
    this.pos = 0;
    this.limit = segmentBytes;
  }

  /** Publishes the open segment, or puts it behind the overdraft. An empty one is just closed. */
  #finishSegment(): void {
    if (this.#segmentStart < 0) return;
    this.#closeRun();
    const length = this.committed - this.#segmentStart;
    const heapSegment = this.#heapSegment;
    if (heapSegment) {
      heapSegment.length = length;
      if (length > 0) this.#overdraft.push(heapSegment);
      else this.#spare.push(heapSegment);
    } else if (length > 0) this.#publish(length);
    this.#closeNothing();
  }

  #publish(length: number): void {
    const { cells, segments } = this.#memory;
    cells[RingCell.Lengths + this.#segmentIndex] = length;
    this.#segmentIndex = this.#segmentIndex + 1 === segments ? 0 : this.#segmentIndex + 1;
    this.#head = (this.#head + 1) | 0;
    Atomics.store(cells, RingCell.Head, this.#head); // R1: after the content
    this.#readerSignal.wake();
    this.publishedBytes += length;
    this.publishedSegments++;
  }

  #published(): number {
    return (this.#head - this.#knownTail) | 0;
  }

  #loadTail(): void {
    this.#knownTail = Atomics.load(this.#memory.cells, RingCell.Tail);
  }

  #hasFreeSegment(): boolean {
    if (this.#published() < this.#memory.segments) return true;
    this.#loadTail();
    return this.#published() < this.#memory.segments;
  }

  // ---- room ------------------------------------------------------------------------------------------------------------

  /** True when another segment could be opened in the ring right now, besides the open one. */
  #hasRoom(): boolean {
    if (this.#overdraft.length > 0 || this.#heapSegment) return false;
    const open = this.#segmentStart >= 0 ? 1 : 0;
    if (this.#published() + open < this.#memory.segments) return true;
    this.#loadTail();
    return this.#published() + open < this.#memory.segments;
  }

  #noteRoom(): void {
    this.#isFull = !this.#hasRoom();
    if (this.#isFull) this.#cell.stop = true;
  }

  /** False while overdraft exists or no free segment is left; then the reader wakes this slot when it releases one. */
  isAvailable(): boolean {
    if (!this.#isFull) return true;
    if (this.#hasRoom()) {
      this.#isFull = false;
      return true;
    }
    Atomics.store(this.#memory.cells, RingCell.WriterWaiting, 1);
    this.#isFull = !this.#hasRoom(); // R3: released in the meantime?
    return !this.#isFull;
  }

  /** Publishes the open segment and moves overdraft into freed segments. */
  flush(): void {
    if (this.#isClosed) return;
    this.#moveOverdraft();
    if (this.#hasOpenContent() && (!this.#heapSegment || this.#canMoveOpenSegment())) this.#finishSegment();
    this.#moveOverdraft();
    this.#isFull = !this.#hasRoom();
  }

  #hasOpenContent(): boolean {
    return this.#segmentStart >= 0 && this.committed > this.#segmentStart;
  }

  #canMoveOpenSegment(): boolean {
    return this.#overdraft.length === 0 && this.#hasFreeSegment();
  }

  #moveOverdraft(): void {
    let moved = 0;
    while (moved < this.#overdraft.length && this.#waitOrFindSegment()) this.#moveIntoRing(this.#overdraft[moved++]!);
    if (moved > 0) this.#overdraft.splice(0, moved);
  }

  /** R3: false only when a later release will wake this slot. */
  #waitOrFindSegment(): boolean {
    if (this.#hasFreeSegment()) return true;
    Atomics.store(this.#memory.cells, RingCell.WriterWaiting, 1);
    return this.#hasFreeSegment();
  }

  #moveIntoRing(segment: HeapSegment): void {
    const { bytes, firstSegment, segmentBytes } = this.#memory;
    bytes.set(segment.bytes.subarray(0, segment.length), firstSegment + this.#segmentIndex * segmentBytes);
    this.#publish(segment.length);
    if (this.#spare.length < MAX_SPARE_SEGMENTS) this.#spare.push(segment);
  }

  /** True when everything written is where the reader finds it. */
  isDrained(): boolean {
    return this.#isClosed || (this.#overdraft.length === 0 && !this.#hasOpenContent());
  }

  /** Drops what is not published. */
  close(): void {
    this.#isClosed = true;
    this.#overdraft.length = 0;
    this.#spare.length = 0;
  }
}

function createHeapSegment(segmentBytes: number): HeapSegment {
  const bytes = new Uint8Array(segmentBytes);
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
}
