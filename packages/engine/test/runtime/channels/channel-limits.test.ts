import { describe, expect, test } from 'vitest';
import { Types } from '../../../src/api/type-information.ts';
import { decideRingSize } from '../../../src/runtime/channels/channel-limits.ts';
import { createFixture, type Received, readSome } from './channel-fixture.ts';

function fillRing() {
  const fixture = createFixture({
    type: Types.string,
    segments: 2,
    segmentBytes: 64,
    limits: { maxOverdraftBytes: 64 * 10, maxRecordBytes: 2_000 },
  });
  let emitted = 0;
  while (!fixture.cell.stop) fixture.emit(`filler ${emitted++}`);
  return { fixture, emitted };
}

describe('a full ring', () => {
  test('stops the task, takes the rest of the element in hand as overdraft, and hands it over in order', () => {
    const { fixture, emitted } = fillRing();
    const end = fixture.ends[0]!;
    const expected = Array.from({ length: emitted }, (_, i) => `filler ${i}`);
    for (let i = 0; i < 12; i++) {
      fixture.emit(`overdraft ${i}`);
      expected.push(`overdraft ${i}`);
    }
    fixture.writer.flush();
    const wakesBefore = end.wakes.writer;
    const states = [fixture.writer.isAvailable(), fixture.writer.isDrained()];
    readSome(end, 1);
    readSome(end, 100);
    expect({ states, woken: end.wakes.writer > wakesBefore }).toStrictEqual({ states: [false, false], woken: true });
    fixture.drain();
    expect(end.received.map((item) => (item as Received).value)).toStrictEqual(expected);
    expect([fixture.writer.isAvailable(), fixture.writer.isDrained()]).toStrictEqual([true, true]);
  });

  test('overdraft past its limit is an error that names the limit', () => {
    const { fixture } = fillRing();
    expect(() => {
      for (let i = 0; i < 1_000; i++) fixture.emit(`overdraft ${i}`);
    }).toThrow('over the limit of 640 (yeoul.channel.max-overdraft-size)');
  });

  test('wakes the writer only when it waits', () => {
    const fixture = createFixture({ type: Types.int, segments: 4, segmentBytes: 64 });
    for (let i = 0; i < 5; i++) {
      fixture.emit(i);
      fixture.writer.flush();
      readSome(fixture.ends[0]!, 10);
    }
    expect(fixture.ends[0]!.wakes).toStrictEqual({ writer: 0, reader: 5 });
  });
});

describe('large records', () => {
  test.each([undefined, Types.string])('are split over segments up to the limit', (type) => {
    const fixture = createFixture({ type, segments: 3, segmentBytes: 128, limits: { maxRecordBytes: 100_000 } });
    const values = [
      1, 60, 100, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 500, 99_000, 3,
    ].map((length) => '가나다라'.repeat(length).slice(0, length));
    const ascii = values.map((value) => 'a'.repeat(value.length));
    const all = [...values.filter((value) => value.length < 40_000), ...ascii];
    all.forEach((value, i) => {
      fixture.emit(value, i % 2 === 0 ? i : Number.NaN);
    });
    fixture.drain();
    expect(fixture.ends[0]!.received).toStrictEqual(
      all.map((value, i) => ({ value, timestampMs: i % 2 === 0 ? i : Number.NaN })),
    );
  });

  test('above the limit are refused, and the channel goes on', () => {
    const fixture = createFixture({
      type: Types.row({ id: Types.string, text: Types.string }),
      segments: 3,
      segmentBytes: 128,
      limits: { maxRecordBytes: 1_000 },
    });
    fixture.emit({ id: 'a', text: '1' });
    expect(() => fixture.emit({ id: 'new', text: 'x'.repeat(2_000) })).toThrow(
      'exceeds the limit of 1000 bytes (yeoul.channel.max-record-size)',
    );
    fixture.emit({ id: 'new', text: '2' });
    fixture.drain();
    expect(fixture.ends[0]!.received.map((item) => (item as Received).value)).toStrictEqual([
      { id: 'a', text: '1' },
      { id: 'new', text: '2' },
    ]);
  });
});

describe('a record that cannot be encoded', () => {
  test.each(['r', 'rr'])('leaves nothing behind, not even the strings and shapes it introduced (%s)', (targets) => {
    const partitioner = targets === 'r' ? ({ kind: 'forward' } as const) : ({ kind: 'broadcast' } as const);
    const fixture = createFixture({ targets, partitioner });
    fixture.emit({ id: 'first', n: 1 });
    expect(() => fixture.emit({ id: 'second', nested: { id: 'third', f: () => 1 } })).toThrow('cannot be serialized');
    const values = [
      { id: 'second', nested: { id: 'third', f: 2 } },
      { id: 'third', n: 2 },
    ];
    for (const value of values) fixture.emit(value);
    fixture.drain();
    for (const end of fixture.ends)
      expect(end.received.map((item) => (item as Received).value)).toStrictEqual([{ id: 'first', n: 1 }, ...values]);
  });
});

describe('a local channel', () => {
  test('stops the task at its capacity and refuses unbounded output', () => {
    const fixture = createFixture({ targets: 'l', limits: { localRecords: 8, maxOverdraftBytes: 64 * 100 } });
    for (let i = 0; i < 8; i++) fixture.emit(i);
    expect([fixture.cell.stop, fixture.writer.isAvailable()]).toStrictEqual([true, false]);
    expect(() => {
      for (let i = 8; i < 1_000; i++) fixture.emit(i);
    }).toThrow('yeoul.channel.max-overdraft-size');
    readSome(fixture.ends[0]!, 10_000);
    expect([fixture.ends[0]!.received.length > 100, fixture.writer.isAvailable()]).toStrictEqual([true, true]);
  });

  test('hands over the same object', () => {
    const fixture = createFixture({ targets: 'l' });
    const value = { a: 1 };
    fixture.emit(value);
    fixture.drain();
    expect((fixture.ends[0]!.received[0] as Received).value).toBe(value);
  });
});

test('the reader stops at cell.stop after the record in hand and says there may be more', () => {
  for (const targets of ['r', 'l']) {
    const fixture = createFixture({ targets });
    for (let i = 0; i < 5; i++) fixture.emit(i);
    fixture.writer.flush();
    const end = fixture.ends[0]!;
    end.cell.stop = true;
    expect([readSome(end, 10), readSome(end, 10), end.reader.hasData()]).toStrictEqual([1, 1, true]);
  }
});

test('rings shrink when a job has many of them, down to a floor', () => {
  const size = (count: number) => decideRingSize(count);
  expect([size(1), size(128), size(500), size(2_000), size(1_000_000)]).toStrictEqual([
    { segments: 16, segmentBytes: 32_768 },
    { segments: 16, segmentBytes: 32_768 },
    { segments: 4, segmentBytes: 32_768 },
    { segments: 4, segmentBytes: 8_192 },
    { segments: 4, segmentBytes: 4_096 },
  ]);
});

test('a waiting writer is woken once, when half of its ring is free', () => {
  const fixture = createFixture({ type: Types.int, segments: 8, segmentBytes: 64 });
  while (fixture.writer.isAvailable()) {
    fixture.emit(1);
    fixture.writer.flush();
  }
  const end = fixture.ends[0]!;
  const wakes = Array.from({ length: 8 }, () => {
    readSome(end, 1);
    return end.wakes.writer;
  });
  expect(wakes).toStrictEqual([0, 0, 0, 1, 1, 1, 1, 1]);
});
