import { describe, expect, it } from 'vitest';
import type { ChannelReader } from '../../../src/runtime/channels/channel.ts';
import { ReadResult } from '../../../src/runtime/channels/channel.ts';
import type { OperatorInput, TimestampCell } from '../../../src/runtime/operators/stream-operator.ts';
import { BarrierAligner } from '../../../src/runtime/task/barrier-aligner.ts';
import { InputGate } from '../../../src/runtime/task/input-gate.ts';

const TURN_RECORDS = 512;
const RECORDS_PER_WATERMARK = 10;

/** Record number n carries the time n, and every tenth is followed by a watermark; `available` of them may be read. */
class CountingReader implements Partial<ChannelReader> {
  available: number;
  next = 0;
  lastReadRecords = 0;
  readonly #hasWatermarks: boolean;
  #watermarkMs = 0;

  constructor(available: number, hasWatermarks = true) {
    this.available = available;
    this.#hasWatermarks = hasWatermarks;
  }

  get event() {
    return { type: 'watermark' as const, timestampMs: this.#watermarkMs };
  }

  read(maxRecords: number): ReadResult {
    this.lastReadRecords = 0;
    while (this.available > 0 && this.lastReadRecords < maxRecords) {
      this.available--;
      this.lastReadRecords++;
      if (++this.next % RECORDS_PER_WATERMARK !== 0 || !this.#hasWatermarks) continue;
      this.#watermarkMs = this.next;
      return ReadResult.Event;
    }
    return this.available > 0 ? ReadResult.Budget : ReadResult.Empty;
  }

  hasData(): boolean {
    return this.available > 0;
  }
}

function gateOf(readers: readonly CountingReader[]) {
  const watermarks: number[] = [];
  const input: Partial<OperatorInput> = { processWatermark: (timestampMs) => void watermarks.push(timestampMs) };
  const aligner = new BarrierAligner(readers.length, { onAligned: () => {}, onAborted: () => {} }, () => 0);
  const cell: TimestampCell = { timestampMs: 0, stop: false };
  const channels = readers.map((reader) => ({ reader: reader as unknown as ChannelReader, input: 0 }));
  return {
    gate: new InputGate(channels, [input as OperatorInput], aligner, cell, { onInputEnd: () => {} }),
    watermarks,
  };
}

describe('InputGate', () => {
  it('does not let a channel with a backlog run away from one that is filled turn by turn', () => {
    const [full, slow] = [new CountingReader(Number.MAX_SAFE_INTEGER), new CountingReader(0)] as const;
    const { gate } = gateOf([full, slow]);
    let maxLead = 0;
    for (let turn = 0; turn < 1000; turn++) {
      slow.available += 200;
      gate.read(TURN_RECORDS);
      maxLead = Math.max(maxLead, full.next - slow.next);
    }
    expect(slow.next).toBe(200 * 1000);
    expect(maxLead).toBeLessThan(2 * TURN_RECORDS);
  });

  it('reads on when the channel behind gives nothing', () => {
    const [full, silent] = [new CountingReader(Number.MAX_SAFE_INTEGER), new CountingReader(10)] as const;
    const { gate, watermarks } = gateOf([full, silent]);
    for (let turn = 0; turn < 100; turn++) gate.read(TURN_RECORDS);
    // Half a budget goes into watermarks at worst; the first turn may be short.
    expect(full.next).toBeGreaterThan((100 - 2) * (TURN_RECORDS / 2));
    expect(watermarks).toEqual([10]);
  });

  it('gives channels without watermarks equal turns', () => {
    const readers = [1, 2, 3].map(() => new CountingReader(Number.MAX_SAFE_INTEGER, false));
    const { gate } = gateOf(readers);
    for (let turn = 0; turn < 10; turn++) gate.read(TURN_RECORDS);
    expect(readers.map(({ next }) => next)).toEqual([10 * TURN_RECORDS, 10 * TURN_RECORDS, 10 * TURN_RECORDS]);
  });
});
