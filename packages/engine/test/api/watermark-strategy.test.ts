import { describe, expect, it } from 'vitest';
import { type WatermarkLike, watermarkMs } from '../../src/api/watermark.ts';
import { toWatermarkSpec, type WatermarkAssigner } from '../../src/api/watermark-strategy.ts';
import {
  AscendingTimestampExtractor,
  AscendingTimestampsWatermarks,
  type AssignerWithPunctuatedWatermarks,
  BoundedOutOfOrdernessTimestampExtractor,
  StreamExecutionEnvironment,
  Time,
  Watermark,
  type WatermarkGenerator,
  WatermarkStrategy,
} from '../../src/index.ts';

/** Feeds timestamps, asking for a periodic watermark after each. */
function run(assigner: WatermarkAssigner<number>, elements: readonly number[]): number[] {
  const spec = toWatermarkSpec(assigner);
  const generator = spec.createWatermarkGenerator();
  const assign = spec.createTimestampAssigner() ?? ((element: number) => element);
  const emitted: number[] = [];
  const output = {
    emitWatermark: (watermark: WatermarkLike) => void emitted.push(watermarkMs(watermark)),
    markIdle() {},
    markActive() {},
  };
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

/** A strategy of one's own: twice the element is its time. */
class Doubling extends WatermarkStrategy<number> {
  override createWatermarkGenerator(): WatermarkGenerator<number> {
    return new AscendingTimestampsWatermarks<number>();
  }
  override createTimestampAssigner() {
    return (element: number) => element * 2;
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

  it('may be classes of their own, with all that the ready-made ones have', () => {
    expect(run(new Doubling(), [10, 5, 20])).toEqual([19, 19, 39]);
    const idle = new Doubling().withIdleness(Time.seconds(1));
    expect([run(idle, [10]), idle.idleTimeoutMs]).toEqual([[19], 1000]);
    expect(
      run(
        idle.withTimestampAssigner((x) => x * 3),
        [10],
      ),
    ).toEqual([29]);
    expect(idle.withTimestampAssigner((x) => x).idleTimeoutMs).toBe(1000);
  });

  it('take watermarks as objects or as numbers', () => {
    const objects = WatermarkStrategy.forGenerator<number>(() => ({
      onEvent: (_event, timestampMs, output) => output.emitWatermark(new Watermark(timestampMs)),
      onPeriodicEmit() {},
    }));
    expect(run(objects, [3, 4])).toEqual([3, 4]);
  });

  it('of Flink 1.9 work as there', () => {
    expect(run(new Bounded(5), [100, 90, 120])).toEqual([95, 95, 115]);
    expect(run(new Ascending(), [100, 99])).toEqual([99, 99]);
    expect(run(new Punctuated(), [11, 20, 25, 30])).toEqual([20, 30]);
    expect(() => toWatermarkSpec({} as never)).toThrow('extractTimestamp');
  });
});

describe('withWatermarkAlignment', () => {
  const strategy = WatermarkStrategy.forMonotonousTimestamps<number>();

  it('goes with what else the strategy is made of', () => {
    const aligned = strategy.withWatermarkAlignment('all', Time.seconds(20)).withIdleness(50);
    expect([aligned.alignment, aligned.idleTimeoutMs]).toEqual([
      { group: 'all', maxDriftMs: 20_000, updateIntervalMs: 1000 },
      50,
    ]);
  });

  it('is refused where nothing can stop reading', () => {
    const aligned = strategy.withWatermarkAlignment('all', 5, 10);
    expect(() => new StreamExecutionEnvironment().fromData(1).assignTimestampsAndWatermarks(aligned)).toThrow(
      'give the one with it to fromSource',
    );
  });

  it('takes no negative drift, and no update interval of nothing', () => {
    expect(() => strategy.withWatermarkAlignment('all', -1)).toThrow('max drift of the watermark group is -1 ms');
    expect(() => strategy.withWatermarkAlignment('all', 1, 0)).toThrow(
      'update interval of the watermark group is 0 ms',
    );
  });
});
