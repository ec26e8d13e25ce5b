// Writer and readers of one edge in one thread.
import type { TypeInformation } from '../../../src/api/type-information.ts';
import type { Partitioner } from '../../../src/graph/transformation.ts';
import { type ChannelReader, ReadResult, type RecordWriter } from '../../../src/runtime/channels/channel.ts';
import { createChannelReader, createRecordWriter } from '../../../src/runtime/channels/channel-factory.ts';
import type { ChannelLimits } from '../../../src/runtime/channels/channel-limits.ts';
import { LocalChannel } from '../../../src/runtime/channels/local-channel.ts';
import { createRing } from '../../../src/runtime/channels/ring-layout.ts';
import type { StreamEvent } from '../../../src/runtime/stream-event.ts';

export interface Received {
  readonly value: unknown;
  readonly timestampMs: number;
  readonly key?: unknown;
}

export interface ReadingEnd {
  readonly reader: ChannelReader;
  readonly received: (Received | StreamEvent)[];
  readonly cell: { timestampMs: number; stop: boolean };
  readonly wakes: { writer: number; reader: number };
  readonly ring: SharedArrayBuffer | undefined;
}

export interface Fixture {
  readonly writer: RecordWriter;
  readonly cell: { timestampMs: number; stop: boolean };
  readonly ends: readonly ReadingEnd[];
  emit(value: unknown, timestampMs?: number): void;
  /** Reads everything that is there, flushing in between, until nothing is left. */
  drain(): void;
}

export interface FixtureOptions {
  readonly type?: TypeInformation | undefined;
  readonly partitioner?: Partitioner;
  /** One letter per target: r(ing) or l(ocal). */
  readonly targets?: string;
  readonly segments?: number;
  readonly segmentBytes?: number;
  readonly limits?: Partial<ChannelLimits>;
  readonly maxParallelism?: number;
  readonly random?: () => number;
  readonly flushesEveryRecord?: boolean;
}

export function createFixture(options: FixtureOptions = {}): Fixture {
  const edge = { partitioner: options.partitioner ?? { kind: 'forward' as const }, type: options.type };
  const keyed = edge.partitioner.kind === 'hash';
  const cell = { timestampMs: Number.NaN, stop: false };
  const size = { segments: options.segments ?? 4, segmentBytes: options.segmentBytes ?? 256 };
  const channels = [...(options.targets ?? 'r')].map((letter) =>
    letter === 'r'
      ? createRing(size)
      : new LocalChannel({
          localRecords: options.limits?.localRecords ?? 16,
          maxOverdraftBytes: options.limits?.maxOverdraftBytes ?? 1 << 20,
        }),
  );
  const ends = channels.map((channel) => createEnd(edge, channel, keyed));
  const writer = createRecordWriter({
    edge,
    targets: channels.map((channel, i) =>
      channel instanceof LocalChannel
        ? { kind: 'local', channel }
        : { kind: 'remote', ring: channel, readerSignal: { wake: () => ends[i]!.wakes.reader++ } },
    ),
    cell,
    maxParallelism: options.maxParallelism ?? 128,
    random: options.random ?? (() => 0),
    limits: options.limits ?? {},
    flushesEveryRecord: options.flushesEveryRecord === true,
  });
  return {
    writer,
    cell,
    ends,
    emit(value, timestampMs = Number.NaN) {
      cell.timestampMs = timestampMs;
      writer.emit(value);
    },
    drain() {
      for (let idle = 0; idle < 2; ) {
        writer.flush();
        const counts = ends.map((end) => readSome(end, 1_000));
        idle = counts.some((count) => count > 0) || !writer.isDrained() ? 0 : idle + 1;
      }
    },
  };
}

function createEnd(
  edge: { partitioner: Partitioner; type: TypeInformation | undefined },
  channel: SharedArrayBuffer | LocalChannel,
  keyed: boolean,
): ReadingEnd {
  const cell = { timestampMs: Number.NaN, stop: false };
  const received: (Received | StreamEvent)[] = [];
  const wakes = { writer: 0, reader: 0 };
  let currentKey: unknown;
  const reader = createChannelReader({
    edge,
    source:
      channel instanceof LocalChannel
        ? { kind: 'local', channel }
        : { kind: 'remote', ring: channel, writerSignal: { wake: () => wakes.writer++ } },
    consumer: {
      cell,
      setCurrentKey: keyed ? (key) => (currentKey = key) : undefined,
      processElement: (value) => {
        received.push(
          keyed ? { value, timestampMs: cell.timestampMs, key: currentKey } : { value, timestampMs: cell.timestampMs },
        );
      },
    },
  });
  return { reader, received, cell, wakes, ring: channel instanceof LocalChannel ? undefined : channel };
}

/** @returns records and events taken */
export function readSome(end: ReadingEnd, maxRecords: number): number {
  const result = end.reader.read(maxRecords);
  if (result === ReadResult.Event) end.received.push(end.reader.event);
  return end.reader.lastReadRecords + (result === ReadResult.Event ? 1 : 0);
}
