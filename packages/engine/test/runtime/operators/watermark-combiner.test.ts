// The cases are those of Apache Flink's StatusWatermarkValveTest.
import { describe, expect, it } from 'vitest';
import { WatermarkCombiner } from '../../../src/runtime/operators/watermark-combiner.ts';

function combinerOf(members: number) {
  const events: (number | 'idle' | 'active')[] = [];
  const combiner = new WatermarkCombiner(members, {
    onWatermark: (timestampMs) => events.push(timestampMs),
    onStatus: (idle) => events.push(idle ? 'idle' : 'active'),
  });
  return { combiner, take: () => events.splice(0) };
}

describe('watermark combiner', () => {
  it('emits the minimum over members when it grows, and nothing twice', () => {
    const { combiner, take } = combinerOf(2);
    combiner.setWatermark(0, 10);
    expect(take()).toEqual([]);
    combiner.setWatermark(1, 5);
    combiner.setWatermark(1, 5);
    combiner.setWatermark(1, 4);
    combiner.setWatermark(1, 12);
    expect(take()).toEqual([5, 10]);
  });

  it('does not wait for idle members, and goes on when the one that held back turns idle', () => {
    const { combiner, take } = combinerOf(3);
    combiner.setWatermark(0, 10);
    combiner.setWatermark(1, 5);
    combiner.setWatermark(2, 5);
    expect(take()).toEqual([5]);
    combiner.setIdle(1, true);
    expect(take()).toEqual([]);
    combiner.setIdle(2, true);
    expect(take()).toEqual([10]);
  });

  it('ignores watermarks of idle members', () => {
    const { combiner, take } = combinerOf(2);
    combiner.setIdle(0, true);
    combiner.setWatermark(0, 100);
    combiner.setWatermark(1, 5);
    expect(take()).toEqual([5]);
    combiner.setIdle(0, false);
    combiner.setWatermark(1, 7);
    expect(take()).toEqual([7]);
  });

  it('lets a returning member hold back only once it caught up', () => {
    const { combiner, take } = combinerOf(2);
    combiner.setWatermark(0, 10);
    combiner.setIdle(1, true);
    expect(take()).toEqual([10]);
    combiner.setIdle(1, false);
    combiner.setWatermark(1, 5);
    combiner.setWatermark(0, 20);
    expect(take()).toEqual([20]);
    combiner.setWatermark(1, 20);
    combiner.setWatermark(0, 30);
    expect(take()).toEqual([]);
    combiner.setWatermark(1, 25);
    expect(take()).toEqual([25]);
  });

  it('emits the maximum before the idle status when the last member turns idle', () => {
    const { combiner, take } = combinerOf(2);
    combiner.setWatermark(0, 10);
    combiner.setWatermark(1, 5);
    combiner.setIdle(0, true);
    take();
    combiner.setIdle(1, true);
    expect(take()).toEqual([10, 'idle']);
    combiner.setIdle(0, false);
    expect(take()).toEqual(['active']);
  });
});
