// Makes the two halves of channels. One writer per outgoing edge of a subtask, one reader per channel into a subtask.
import type { JobEdge } from '../../graph/job-graph.ts';
import type { TimestampCell } from '../operators/stream-operator.ts';
import type { ChannelReader, RecordConsumer, RecordWriter, SlotSignal } from './channel.ts';
import type { ChannelLimits } from './channel-limits.ts';
import type { LocalChannel } from './local-channel.ts';
import { createLocalReader } from './local-reader.ts';
import { compileRecordWriter } from './record-writer.ts';
import { createRemoteReader } from './remote-reader.ts';

/** What channels need to know of an edge. */
export type ChannelEdge = Pick<JobEdge, 'partitioner' | 'type'>;

/** Where one channel of an edge goes. */
export type WriterTarget =
  | { readonly kind: 'local'; readonly channel: LocalChannel }
  /** @property readerSignal wakes the target's slot */
  | { readonly kind: 'remote'; readonly ring: SharedArrayBuffer; readonly readerSignal: SlotSignal };

export interface RecordWriterOptions {
  readonly edge: ChannelEdge;
  /** In the order of targetsOf (graph/edge-topology.ts). */
  readonly targets: readonly WriterTarget[];
  /** The writing task's cell. */
  readonly cell: TimestampCell;
  /** Of the target vertex: decides key groups. */
  readonly maxParallelism: number;
  /** In [0, 1): shuffle, and where rebalance starts. */
  readonly random: () => number;
  readonly limits?: Partial<ChannelLimits>;
  /** Nothing waits for more: a record is published when it is written. */
  readonly flushesEveryRecord?: boolean;
}

export function createRecordWriter(options: RecordWriterOptions): RecordWriter {
  return compileRecordWriter(options);
}

/** Where one channel comes from. */
export type ReaderSource =
  | { readonly kind: 'local'; readonly channel: LocalChannel }
  /** @property writerSignal wakes the source's slot */
  | { readonly kind: 'remote'; readonly ring: SharedArrayBuffer; readonly writerSignal: SlotSignal };

export interface ChannelReaderOptions {
  readonly edge: ChannelEdge;
  readonly source: ReaderSource;
  readonly consumer: RecordConsumer;
}

export function createChannelReader(options: ChannelReaderOptions): ChannelReader {
  const { edge, source, consumer } = options;
  if (source.kind === 'local') return createLocalReader(source.channel, consumer);
  return createRemoteReader({ edge, ring: source.ring, writerSignal: source.writerSignal, consumer });
}
