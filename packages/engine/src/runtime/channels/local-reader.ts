// Reader of a channel within a slot: hands over the queued objects. Its loop is generated, so that the call of the consumer
// has one target.
import type { StreamEvent } from '../stream-event.ts';
import { type ChannelReader, type ReaderStatistics, ReadResult, type RecordConsumer } from './channel.ts';
import { type LocalChannel, RECORDS_PER_BUFFER } from './local-channel.ts';

export function createLocalReader(channel: LocalChannel, consumer: RecordConsumer): ChannelReader {
  return new LocalReader(channel, consumer);
}

/** Takes up to `count` records, at least one. @returns how many were taken before the end or `cell.stop` */
type TakeLoop = (count: number) => number;

class LocalReader implements ChannelReader {
  lastReadRecords = 0;
  readonly statistics: LocalReaderStatistics;
  readonly #channel: LocalChannel;
  readonly #consumer: RecordConsumer;
  readonly #take: TakeLoop;
  #event: StreamEvent | undefined;

  constructor(channel: LocalChannel, consumer: RecordConsumer) {
    this.#channel = channel;
    this.#consumer = consumer;
    this.#take = compileTake(channel, consumer);
    this.statistics = new LocalReaderStatistics(channel);
  }

  get event(): StreamEvent {
    return this.#event!;
  }

  read(maxRecords: number): ReadResult {
    const channel = this.#channel;
    let left = maxRecords;
    let result: ReadResult = ReadResult.Budget;
    while (left > 0) {
      const readable = channel.readable();
      if (readable === 0) {
        this.#event = channel.takeEvent();
        result = this.#event ? ReadResult.Event : ReadResult.Empty;
        break;
      }
      left -= this.#take(readable < left ? readable : left);
      if (this.#consumer.cell.stop) break;
    }
    this.lastReadRecords = maxRecords - left;
    this.statistics.records += maxRecords - left;
    return result;
  }

  hasData(): boolean {
    return this.#channel.hasData();
  }

  close(): void {
    this.#channel.close();
  }
}

class LocalReaderStatistics implements ReaderStatistics {
  readonly isLocal = true;
  records = 0;
  /** Records are not encoded: unknown. */
  readonly bytes = 0;
  readonly #channel: LocalChannel;

  constructor(channel: LocalChannel) {
    this.#channel = channel;
  }

  get buffers(): number {
    return Math.ceil(this.records / RECORDS_PER_BUFFER);
  }

  queuedBuffers(): number {
    return Math.ceil(this.#channel.size / RECORDS_PER_BUFFER);
  }

  totalBuffers(): number {
    return Math.ceil(this.#channel.capacity / RECORDS_PER_BUFFER);
  }
}

/** Arrays are looked up per record: the consumer's own output may make the queue grow. */
function compileTake(channel: LocalChannel, consumer: RecordConsumer): TakeLoop {
  const isKeyed = consumer.setCurrentKey !== undefined;
  const takeKey = isKeyed ? 'const key = channel.keys[index];\nchannel.keys[index] = undefined;' : '';
  const setKey = isKeyed ? 'setCurrentKey(key, channel.keyIds[index]);' : '';
  const factory = new Function(
    'channel',
    'cell',
    'processElement',
    'setCurrentKey',
    `"use strict";
return function take(count) {
  let n = 0;
  do {
    const index = channel.readIndex;
    const value = channel.values[index];
    ${takeKey}
    cell.timestampMs = channel.timestamps[index];
    channel.values[index] = undefined;
    channel.readIndex = (index + 1) & channel.mask;
    channel.size--;
    n++;
    ${setKey}
    processElement(value);
  } while (n < count && !cell.stop);
  channel.taken(n);
  return n;
};`,
  );
  return factory(channel, consumer.cell, consumer.processElement, consumer.setCurrentKey) as TakeLoop;
}
