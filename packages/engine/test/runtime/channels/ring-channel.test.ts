import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Types } from '../../../src/api/type-information.ts';
import type { StreamEvent } from '../../../src/runtime/stream-event.ts';
import { createFixture, readSome } from './channel-fixture.ts';

const row = Types.row({ id: Types.string, at: Types.long, level: Types.int });
const BARRIER: StreamEvent = {
  type: 'barrier',
  checkpointId: 7,
  timestampMs: 1,
  options: { kind: 'checkpoint', alignment: 'aligned', directory: `/tmp/${'x'.repeat(300)}` },
};

type Step =
  | { readonly kind: 'emit'; readonly value: unknown; readonly timestampMs: number }
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'flush' }
  | { readonly kind: 'read'; readonly count: number };

const rowValue = fc.record(
  {
    id: fc.oneof(fc.constantFrom('a', 'sensor-1', 'sensor-2'), fc.string({ maxLength: 600 })),
    at: fc.maxSafeInteger(),
    level: fc.integer(),
  },
  { noNullPrototype: true },
);
const timestamp = fc.oneof(fc.constant(Number.NaN), fc.integer());

function steps(value: fc.Arbitrary<unknown>): fc.Arbitrary<Step[]> {
  return fc.array(
    fc.oneof(
      { weight: 10, arbitrary: fc.record({ kind: fc.constant('emit' as const), value, timestampMs: timestamp }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('event' as const),
          event: fc.constantFrom<StreamEvent>(
            { type: 'watermark', timestampMs: 5 },
            { type: 'status', idle: true },
            { type: 'latency', marker: { markedTimeMs: 1, operatorId: 'o', subtaskIndex: 0 } },
            BARRIER,
            { type: 'cancel-barrier', checkpointId: 3 },
          ),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('read' as const), count: fc.integer({ min: 1, max: 20 }) }),
      },
    ),
    { maxLength: 80 },
  );
}

describe('a channel', () => {
  test.each(['r', 'l'])(
    'delivers every record and event once and in order, however its ends take turns (%s)',
    (targets) => {
      fc.assert(
        fc.property(
          steps(rowValue),
          fc.integer({ min: 1, max: 5 }),
          fc.integer({ min: 64, max: 400 }),
          fc.boolean(),
          (taken, segments, segmentBytes, declared) => {
            const fixture = createFixture({ targets, segments, segmentBytes, type: declared ? row : undefined });
            const end = fixture.ends[0]!;
            const expected: unknown[] = [];
            for (const step of taken) {
              if (step.kind === 'flush') fixture.writer.flush();
              else if (step.kind === 'read') readSome(end, step.count);
              else if (step.kind === 'event') {
                fixture.writer.broadcastEvent(step.event);
                expected.push(step.event);
              } else {
                fixture.emit(step.value, step.timestampMs);
                expected.push({ value: step.value, timestampMs: step.timestampMs });
              }
            }
            fixture.drain();
            expect(end.received).toStrictEqual(expected);
            expect(end.reader.hasData()).toBe(false);
            const records = expected.filter((item) => 'value' in (item as object)).length;
            expect([fixture.writer.statistics.records, end.reader.statistics.records]).toStrictEqual([
              records,
              records,
            ]);
          },
        ),
        { numRuns: 300 },
      );
    },
  );
});

test('a writer that flushes every record keeps nothing back', () => {
  for (const flushesEveryRecord of [true, false]) {
    const { emit, ends } = createFixture({ type: row, flushesEveryRecord, segments: 8 });
    const readAfterEach = [1, 2, 3].map((at) => {
      emit({ id: 'a', at, level: 0 });
      readSome(ends[0]!, 10);
      return ends[0]!.received.length;
    });
    expect(readAfterEach).toEqual(flushesEveryRecord ? [1, 2, 3] : [0, 0, 0]);
  }
});
