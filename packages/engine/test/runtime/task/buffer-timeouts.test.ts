import { FakeClock } from '@yeoul/testing';
import { describe, expect, test } from 'vitest';
import type { RecordWriter } from '../../../src/runtime/channels/channel.ts';
import { BufferTimeouts } from '../../../src/runtime/task/buffer-timeouts.ts';

class FakeWriter {
  flushes = 0;
  hasContent = false;
  isFull = false;
  write(): void {
    this.hasContent = true;
  }
  isAvailable = (): boolean => !this.isFull;
  isDrained = (): boolean => !this.hasContent;
  flush = (): void => {
    this.flushes += 1;
    this.hasContent = false;
    this.isFull = false;
  };
}

function timed(bufferTimeoutMs: number | undefined) {
  const writer = new FakeWriter();
  const clock = new FakeClock(1000);
  let wakes = 0;
  const timeouts = new BufferTimeouts(
    [{ writer: writer as unknown as RecordWriter, bufferTimeoutMs }],
    clock,
    () => (wakes += 1),
  );
  return { writer, clock, timeouts, wakes: () => wakes };
}

describe('partly filled batches are published', () => {
  test.each([undefined, 0])('at the end of every turn when the timeout is %s', (timeout) => {
    const { writer, timeouts, wakes } = timed(timeout);
    timeouts.endTurn(true);
    timeouts.endTurn(true);
    expect([writer.flushes, wakes()]).toEqual([2, 0]);
  });

  test('after the timeout, for which the slot is woken once', () => {
    const { writer, clock, timeouts, wakes } = timed(50);
    writer.write();
    timeouts.endTurn(true);
    clock.advanceTo(1020);
    timeouts.endTurn(true);
    expect([writer.flushes, wakes()]).toEqual([0, 0]);
    clock.advanceTo(1050);
    expect(wakes()).toBe(1);
    timeouts.endTurn(true);
    expect(writer.flushes).toBe(1);
    clock.advanceTo(1060);
    writer.write();
    timeouts.endTurn(true);
    clock.advanceTo(1099);
    expect([writer.flushes, wakes()]).toEqual([1, 1]);
    clock.advanceTo(1100);
    timeouts.endTurn(true);
    expect([writer.flushes, wakes()]).toEqual([2, 2]);
  });

  test('never by themselves when the timeout is -1', () => {
    const { writer, clock, timeouts, wakes } = timed(-1);
    writer.write();
    timeouts.endTurn(true);
    clock.advanceTo(1e9);
    timeouts.endTurn(true);
    expect([writer.flushes, wakes()]).toEqual([0, 0]);
  });

  test.each([-1, 50])('whatever the timeout (%i) when there is no room, or the task takes no more input', (timeout) => {
    const { writer, timeouts } = timed(timeout);
    writer.write();
    writer.isFull = true;
    timeouts.endTurn(true);
    expect(writer.flushes).toBe(1);
    writer.write();
    timeouts.endTurn(false);
    expect(writer.flushes).toBe(2);
  });

  test('by no timer after the task was closed', () => {
    const { writer, clock, timeouts, wakes } = timed(50);
    writer.write();
    timeouts.endTurn(true);
    timeouts.close();
    clock.advanceTo(2000);
    expect(wakes()).toBe(0);
  });
});
