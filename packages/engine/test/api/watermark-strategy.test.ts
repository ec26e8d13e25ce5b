import { describe, expect, it } from 'vitest';
import { toWatermarkSpec, type WatermarkAssigner } from '../../src/api/watermark-strategy.ts';
import {
  AscendingTimestampExtractor,
  type AssignerWithPunctuatedWatermarks,
  BoundedOutOfOrdernessTimestampExtractor,
  Time,
  Watermark,
  WatermarkStrategy,
} from '../../src/index.ts';

/** Feeds timestamps, asking for a periodic watermark after each. */
function run(assigner: WatermarkAssigner<number>, elements: readonly number[]): number[] {
  const spec = toWatermarkSpec(assigner);
  const generator = spec.createWatermarkGenerator();
  const assign = spec.createTimestampAssigner() ?? ((element: number) => element);
  const emitted: number[] = [];
  const output = { emitWatermark: (time: number) => void emitted.push(time), markIdle() {}, markActive() {} };
  generator.onPeriodicEmit(output);
  for (const element of elements) {
    generator.onEvent(element, assign(element, Number.NaN), output);
    generator.onPeriodicEmit(output);
  }
  return emitted;
}

class Bounded extends BoundedOutOfOrdernessTimestampExtractor<number> {
  override extractElementTimestamp(element: number): number {
    return element;
  }
}

class Ascending extends AscendingTimestampExtractor<number> {
  override extractAscendingTimestamp(element: number): number {
    return element;
  }
}

class Punctuated implements AssignerWithPunctuatedWatermarks<number> {
  extractTimestamp(element: number): number {
    return element;
  }
  checkAndGetNextWatermark(element: number, timestampMs: number): Watermark | undefined {
    return element % 10 === 0 ? new Watermark(timestampMs) : undefined;
  }
}

describe('watermark strategies', () => {
  it('stay the bound and one millisecond behind the newest record, and say nothing before the first', () => {
    expect(run(WatermarkStrategy.forBoundedOutOfOrderness<number>(Time.milliseconds(5)), [100, 90, 120])).toEqual([
      94, 94, 114,
    ]);
    expect(run(WatermarkStrategy.forMonotonousTimestamps<number>(), [100, 101])).toEqual([99, 100]);
    expect(run(WatermarkStrategy.noWatermarks<number>(), [1])).toEqual([]);
  });

  it('keep generators apart between subtasks', () => {
    const strategy = WatermarkStrategy.forMonotonousTimestamps<number>();
    expect(run(strategy, [100])).toEqual([99]);
    expect(run(strategy, [5])).toEqual([4]);
  });

  it('take timestamps from functions and objects, and an idle timeout', () => {
    const strategy = WatermarkStrategy.forMonotonousTimestamps<number>()
      .withTimestampAssigner((x) => x * 2)
      .withIdleness(50);
    expect([run(strategy, [10]), strategy.idleTimeoutMs]).toEqual([[19], 50]);
    expect(run(strategy.withTimestampAssigner({ extractTimestamp: (x) => x * 3 }), [10])).toEqual([29]);
    expect(() => strategy.withIdleness(0)).toThrow('idle timeout is 0 ms');
  });

  it('of Flink 1.9 work as there', () => {
    expect(run(new Bounded(5), [100, 90, 120])).toEqual([95, 95, 115]);
    expect(run(new Ascending(), [100, 99])).toEqual([99, 99]);
    expect(run(new Punctuated(), [11, 20, 25, 30])).toEqual([20, 30]);
    expect(() => toWatermarkSpec({} as never)).toThrow('extractTimestamp');
  });
});
