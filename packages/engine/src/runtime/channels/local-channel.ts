// A channel within one slot: records are handed over as they are, by reference (CH4), through a bounded queue.
//   L1. Events stand between records: each knows how many records come before it and after the event before it.
//   L2. Over capacity only by the output of one input element: the writer's task stops as soon as the queue is full.
import { appError } from '../../errors.ts';
import type { StreamEvent } from '../stream-event.ts';
import { type ChannelLimits, DEFAULT_CHANNEL_LIMITS } from './channel-limits.ts';

/** What a queued record is counted as against yeoul.channel.max-overdraft-size: its size is not known without encoding it. */
const ASSUMED_RECORD_BYTES = 64;
/** Records that count as one buffer in statistics. */
export const RECORDS_PER_BUFFER = 64;

interface QueuedEvent {
  readonly event: StreamEvent;
  recordsBefore: number;
}

export class LocalChannel {
  /** A power of two; arrays are indexed modulo their length. */
  values: unknown[];
  keys: unknown[];
  /** Dictionary id of the key, as setCurrentKey takes it. */
  keyIds: Int32Array;
  timestamps: Float64Array;
  mask: number;
  writeIndex = 0;
  readIndex = 0;
  /** Records queued. */
  size = 0;
  /** Records ever pushed. */
  pushed = 0;
  readonly #capacity: number;
  readonly #maxRecords: number;
  readonly #events: QueuedEvent[] = [];
  /** Records behind the last queued event. */
  #afterLastEvent = 0;
  #isClosed = false;

  constructor(limits: Pick<ChannelLimits, 'localRecords' | 'maxOverdraftBytes'> = DEFAULT_CHANNEL_LIMITS) {
    this.#capacity = limits.localRecords;
    this.#maxRecords = limits.localRecords + Math.ceil(limits.maxOverdraftBytes / ASSUMED_RECORD_BYTES);
    const length = powerOfTwoAtLeast(limits.localRecords);
    this.values = new Array(length).fill(undefined);
    this.keys = new Array(length).fill(undefined);
    this.keyIds = new Int32Array(length);
    this.timestamps = new Float64Array(length);
    this.mask = length - 1;
  }

  get capacity(): number {
    return this.#capacity;
  }

  // ---- writing ---------------------------------------------------------------------------------------------------------

  /** @returns false when the queue is full now: the writer's task takes no further input */
  push(value: unknown, timestampMs: number, key: unknown, keyId: number): boolean {
    if (this.size > this.mask) this.#grow();
    const index = this.writeIndex;
    this.values[index] = value;
    if (key !== undefined) {
      this.keys[index] = key;
      this.keyIds[index] = keyId;
    }
    this.timestamps[index] = timestampMs;
    this.writeIndex = (index + 1) & this.mask;
    this.#afterLastEvent++;
    this.pushed++;
    return ++this.size < this.#capacity;
  }

  pushEvent(event: StreamEvent): void {
    this.#events.push({ event, recordsBefore: this.#events.length === 0 ? this.size : this.#afterLastEvent });
    this.#afterLastEvent = 0;
  }

  isAvailable(): boolean {
    return this.size < this.#capacity;
  }

  #grow(): void {
    if (this.#isClosed) {
      this.#clear();
      return;
    }
    if (this.size >= this.#maxRecords) {
      throw appError('OVERDRAFT_LIMIT', [
        this.size * ASSUMED_RECORD_BYTES,
        (this.#maxRecords - this.#capacity) * ASSUMED_RECORD_BYTES,
      ]);
    }
    this.#resize((this.mask + 1) * 2);
  }

  #resize(length: number): void {
    const values: unknown[] = new Array(length).fill(undefined);
    const keys: unknown[] = new Array(length).fill(undefined);
    const keyIds = new Int32Array(length);
    const timestamps = new Float64Array(length);
    for (let i = 0; i < this.size; i++) {
      const from = (this.readIndex + i) & this.mask;
      values[i] = this.values[from];
      keys[i] = this.keys[from];
      keyIds[i] = this.keyIds[from]!;
      timestamps[i] = this.timestamps[from]!;
    }
    this.values = values;
    this.keys = keys;
    this.keyIds = keyIds;
    this.timestamps = timestamps;
    this.mask = length - 1;
    this.readIndex = 0;
    this.writeIndex = this.size & this.mask;
  }

  // ---- reading ---------------------------------------------------------------------------------------------------------

  /** Records before the next event, or all that are queued. */
  readable(): number {
    return this.#events.length === 0 ? this.size : this.#events[0]!.recordsBefore;
  }

  /** After `count` records were taken from readIndex on; counts them off the next event. */
  taken(count: number): void {
    if (this.#events.length > 0) this.#events[0]!.recordsBefore -= count;
    if (this.size === 0 && this.mask + 1 > 2 * this.#capacity) this.#resize(powerOfTwoAtLeast(this.#capacity));
  }

  /** The next event when no record stands before it. */
  takeEvent(): StreamEvent | undefined {
    if (this.#events.length === 0 || this.#events[0]!.recordsBefore > 0) return undefined;
    return this.#events.shift()!.event;
  }

  hasData(): boolean {
    return this.size > 0 || this.#events.length > 0;
  }

  /** The reader is gone: content is dropped, and what still comes is dropped when the queue is full. */
  close(): void {
    this.#isClosed = true;
    this.#clear();
  }

  #clear(): void {
    this.size = 0;
    this.readIndex = 0;
    this.writeIndex = 0;
    this.#events.length = 0;
    this.values.fill(undefined);
    this.keys.fill(undefined);
  }
}

function powerOfTwoAtLeast(count: number): number {
  let power = 1;
  while (power < count) power *= 2;
  return power;
}
