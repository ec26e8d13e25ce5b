// A subtask of a source in a watermark group: when it stops reading, when it goes on, and what it tells the group.
import { type ReaderOutput, type Source, type SourceReader, WatermarkStrategy } from '@yeoul/engine';
import type { OperatorSpec } from '@yeoul/engine/harness';
import { FakeClock, SourceOperatorHarness } from '@yeoul/testing';
import { describe, expect, test } from 'vitest';

const execution = { autoWatermarkIntervalMs: 10 };
const GROUP = 'readings';
const aligned = WatermarkStrategy.forMonotonousTimestamps<number>().withWatermarkAlignment(GROUP, 100, 50);

/** Emits 0, 50, 100, … as records and their event time. */
class Ticking implements SourceReader<number, number> {
  #next = 0;

  pollNext(output: ReaderOutput<number>): 'more' {
    output.collect(this.#next);
    this.#next += 50;
    return 'more';
  }

  isAvailable(): Promise<void> {
    return Promise.resolve();
  }

  snapshotState(): number[] {
    return [this.#next];
  }

  addSplits(splits: readonly number[]): void {
    this.#next = splits[0] ?? 0;
  }
}

/** Split "a" runs ten times as fast as split "b"; it can be told to leave a split alone. */
class TwoSplits implements SourceReader<number, string> {
  readonly next: Record<string, number> = { a: 0, b: 0 };
  readonly paused = new Set<string>();
  readonly calls: (readonly (readonly string[])[])[] = [];

  pollNext(output: ReaderOutput<number>): 'more' | 'wait' {
    const open = ['a', 'b'].filter((id) => !this.paused.has(id));
    for (const id of open) {
      output.createOutputForSplit(id).collect(this.next[id] as number);
      this.next[id] = (this.next[id] as number) + (id === 'a' ? 100 : 10);
    }
    return open.length === 0 ? 'wait' : 'more';
  }

  isAvailable(): Promise<void> {
    return new Promise(() => {});
  }

  snapshotState(): string[] {
    return [];
  }

  addSplits(): void {}

  pauseOrResumeSplits(toPause: readonly string[], toResume: readonly string[]): void {
    this.calls.push([toPause, toResume]);
    for (const id of toPause) this.paused.add(id);
    for (const id of toResume) this.paused.delete(id);
  }
}

function sourceOf(reader: Ticking | TwoSplits, splits: readonly unknown[], strategy = aligned): OperatorSpec {
  const source = {
    boundedness: 'CONTINUOUS_UNBOUNDED',
    enumerateSplits: () => splits,
    splitId: String,
    createReader: () => reader,
  } as unknown as Source<unknown, unknown>;
  return {
    kind: 'splitSource',
    source,
    watermarks: strategy.withTimestampAssigner((value) => value) as never,
  };
}

async function open(operator: OperatorSpec): Promise<SourceOperatorHarness<number>> {
  return SourceOperatorHarness.open<number>({ operator, execution, clock: new FakeClock(0) });
}

/** Polls and lets a watermark interval pass, `times` times. */
function run(harness: SourceOperatorHarness<number>, times: number): string[] {
  return Array.from({ length: times }, () => {
    const next = harness.poll();
    harness.setProcessingTime(harness.clock.nowMs() + 10);
    return next;
  });
}

function records(harness: SourceOperatorHarness<number>): number[] {
  return harness.takeOutput().flatMap((element) => (element.kind === 'record' ? [element.value] : []));
}

describe('a source in a watermark group', () => {
  test('waits with its first watermark until it hears of its group; where nobody else is, it reads as it likes', async () => {
    await using harness = await open(sourceOf(new Ticking(), [0]));
    expect(run(harness, 2)).toEqual(['more', 'wait']);
    harness.announceGroupWatermark(GROUP, Number.POSITIVE_INFINITY);
    expect(run(harness, 8).every((next) => next === 'more')).toBe(true);
    expect(records(harness)).toHaveLength(9);
  });

  test('stops when it is more than the drift ahead, and goes on when the others have come up', async () => {
    await using harness = await open(sourceOf(new Ticking(), [0]));
    run(harness, 1);
    harness.announceGroupWatermark(GROUP, -1);
    // Watermarks are a millisecond behind: 99 is as far as -1 + 100 allows.
    expect(run(harness, 5)).toEqual(['more', 'more', 'more', 'wait', 'wait']);
    expect(records(harness)).toEqual([0, 50, 100, 150]);
    harness.announceGroupWatermark(GROUP, 48);
    expect(run(harness, 1)).toEqual(['wait']);
    harness.announceGroupWatermark(GROUP, 49);
    expect(run(harness, 3)).toEqual(['more', 'wait', 'wait']);
    expect(records(harness)).toEqual([200]);
  });

  test('tells its first watermark, that it stops, and what stands every interval; at its end it does not count', async () => {
    await using harness = await open(sourceOf(new Ticking(), [0]));
    run(harness, 1);
    expect(harness.reportedWatermarks).toEqual([-1, -1]);
    harness.announceGroupWatermark(GROUP, -1);
    run(harness, 3);
    expect(harness.reportedWatermarks).toEqual([-1, -1, 149]);
    run(harness, 6);
    expect(harness.reportedWatermarks).toEqual([-1, -1, 149, 149, 149]);
    await harness.finish();
    expect(harness.reportedWatermarks.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });

  test('a snapshot is taken while it stops, and holds what it had read', async () => {
    await using harness = await open(sourceOf(new Ticking(), [0]));
    harness.announceGroupWatermark(GROUP, -1_000);
    expect(run(harness, 2)).toEqual(['more', 'wait']);
    const snapshot = await harness.snapshot(1);
    await using restored = await SourceOperatorHarness.open<number>({
      operator: sourceOf(new Ticking(), [0]),
      execution,
      clock: new FakeClock(0),
      restore: snapshot,
    });
    run(restored, 1);
    expect(records(restored)).toEqual([50]);
  });

  test('what waits for the group is not idle, and what is idle does not count', async () => {
    const reader = new Ticking();
    await using harness = await open(sourceOf(reader, [0], aligned.withIdleness(30)));
    run(harness, 1);
    harness.announceGroupWatermark(GROUP, -500);
    run(harness, 20);
    expect(harness.takeOutput().filter(({ kind }) => kind === 'status')).toEqual([]);
    harness.announceGroupWatermark(GROUP, Number.POSITIVE_INFINITY);
    for (let i = 0; i < 6; i++) harness.setProcessingTime(harness.clock.nowMs() + 10);
    expect(harness.takeOutput().filter(({ kind }) => kind === 'status')).toMatchObject([{ idle: true }]);
    expect(harness.reportedWatermarks.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });

  test('shows how far ahead it is', async () => {
    await using harness = await open(sourceOf(new Ticking(), [0]));
    const drift = (): unknown => harness.metrics.gaugeValue('watermarkAlignmentDrift');
    run(harness, 1);
    expect(drift()).toBe(0);
    harness.announceGroupWatermark(GROUP, -1);
    run(harness, 3);
    expect(drift()).toBe(150);
  });

  test('wakes up when it may go on', async () => {
    await using harness = await open(sourceOf(new Ticking(), [0]));
    harness.announceGroupWatermark(GROUP, -500);
    run(harness, 2);
    let awake = false;
    void harness.whenAvailable().then(() => {
      awake = true;
    });
    await harness.settle();
    expect(awake).toBe(false);
    harness.announceGroupWatermark(GROUP, 0);
    await harness.settle();
    expect(awake).toBe(true);
  });
});

describe('a reader that can leave splits alone', () => {
  test('is kept from those that are ahead, one by one', async () => {
    const reader = new TwoSplits();
    await using harness = await open(sourceOf(reader, ['a', 'b']));
    run(harness, 1);
    expect(reader.paused).toEqual(new Set(['a', 'b']));
    harness.announceGroupWatermark(GROUP, -1);
    reader.calls.splice(0);
    run(harness, 5);
    expect(reader.paused).toEqual(new Set(['a']));
    expect(reader.next).toEqual({ a: 300, b: 60 });
    harness.announceGroupWatermark(GROUP, 100);
    run(harness, 1);
    expect(reader.paused).toEqual(new Set(['a']));
    expect(reader.calls).toEqual([
      [['a'], []],
      [[], ['a']],
      [['a'], []],
    ]);
  });

  test('wakes up when a split is given back although none was left to read', async () => {
    const reader = new TwoSplits();
    await using harness = await open(sourceOf(reader, ['a', 'b']));
    harness.announceGroupWatermark(GROUP, -500);
    expect(run(harness, 2)).toEqual(['more', 'wait']);
    const available = harness.whenAvailable();
    harness.announceGroupWatermark(GROUP, 0);
    await available;
    expect(run(harness, 1)).toEqual(['more']);
  });
});
