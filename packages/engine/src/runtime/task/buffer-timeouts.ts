// When partly filled batches are published. Each of a task's writers has a timeout: none (with the turn of the slot), -1 (never by itself), 0
// (every record: the writer does it), or so many ms after the writer was flushed last.
//   BT1. Whatever the timeout, a writer without room is flushed, and so is every writer of a task that takes no more input: nothing that others
//        wait for stays behind. Barriers and ends flush on their own.
import type { Clock } from '../../clock.ts';
import type { RecordWriter } from '../channels/channel.ts';

export interface TimedWriter {
  readonly writer: RecordWriter;
  readonly bufferTimeoutMs: number | undefined;
}

interface WaitingWriter {
  readonly writer: RecordWriter;
  /** +Infinity: never by itself. */
  readonly timeoutMs: number;
  flushedMs: number;
}

export class BufferTimeouts {
  readonly #clock: Clock;
  readonly #wake: () => void;
  readonly #prompt: readonly RecordWriter[];
  readonly #waiting: readonly WaitingWriter[];
  #timer: { cancel(): void } | undefined;

  /** @param wake lets the slot have a turn */
  constructor(writers: readonly TimedWriter[], clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
    const isPrompt = ({ bufferTimeoutMs = 0 }: TimedWriter): boolean => bufferTimeoutMs === 0;
    this.#prompt = writers.filter(isPrompt).map(({ writer }) => writer);
    const nowMs = clock.monotonicMs();
    this.#waiting = writers
      .filter((timed) => !isPrompt(timed))
      .map(({ writer, bufferTimeoutMs = 0 }) => ({
        writer,
        timeoutMs: bufferTimeoutMs < 0 ? Number.POSITIVE_INFINITY : bufferTimeoutMs,
        flushedMs: nowMs,
      }));
  }

  /** @param takesInput false: the task is ending, or waits for something */
  endTurn(takesInput: boolean): void {
    for (const writer of this.#prompt) writer.flush();
    if (this.#waiting.length > 0) this.#flushDue(takesInput);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #flushDue(takesInput: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const waiting of this.#waiting) {
      const { writer, timeoutMs } = waiting;
      if (!takesInput || nowMs - waiting.flushedMs >= timeoutMs || !writer.isAvailable()) {
        writer.flush();
        waiting.flushedMs = nowMs;
      } else if (!writer.isDrained()) nextMs = Math.min(nextMs, waiting.flushedMs + timeoutMs);
    }
    this.#wakeIn(nextMs - nowMs);
  }

  #wakeIn(delayMs: number): void {
    if (this.#timer !== undefined || delayMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.schedule(this.#clock.nowMs() + Math.ceil(delayMs), () => {
      this.#timer = undefined;
      this.#wake();
    });
  }
}
