import type { TestClusterOptions } from 'yeoul/testing';

type Clock = NonNullable<TestClusterOptions['clock']>;

/** A clock on which everything takes a fraction of its time: for windows of processing time. */
export class FastClock implements Clock {
  readonly #speed: number;
  readonly #startMs = Date.now();

  /** @param speed times as fast as the real one */
  constructor(speed: number) {
    this.#speed = speed;
  }

  nowMs(): number {
    return this.#startMs + Math.floor((Date.now() - this.#startMs) * this.#speed);
  }

  monotonicMs(): number {
    return performance.now() * this.#speed;
  }

  schedule(atMs: number, callback: () => void): ReturnType<Clock['schedule']> {
    const timeout = setTimeout(callback, Math.max(0, Math.ceil((atMs - this.nowMs()) / this.#speed)));
    return { cancel: () => clearTimeout(timeout) };
  }
}
