// Channels carry records and events of one edge from one subtask to one subtask, in order.
//   CH1. Bounded: a writer whose ring is full keeps at most the output of the input element in hand (overdraft), with a limit.
//   CH2. A writer never blocks; a reader never waits. Wake-ups go through SlotSignal.
//   CH3. Order is kept between records and events. `end` is the last thing a channel carries.
//   CH4. A remote reader gets its own copy of every record; a local one may get the same object.
import type { TimestampCell } from '../operators/stream-operator.ts';
import type { StreamEvent } from '../stream-event.ts';

/** Wakes a slot that may be sleeping; cheap when it is awake. */
export interface SlotSignal {
  wake(): void;
}

/** All channels of one outgoing edge of one subtask, behind its partitioner. */
export interface RecordWriter {
  /** Routes and writes one record with the cell's timestamp; sets `cell.stop` when a channel has no room left. One function per instance. */
  readonly emit: (value: unknown) => void;
  /** Goes to every channel, after everything emitted before. Barriers and end flush. */
  broadcastEvent(event: StreamEvent): void;
  /** False while any channel has no room: the task stops taking input. */
  isAvailable(): boolean;
  /** Publishes partly filled buffers, moves overdraft into freed room. Called at the end of a slice. */
  flush(): void;
  /** True when nothing is left on the writer's side: every record and event is where the reader finds it. */
  isDrained(): boolean;
  readonly statistics: WriterStatistics;
  close(): void;
}

export interface WriterStatistics {
  records: number;
  bytes: number;
  buffers: number;
  /** Buffers in use over all channels, and their number. */
  usedBuffers(): number;
  totalBuffers(): number;
}

export const ReadResult = {
  /** Nothing to read now. */
  Empty: 0,
  /** maxRecords were handed over; there may be more. */
  Budget: 1,
  /** An event stands in `event`; everything before it was handed over. */
  Event: 2,
} as const;
export type ReadResult = (typeof ReadResult)[keyof typeof ReadResult];

/** Reading side of one channel. The decode loop is generated per edge and calls the consumer bound at creation. */
export interface ChannelReader {
  /** Hands over records until an event, nothing left, maxRecords, or `cell.stop` (looked at after each record; then Budget). */
  read(maxRecords: number): ReadResult;
  /** The event, after ReadResult.Event. */
  readonly event: StreamEvent;
  /** Records handed over by the last read(). */
  readonly lastReadRecords: number;
  /** True when read() would hand something over. */
  hasData(): boolean;
  readonly statistics: ReaderStatistics;
  close(): void;
}

export interface ReaderStatistics {
  records: number;
  bytes: number;
  buffers: number;
  /** Buffers waiting in the channel. */
  queuedBuffers(): number;
  totalBuffers(): number;
  readonly isLocal: boolean;
}

/** What a reader does with a record: set by the task before the first read. */
export interface RecordConsumer {
  /** Called with each record after `cell.timestampMs` (and, for keyed inputs, the key) was set. */
  readonly processElement: (value: unknown) => void;
  /**
   * Keyed inputs: called with the record's key before processElement. Undefined otherwise. One function per channel.
   * @param keyId small number by which the channel knows a string key; -2 - id when the id stands for this key from now on;
   *   -1: none
   */
  readonly setCurrentKey: ((key: unknown, keyId: number) => void) | undefined;
  readonly cell: TimestampCell;
}
