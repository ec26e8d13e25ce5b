import { describe, expect, it } from 'vitest';
import { EventTimePace } from '../../../src/runtime/task/event-time-pace.ts';

const MAX = 512;

function paceOf(watermarksMs: readonly number[], taken: readonly number[]): EventTimePace {
  const pace = new EventTimePace(watermarksMs.length);
  watermarksMs.forEach((watermarkMs, channel) => {
    if (watermarkMs !== Number.NEGATIVE_INFINITY) pace.setWatermark(channel, watermarkMs);
  });
  for (const [channel, records] of taken.entries()) pace.endChannel(channel, records);
  return pace;
}

function budgetsOf(pace: EventTimePace, channels: number): number[] {
  pace.beginTurn();
  return Array.from({ length: channels }, (_, channel) => pace.budgetOf(channel, MAX));
}

describe('EventTimePace', () => {
  it('lets every channel give all it may without watermarks', () => {
    expect(budgetsOf(paceOf([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], [300, 0]), 2)).toEqual([MAX, MAX]);
  });

  it('lets channels ahead give what the one furthest behind gave', () => {
    expect(budgetsOf(paceOf([50, 10, 20], [512, 200, 512]), 3)).toEqual([200, MAX, 200]);
  });

  it('lets channels that are level give all they may', () => {
    expect(budgetsOf(paceOf([10, 10], [512, 3]), 2)).toEqual([MAX, MAX]);
  });

  it('always lets a channel give some records', () => {
    expect(budgetsOf(paceOf([50, 10], [512, 1]), 2)).toEqual([64, MAX]);
    expect(new EventTimePace(1).budgetOf(0, 5)).toBe(5);
  });

  it('holds nobody back for a channel that gave nothing', () => {
    expect(budgetsOf(paceOf([50, 10], [512, 0]), 2)).toEqual([MAX, MAX]);
  });

  it('holds nobody back for an idle channel until it is active again', () => {
    const pace = paceOf([50, 10], [512, 100]);
    pace.setIdle(1, true);
    expect(budgetsOf(pace, 2)).toEqual([MAX, MAX]);
    pace.setIdle(1, false);
    expect(budgetsOf(pace, 2)).toEqual([100, MAX]);
  });

  it('counts a channel without a watermark as furthest behind', () => {
    expect(budgetsOf(paceOf([50, Number.NEGATIVE_INFINITY], [512, 100]), 2)).toEqual([100, MAX]);
  });

  it('forgets who was slow once it has caught up', () => {
    const pace = paceOf([50, 10], [512, 100]);
    expect(budgetsOf(pace, 2)).toEqual([100, MAX]);
    pace.setWatermark(1, 60);
    pace.endChannel(0, 100);
    expect(budgetsOf(pace, 2)).toEqual([MAX, 100]);
  });
});
