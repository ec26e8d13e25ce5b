// Reader of a ring: a generated loop that decodes the records of a run and hands each to the consumer.
import type { StreamEvent } from '../stream-event.ts';
import {
  type ChannelReader,
  type ReaderStatistics,
  ReadResult,
  type RecordConsumer,
  type SlotSignal,
} from './channel.ts';
import { planKey, type ReadSource, readSource } from './channel-codec.ts';
import type { ChannelEdge } from './channel-factory.ts';
import { channelRuntime } from './channel-runtime.ts';
import { FrameResult, RingReader } from './ring-reader.ts';

export interface RemoteReaderOptions {
  readonly edge: ChannelEdge;
  readonly ring: SharedArrayBuffer;
  readonly writerSignal: SlotSignal;
  readonly consumer: RecordConsumer;
}

export function createRemoteReader(options: RemoteReaderOptions): ChannelReader {
  return new RemoteReader(options);
}

/** Reads up to `maxRecords`. @returns the frame result that ended it, or undefined: budget or stop */
type ReadLoop = (maxRecords: number) => FrameResult | undefined;

class RemoteReader implements ChannelReader {
  lastReadRecords = 0;
  readonly statistics: RingReaderStatistics;
  readonly #ring: RingReader;
  readonly #loop: ReadLoop;

  constructor(options: RemoteReaderOptions) {
    this.#ring = new RingReader(options.ring, options.writerSignal);
    this.#loop = compileLoop(options, this.#ring);
    this.statistics = new RingReaderStatistics(this.#ring);
  }

  get event(): StreamEvent {
    return this.#ring.event!;
  }

  read(maxRecords: number): ReadResult {
    const before = this.#ring.readRecords;
    const result = this.#loop(maxRecords);
    this.lastReadRecords = this.#ring.readRecords - before;
    if (result === undefined) return ReadResult.Budget;
    return result === FrameResult.Event ? ReadResult.Event : ReadResult.Empty;
  }

  hasData(): boolean {
    return this.#ring.hasData();
  }

  close(): void {
    this.#ring.close();
  }
}

class RingReaderStatistics implements ReaderStatistics {
  readonly isLocal = false;
  readonly #ring: RingReader;

  constructor(ring: RingReader) {
    this.#ring = ring;
  }

  get records(): number {
    return this.#ring.readRecords;
  }

  get bytes(): number {
    return this.#ring.readBytes;
  }

  get buffers(): number {
    return this.#ring.readSegments;
  }

  queuedBuffers(): number {
    return this.#ring.queuedSegments();
  }

  totalBuffers(): number {
    return this.#ring.totalSegments;
  }
}

function compileLoop({ edge, consumer }: RemoteReaderOptions, ring: RingReader): ReadLoop {
  const record = readSource(edge.type, planKey(edge.partitioner, edge.type));
  const hasKey = record.key !== undefined && consumer.setCurrentKey !== undefined;
  const factory = new Function(
    'input',
    'cell',
    'processElement',
    'setCurrentKey',
    'rt',
    `"use strict";
return function read(maxRecords) {
  let left = maxRecords, p = 0, view = input.view;
  while (left > 0) {
    if (input.runLeft === 0) {
      const frame = input.nextFrame();
      if (frame !== ${FrameResult.Run}) return frame;
    }
    let n = input.runLeft < left ? input.runLeft : left;
    left -= n;
    if (input.isTimed) {
      do {
        cell.timestampMs = input.view.getFloat64(input.pos, true);
        input.pos += 8;
        ${oneRecord(record, hasKey)}
      } while (--n > 0 && !cell.stop);
    } else {
      cell.timestampMs = NaN;
      do {
        ${oneRecord(record, hasKey)}
      } while (--n > 0 && !cell.stop);
    }
    if (input.runLeft === 0) input.releaseIfRead();
    if (cell.stop) return undefined;
  }
  return undefined;
};`,
  );
  return factory(ring, consumer.cell, consumer.processElement, consumer.setCurrentKey, channelRuntime) as ReadLoop;
}

/** Counters first: a consumer that throws leaves the reader behind its record. */
function oneRecord(record: ReadSource, hasKey: boolean): string {
  return `${record.statements}
input.runLeft--;
input.readRecords++;
${hasKey ? `setCurrentKey(${record.key}, ${record.keyId});` : ''}
processElement(${record.value});`;
}
