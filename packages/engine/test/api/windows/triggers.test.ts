import { describe, expect, it } from 'vitest';
import {
  ContinuousEventTimeTrigger,
  ContinuousProcessingTimeTrigger,
  CountTrigger,
  DeltaTrigger,
  EventTimeSessionWindows,
  EventTimeTrigger,
  GlobalWindow,
  ProcessingTimeTrigger,
  PurgingTrigger,
  StreamExecutionEnvironment,
  TimeWindow,
} from '../../../src/index.ts';
import { TriggerHarness } from './trigger-harness.ts';

const window = new TimeWindow(0, 100);

describe('triggers', () => {
  it('EventTimeTrigger fires at the end of the window, and at once for late elements', () => {
    const harness = new TriggerHarness(EventTimeTrigger.create(), window);
    expect([harness.element(1), harness.element(2)]).toEqual(['CONTINUE', 'CONTINUE']);
    expect([harness.advanceWatermark(98), harness.advanceWatermark(99)]).toEqual([[], ['99 FIRE']]);
    expect(harness.element(3)).toBe('FIRE');
    expect(harness.eventTimers.size).toBe(0);
  });

  it('EventTimeTrigger forgets its timer when cleared', () => {
    const harness = new TriggerHarness(EventTimeTrigger.create(), window);
    harness.element(1);
    harness.clear();
    expect(harness.advanceWatermark(1000)).toEqual([]);
  });

  it('ProcessingTimeTrigger fires at the end of the window', () => {
    const harness = new TriggerHarness(ProcessingTimeTrigger.create(), window);
    harness.element(1);
    expect(harness.advanceProcessingTime(99)).toEqual(['99 FIRE']);
  });

  it('CountTrigger fires every n elements and starts over', () => {
    const harness = new TriggerHarness(CountTrigger.of(2), window);
    expect([1, 2, 3, 4].map((value) => harness.element(value))).toEqual(['CONTINUE', 'FIRE', 'CONTINUE', 'FIRE']);
    harness.element(5);
    harness.clear();
    expect(harness.state.size).toBe(0);
    expect(() => CountTrigger.of(0)).toThrow('count 0');
  });

  it('PurgingTrigger empties the window with each firing', () => {
    const harness = new TriggerHarness(PurgingTrigger.of(CountTrigger.of(1)), GlobalWindow.get());
    expect(harness.element(1)).toBe('FIRE_AND_PURGE');
    expect(`${PurgingTrigger.of(CountTrigger.of(1))}`).toBe('PurgingTrigger(CountTrigger(1))');
  });

  it('ContinuousEventTimeTrigger fires at multiples of the interval and at the end, once each', () => {
    const harness = new TriggerHarness(ContinuousEventTimeTrigger.of(30), window);
    expect(harness.element(1, 31)).toBe('CONTINUE');
    expect(harness.advanceWatermark(95)).toEqual(['60 FIRE', '90 FIRE']);
    expect(harness.advanceWatermark(200)).toEqual(['99 FIRE']);
  });

  it('ContinuousProcessingTimeTrigger fires at multiples of the interval', () => {
    const harness = new TriggerHarness(ContinuousProcessingTimeTrigger.of(30), GlobalWindow.get());
    harness.processingTime = 10;
    harness.element(1);
    expect(harness.advanceProcessingTime(65)).toEqual(['30 FIRE', '60 FIRE']);
    harness.clear();
    expect(harness.processingTimers.size).toBe(0);
  });

  it('DeltaTrigger fires when the distance to the last firing element exceeds the threshold', () => {
    const harness = new TriggerHarness(
      DeltaTrigger.of<number>(10, (a, b) => b - a),
      GlobalWindow.get(),
    );
    expect([0, 10, 11, 20, 22].map((value) => harness.element(value))).toEqual([
      'CONTINUE',
      'CONTINUE',
      'FIRE',
      'CONTINUE',
      'FIRE',
    ]);
  });

  it('that cannot merge, and aggregates without merge, are refused for sessions', () => {
    const stream = new StreamExecutionEnvironment().fromElements(1).keyBy((x) => x);
    const sessions = () => stream.window(EventTimeSessionWindows.withGap(5));
    expect(() => sessions().trigger(DeltaTrigger.of(1, () => 1))).toThrow('cannot be used with merging windows');
    const aggregate = {
      createAccumulator: () => 0,
      add: (x: number, sum: number) => sum + x,
      getResult: (sum: number) => sum,
    };
    expect(() => sessions().aggregate(aggregate)).toThrow('An aggregate function without merge');
  });
});
