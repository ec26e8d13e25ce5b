import { describe, expect, it } from 'vitest';
import { FakeClock } from '../src/index.ts';

describe('FakeClock', () => {
  it('calls back in order of time, each at its own time, also what is scheduled on the way', () => {
    const clock = new FakeClock(100);
    const calls: string[] = [];
    clock.schedule(120, () => calls.push(`second at ${clock.nowMs()}`));
    clock.schedule(110, () => {
      calls.push(`first at ${clock.nowMs()}`);
      clock.schedule(115, () => calls.push(`nested at ${clock.nowMs()}`));
    });
    clock.schedule(130, () => calls.push('later'));
    clock.schedule(112, () => calls.push('cancelled')).cancel();
    clock.advanceTo(125);
    expect(calls).toEqual(['first at 110', 'nested at 115', 'second at 120']);
    expect([clock.nowMs(), clock.pendingCount]).toEqual([125, 1]);
  });
});
