import { describe, expect, test } from 'vitest';
import { ValueStateDescriptor } from '../../src/api/state.ts';
import { Types } from '../../src/api/type-information.ts';
import type { TimerServiceOptions } from '../../src/state/index.ts';
import { MemoryStateFiles } from './memory-state-files.ts';
import { complete, openBackend } from './state-fixture.ts';

interface Scheduled {
  readonly atMs: number;
  readonly callback: (timeMs: number) => void;
  isCancelled: boolean;
}

function open(onTimer: (timestampMs: number, key: unknown) => void = () => {}, backend = openBackend('heap')) {
  const fired: string[] = [];
  const scheduled: Scheduled[] = [];
  const note = (kind: string) => (timestampMs: number, key: unknown, namespace: unknown) => {
    expect(backend.currentKey()).toBe(key);
    fired.push(`${kind} ${timestampMs} ${String(key)}${namespace === undefined ? '' : ` ${String(namespace)}`}`);
    onTimer(timestampMs, key);
  };
  const options: TimerServiceOptions = {
    name: 'timers',
    namespaceType: undefined,
    handler: { onEventTime: note('event'), onProcessingTime: note('processing') },
    nowMs: () => 0,
    scheduleProcessingTime: (atMs, callback) => {
      const entry: Scheduled = { atMs, callback, isCancelled: false };
      scheduled.push(entry);
      return {
        cancel: () => {
          entry.isCancelled = true;
        },
      };
    },
  };
  const timers = backend.createTimerService(options);
  const pending = () => scheduled.filter((entry) => !entry.isCancelled);
  const runDue = (timeMs: number) => {
    for (const entry of pending().filter((each) => each.atMs <= timeMs)) {
      scheduled.splice(scheduled.indexOf(entry), 1);
      entry.callback(timeMs);
    }
  };
  return { backend, timers, fired, pending, runDue };
}

describe('event time', () => {
  test('timers fire in time order, those of one time in the order they were set, each once', () => {
    const { backend, timers, fired } = open();
    for (const [key, at] of [
      ['a', 30],
      ['b', 10],
      ['a', 10],
      ['b', 10],
      ['c', 20],
    ] as const) {
      backend.setCurrentKey(key);
      timers.registerEventTimeTimer(undefined, at);
    }
    expect(timers.advanceWatermark(20, 100)).toBe(true);
    expect([fired, timers.count().eventTime]).toEqual([['event 10 b', 'event 10 a', 'event 20 c'], 1]);
    expect(timers.currentWatermarkMs()).toBe(20);
  });

  test('at most maxTimers fire per call, and the caller learns that there are more', () => {
    const { backend, timers, fired } = open();
    for (let key = 0; key < 5; key++) {
      backend.setCurrentKey(key);
      timers.registerEventTimeTimer(undefined, 1);
    }
    expect([timers.advanceWatermark(1, 2), timers.advanceWatermark(1, 2), timers.advanceWatermark(1, 2)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(fired).toHaveLength(5);
  });

  test('a timer set by a timer at or before the watermark fires in the same call', () => {
    const service = open((timestampMs) => {
      if (timestampMs < 5) service.timers.registerEventTimeTimer(undefined, timestampMs + 1);
    });
    service.backend.setCurrentKey('k');
    service.timers.registerEventTimeTimer(undefined, 1);
    service.timers.advanceWatermark(4, 100);
    expect([service.fired, service.timers.count().eventTime]).toEqual([
      ['event 1 k', 'event 2 k', 'event 3 k', 'event 4 k'],
      1,
    ]);
  });

  test('a deleted timer does not fire, one of another namespace does', () => {
    const { backend, timers, fired } = open();
    backend.setCurrentKey('k');
    timers.registerEventTimeTimer('w1', 1);
    timers.registerEventTimeTimer('w2', 1);
    timers.deleteEventTimeTimer('w1', 1);
    timers.deleteEventTimeTimer('w3', 1);
    timers.advanceWatermark(1, 10);
    expect(fired).toEqual(['event 1 k w2']);
  });

  test('setting and deleting for ever keeps nothing behind', () => {
    const { backend, timers, fired } = open();
    for (let i = 0; i < 50_000; i++) {
      backend.setCurrentKey(i % 10);
      timers.registerEventTimeTimer(undefined, 1_000_000 - i);
      timers.deleteEventTimeTimer(undefined, 1_000_000 - i);
    }
    backend.setCurrentKey(1);
    timers.registerEventTimeTimer(undefined, 7);
    timers.advanceWatermark(2_000_000, 10);
    expect([fired, timers.count().eventTime, backend.statistics().entries]).toEqual([['event 7 1'], 0, 0]);
  });

  test('the handler finds the state of the key although the timer was all that kept it', () => {
    const backend = openBackend('heap');
    const state = backend.getValueState(new ValueStateDescriptor('v', Types.int));
    const service = open(() => state.update((state.value() ?? 0) + 1), backend);
    backend.setCurrentKey('only timer');
    service.timers.registerEventTimeTimer(undefined, 1);
    backend.setCurrentKey('other');
    service.timers.advanceWatermark(1, 10);
    backend.setCurrentKey('only timer');
    expect(state.value()).toBe(1);
  });
});

describe('processing time', () => {
  test('asks for one callback at the earliest timer, anew when an earlier one comes', () => {
    const { backend, timers, fired, pending, runDue } = open();
    backend.setCurrentKey('k');
    timers.registerProcessingTimeTimer(undefined, 50);
    timers.registerProcessingTimeTimer(undefined, 70);
    timers.registerProcessingTimeTimer(undefined, 30);
    expect(pending().map((entry) => entry.atMs)).toEqual([30]);
    runDue(55);
    expect([fired, pending().map((entry) => entry.atMs)]).toEqual([['processing 30 k', 'processing 50 k'], [70]]);
  });

  test('a closed service fires nothing', () => {
    const { backend, timers, fired, pending } = open();
    backend.setCurrentKey('k');
    timers.registerProcessingTimeTimer(undefined, 50);
    timers.close();
    expect([fired, pending()]).toEqual([[], []]);
  });

  test('restored timers are scheduled at once', async () => {
    const first = open();
    first.backend.setCurrentKey('k');
    first.timers.registerProcessingTimeTimer(undefined, 50);
    const backend = openBackend('heap');
    await backend.restore(await complete(first.backend.snapshot(1, new MemoryStateFiles())));
    const second = open(() => {}, backend);
    second.runDue(60);
    expect(second.fired).toEqual(['processing 50 k']);
  });
});
