import { FakeClock, mergeSnapshots, type OperatorSnapshot, SourceOperatorHarness } from '@yeoul/testing';
import { describe, expect, test } from 'vitest';
import { RangeReader, type RangeSplit } from '../../../src/api/collection-source.ts';
import type { ReaderOutput, Source, SourceReader } from '../../../src/api/source.ts';
import { WatermarkStrategy } from '../../../src/api/watermark-strategy.ts';
import type { OperatorSpec } from '../../../src/graph/operator-spec.ts';

const execution = { autoWatermarkIntervalMs: 10 };

type Step = (output: ReaderOutput<number>) => void;

/** Does one step per poll, then waits. Records are their own timestamps. */
function stepping(
  steps: readonly Step[],
  strategy = WatermarkStrategy.forMonotonousTimestamps<number>(),
): OperatorSpec {
  const left = [...steps];
  const reader: SourceReader<number, string> = {
    pollNext(output) {
      const step = left.shift();
      step?.(output);
      return step === undefined ? 'wait' : 'more';
    },
    isAvailable: () => new Promise(() => {}),
    snapshotState: () => [],
    addSplits() {},
  };
  const source: Source<number, string> = {
    boundedness: 'CONTINUOUS_UNBOUNDED',
    enumerateSplits: () => ['a', 'b'],
    splitId: (split) => split,
    createReader: () => reader,
  };
  return {
    kind: 'splitSource',
    source: source as Source<unknown, unknown>,
    watermarks: strategy.withTimestampAssigner((value) => value) as never,
  };
}

const to =
  (splitId: string, value: number): Step =>
  (output) =>
    output.createOutputForSplit(splitId).collect(value);

/** @returns what came between records, after each step and one watermark interval */
async function eventsAfter(operator: OperatorSpec, steps: number, intervalMs = 10): Promise<unknown[]> {
  const clock = new FakeClock(0);
  await using harness = await SourceOperatorHarness.open<number>({ operator, execution, clock });
  const events: unknown[] = [];
  for (let step = 1; step <= steps; step++) {
    harness.poll();
    harness.setProcessingTime(step * intervalMs);
    const output = harness.takeOutput().filter(({ kind }) => kind !== 'record');
    events.push(output.map((e) => (e.kind === 'watermark' ? e.timestampMs : e.kind === 'status' && `idle ${e.idle}`)));
  }
  return events;
}

describe('a reader with an output per split', () => {
  test('its watermark is the least of its splits; one that is released holds nothing back', async () => {
    const operator = stepping([
      (output) => {
        output.createOutputForSplit('a');
        output.createOutputForSplit('b');
      },
      to('a', 100),
      to('b', 50),
      to('b', 70),
      (output) => output.releaseOutputForSplit('b'),
      to('a', 90),
      to('a', 120),
    ]);
    expect(await eventsAfter(operator, 7)).toEqual([[], [], [49], [69], [99], [], [119]]);
  });

  test('idle splits are not waited for, and all of them idle make the subtask idle', async () => {
    const operator = stepping(
      [to('a', 100), to('b', 50), to('a', 130), to('a', 131)],
      WatermarkStrategy.forMonotonousTimestamps<number>().withIdleness(15),
    );
    // Two intervals per look.
    expect(await eventsAfter(operator, 6, 20)).toEqual([[99], [], [129], [130], ['idle true'], []]);
  });

  test('a split that waits for its turn is not idle before its first record', async () => {
    const operator = stepping(
      [
        (output) => output.createOutputForSplit('b', { awaitsTurn: true }),
        to('a', 100),
        to('a', 101),
        to('a', 102),
        to('b', 60),
      ],
      WatermarkStrategy.forMonotonousTimestamps<number>().withIdleness(15),
    );
    expect(await eventsAfter(operator, 5, 20)).toEqual([[], [], [], [], [59]]);
  });

  test('what is emitted for no split counts once there is something', async () => {
    const operator = stepping([
      to('a', 100),
      (output) => output.collect(40),
      to('a', 200),
      (output) => output.collect(150),
      (output) => output.emitWatermark(180),
    ]);
    expect(await eventsAfter(operator, 5)).toEqual([[99], [], [], [149], [180]]);
  });
});

describe('after a restore', () => {
  const ROUND_MS = 100;
  /** Two ranges side by side in event time, and a third that comes after both. */
  const source: Source<number, RangeSplit> = {
    boundedness: 'BOUNDED',
    enumerateSplits: () => [0, 1, 2].map((id) => ({ id, next: id * ROUND_MS, end: (id + 1) * ROUND_MS })),
    splitId: ({ id }) => String(id),
    createReader: () => new RangeReader((index) => index),
  };
  const timeOf = (index: number): number => (index < 2 * ROUND_MS ? index % ROUND_MS : index);
  const operator: OperatorSpec = {
    kind: 'splitSource',
    source: source as Source<unknown, unknown>,
    watermarks: WatermarkStrategy.forMonotonousTimestamps<number>().withTimestampAssigner(timeOf) as never,
  };

  test('splits that two subtasks read side by side are not late when one subtask goes on with both', async () => {
    const snapshots: OperatorSnapshot[] = [];
    for (const subtask of [0, 1]) {
      await using harness = await SourceOperatorHarness.open<number>({ operator, parallelism: 2, subtask, execution });
      harness.poll();
      snapshots.push(await harness.snapshot(1));
    }
    const clock = new FakeClock(0);
    const restore = mergeSnapshots(snapshots);
    await using harness = await SourceOperatorHarness.open<number>({ operator, restore, execution, clock });
    let watermarkMs = Number.NEGATIVE_INFINITY;
    const late: number[] = [];
    for (let nowMs = 10; harness.poll() !== 'end'; nowMs += 10) {
      harness.setProcessingTime(nowMs);
      for (const element of harness.takeOutput()) {
        if (element.kind === 'watermark') watermarkMs = element.timestampMs;
        if (element.kind === 'record' && (element.timestampMs as number) <= watermarkMs) late.push(element.value);
      }
    }
    expect({ late, watermarkMs }).toEqual({ late: [], watermarkMs: 3 * ROUND_MS - 2 });
  });
});
