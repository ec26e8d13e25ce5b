import { describe, expect, it } from 'vitest';
import {
  barrier,
  crash,
  element,
  FakeClock,
  type OperatorSnapshot,
  pause,
  SourceOperatorHarness,
  scriptedSource,
  watermark,
} from '../src/index.ts';

const open = (
  script: Parameters<typeof scriptedSource>[0],
  options: { attemptNumber?: number; restore?: OperatorSnapshot; clock?: FakeClock } = {},
) => SourceOperatorHarness.open({ operator: { kind: 'sourceFunction', source: scriptedSource(script) }, ...options });

describe('scriptedSource', () => {
  it('plays elements and watermarks', async () => {
    await using harness = await open([1, element(2, 20), watermark(20)]);
    expect(await harness.run()).toBe('end');
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 1, timestampMs: undefined },
      { kind: 'record', value: 2, timestampMs: 20 },
      { kind: 'watermark', timestampMs: 20 },
    ]);
  });

  it('crashes once per crash step, each in its own attempt, and goes on from the restored position', async () => {
    const script = [1, 2, crash('one'), 3, crash('two'), 4];
    const first = await open(script);
    first.poll();
    const restore = await first.snapshot();
    await expect(first.run()).rejects.toThrow('one');
    await using second = await open(script, { attemptNumber: 1, restore });
    await expect(second.run()).rejects.toThrow('two');
    expect(second.takeValues()).toEqual([2, 3]);
    await using third = await open(script, { attemptNumber: 2, restore });
    expect(await third.run()).toBe('end');
    expect(third.takeValues()).toEqual([2, 3, 4]);
  });

  it('pauses by the clock', async () => {
    const clock = new FakeClock();
    await using harness = await open([1, pause(50), 2], { clock });
    await harness.run(3).catch(() => {});
    expect(harness.takeValues()).toEqual([1]);
    clock.advanceTo(50);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await harness.run()).toBe('end');
    expect(harness.takeValues()).toEqual([2]);
  });

  it('waits at a barrier for a completed checkpoint, and is past it after a restore from that one', async () => {
    const script = [1, barrier(), 2];
    const first = await open(script);
    await first.run(4).catch(() => {});
    expect(first.takeValues()).toEqual([1]);
    const restore = await first.snapshot(7);
    await first.notifyCheckpointComplete(7);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await first.run()).toBe('end');
    expect(first.takeValues()).toEqual([2]);
    await using second = await open(script, { restore });
    expect(await second.run()).toBe('end');
    expect(second.takeValues()).toEqual([2]);
  });
});
