import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSignals, createSlotSignal, waitForSignal } from '../../../src/runtime/channels/slot-signal.ts';

const LONG_MS = 20_000;

async function elapsedMs(work: Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work;
  return performance.now() - startedMs;
}

describe.each(['waitAsync', 'polling'])('slot signals by %s', (kind) => {
  const { waitAsync } = Atomics as unknown as { waitAsync: unknown };
  afterEach(() => {
    vi.useRealTimers();
    Object.assign(Atomics, { waitAsync });
  });
  const prepare = () => {
    if (kind === 'polling') Object.assign(Atomics, { waitAsync: undefined });
    return createSignals(3);
  };

  test('a wake before the wait makes it return at once, the next one waits', async () => {
    const signals = prepare();
    const signal = createSlotSignal(signals, 1);
    signal.wake();
    signal.wake();
    expect(await elapsedMs(waitForSignal(signals, 1, LONG_MS))).toBeLessThan(1_000);
    expect(await elapsedMs(waitForSignal(signals, 1, 30))).toBeGreaterThan(20);
  });

  test('a wake ends the wait of its own slot only', async () => {
    const signals = prepare();
    const other = waitForSignal(signals, 2, 60);
    const mine = elapsedMs(waitForSignal(signals, 1, LONG_MS));
    setTimeout(() => createSlotSignal(signals, 1).wake(), 5);
    expect(await mine).toBeLessThan(1_000);
    expect(await elapsedMs(other)).toBeGreaterThan(20);
  });

  test('many rounds of wake and wait in one thread lose none', async () => {
    const signals = prepare();
    const signal = createSlotSignal(signals, 0);
    let slow = 0;
    for (let round = 0; round < 300; round++) {
      const wait = elapsedMs(waitForSignal(signals, 0, LONG_MS));
      if (round % 3 === 0) signal.wake();
      else queueMicrotask(() => signal.wake());
      if ((await wait) > 5_000) slow++;
    }
    expect(slow).toBe(0);
  });
});
