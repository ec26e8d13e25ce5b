import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckpointBarrier } from '../../../src/runtime/stream-event.ts';
import { BarrierAligner } from '../../../src/runtime/task/barrier-aligner.ts';

function barrier(checkpointId: number, alignment: 'aligned' | 'at-least-once' = 'aligned'): CheckpointBarrier {
  return {
    type: 'barrier',
    checkpointId,
    timestampMs: 0,
    options: { kind: 'checkpoint', alignment, directory: '/tmp' },
  };
}

function recording(channels: number) {
  const log: string[] = [];
  let nowMs = 0;
  const aligner = new BarrierAligner(
    channels,
    {
      onAligned: ({ barrier, alignmentMs }) => log.push(`aligned ${barrier.checkpointId} after ${alignmentMs}`),
      onAborted: (id) => log.push(`aborted ${id}`),
    },
    () => nowMs,
  );
  return { aligner, log, tick: (ms: number) => (nowMs += ms) };
}

describe('aligned barriers', () => {
  test('a channel is blocked from its barrier until every channel delivered it', () => {
    const { aligner, log, tick } = recording(3);
    aligner.barrier(0, barrier(1));
    expect([0, 1, 2].map((c) => aligner.isBlocked(c))).toEqual([true, false, false]);
    tick(5);
    aligner.barrier(2, barrier(1));
    tick(2);
    aligner.barrier(1, barrier(1));
    expect([0, 1, 2].map((c) => aligner.isBlocked(c))).toEqual([false, false, false]);
    expect(log).toEqual(['aligned 1 after 7']);
  });

  test('the end of a channel counts as its barrier, before and after the first delivery', () => {
    const { aligner, log } = recording(2);
    aligner.end(1);
    aligner.barrier(0, barrier(1));
    expect(log).toEqual(['aligned 1 after 0']);
    const other = recording(2);
    other.aligner.barrier(0, barrier(1));
    other.aligner.end(1);
    expect(other.log).toEqual(['aligned 1 after 0']);
  });

  test('a newer barrier gives up the older alignment and unblocks its channels', () => {
    const { aligner, log } = recording(3);
    aligner.barrier(0, barrier(1));
    aligner.barrier(1, barrier(2));
    expect(log).toEqual(['aborted 1']);
    expect([0, 1, 2].map((c) => aligner.isBlocked(c))).toEqual([false, true, false]);
    aligner.barrier(2, barrier(1));
    expect(aligner.isBlocked(2)).toBe(false);
    aligner.barrier(0, barrier(2));
    aligner.barrier(2, barrier(2));
    expect(log).toEqual(['aborted 1', 'aligned 2 after 0']);
  });

  test('an abort by the coordinator unblocks, and the late barrier is ignored', () => {
    const { aligner, log } = recording(2);
    aligner.barrier(0, barrier(4));
    aligner.abort(4);
    aligner.barrier(1, barrier(4));
    expect(aligner.isBlocked(0) || aligner.isBlocked(1)).toBe(false);
    expect(log).toEqual(['aborted 4']);
  });

  test('an announced checkpoint completes with the last end when no barrier comes any more', () => {
    const { aligner, log } = recording(2);
    aligner.end(0);
    aligner.announce(barrier(3));
    expect(log).toEqual([]);
    aligner.end(1);
    expect(log).toEqual(['aligned 3 after 0']);
  });
});

test('at-least-once barriers never block and complete when the last channel delivered', () => {
  const { aligner, log } = recording(2);
  aligner.barrier(0, barrier(1, 'at-least-once'));
  aligner.barrier(0, barrier(2, 'at-least-once'));
  expect(aligner.isBlocked(0)).toBe(false);
  aligner.barrier(1, barrier(1, 'at-least-once'));
  aligner.barrier(1, barrier(2, 'at-least-once'));
  expect(log).toEqual(['aligned 1 after 0', 'aligned 2 after 0']);
});

// C1: whatever the interleaving of channels, no record behind barrier n of its channel is taken before n completed.
test('under any schedule of channels a snapshot separates exactly the records before and after its barrier', () => {
  const schedule = fc.record({
    channels: fc.integer({ min: 1, max: 4 }),
    checkpoints: fc.integer({ min: 1, max: 4 }),
    picks: fc.array(fc.nat(), { maxLength: 200 }),
    endsBefore: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 4, maxLength: 4 }),
  });
  fc.assert(
    fc.property(schedule, ({ channels, checkpoints, picks, endsBefore }) => {
      const next = new Array<number>(channels).fill(1); // next barrier of each channel
      const ended = new Array<boolean>(channels).fill(false);
      const completed: number[] = [];
      let violated = false;
      const aligner = new BarrierAligner(
        channels,
        {
          onAligned: ({ barrier: done }) => {
            completed.push(done.checkpointId);
            violated ||= next.some((n, c) => !ended[c] && n !== done.checkpointId + 1);
          },
          onAborted: () => (violated = true),
        },
        () => 0,
      );
      const step = (c: number) => {
        if (ended[c] || aligner.isBlocked(c)) return;
        const id = next[c] as number;
        if (id > checkpoints || id >= (endsBefore[c] as number)) {
          ended[c] = true;
          aligner.end(c);
          return;
        }
        next[c] = id + 1;
        aligner.barrier(c, barrier(id));
      };
      for (const pick of picks) step(pick % channels);
      for (let round = 0; round < 8; round++) for (let c = 0; c < channels; c++) step(c);
      const longest = Math.max(...endsBefore.slice(0, channels).map((e) => Math.min(e - 1, checkpoints)));
      expect(violated).toBe(false);
      expect(completed).toEqual(Array.from({ length: longest }, (_, i) => i + 1));
    }),
  );
});
