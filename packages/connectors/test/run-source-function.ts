// Runs a source function by hand: what it collects is kept, and the test says when there is room for more.
import type { SourceContext, SourceFunction } from '@yeoul/engine';

export interface RunningSource<T> {
  readonly records: T[];
  readonly done: Promise<void>;
  /** Resolves when `count` records were collected. */
  waitFor(count: number): Promise<void>;
  /** While false, collectAsync does not resolve. */
  setRoom(room: boolean): void;
  stop(): Promise<void>;
}

export function runSourceFunction<T>(source: SourceFunction<T>): RunningSource<T> {
  const records: T[] = [];
  let running = true;
  let room = true;
  let listeners: (() => void)[] = [];
  const changed = (): void => {
    const waiting = listeners;
    listeners = [];
    for (const listener of waiting) listener();
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => listeners.push(resolve));
  };
  const collect = (value: T): void => {
    records.push(value);
    changed();
  };
  const context: SourceContext<T> = {
    collect,
    collectWithTimestamp: collect,
    collectAsync: (value) => {
      collect(value);
      return until(() => room || !running);
    },
    emitWatermark: () => {},
    markAsTemporarilyIdle: () => {},
    currentProcessingTime: () => 0,
    isRunning: () => running,
  };
  const done = Promise.resolve(source.run(context) as Promise<void>);
  done.catch(() => {});
  return {
    records,
    done,
    waitFor: (count) => Promise.race([until(() => records.length >= count), done.then(() => {})]),
    setRoom: (given) => {
      room = given;
      changed();
    },
    stop: async () => {
      running = false;
      changed();
      source.cancel?.();
      await done;
    },
  };
}
