// What an asynchronous source handed over outside its turn, in order, until the mailbox takes it.
//   Q1. Bounded: past MAX_QUEUED_ELEMENTS the source fails with SOURCE_QUEUE_FULL; collectAsync waits long before that.
//   Q2. Drained before every barrier, so a position that was advanced always has its record downstream.
import { appError } from '../../../errors.ts';

export type QueuedElement =
  | { readonly kind: 'record'; readonly value: unknown; readonly timestampMs: number }
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  | { readonly kind: 'idle' };

/** Elements a source may hand over with plain collect while nothing is taken. */
export const MAX_QUEUED_ELEMENTS = 100_000;

/** collectAsync resolves at once below this fill. */
export const ROOM_THRESHOLD = 256;

export class SourceQueue {
  #elements: QueuedElement[] = [];
  #next = 0;
  #waiters: (() => void)[] = [];

  get size(): number {
    return this.#elements.length - this.#next;
  }

  push(element: QueuedElement): void {
    if (this.size >= MAX_QUEUED_ELEMENTS) throw appError('SOURCE_QUEUE_FULL', [MAX_QUEUED_ELEMENTS]);
    this.#elements.push(element);
  }

  shift(): QueuedElement | undefined {
    const element = this.#elements[this.#next];
    if (element === undefined) return undefined;
    this.#next += 1;
    if (this.#next === this.#elements.length) this.#reset();
    return element;
  }

  /** Resolves when the queue is below ROOM_THRESHOLD. */
  whenRoom(): Promise<void> {
    if (this.size < ROOM_THRESHOLD) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Wakes those who wait for room; also at the end, so that no loop hangs. */
  releaseWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  #reset(): void {
    this.#elements = [];
    this.#next = 0;
    this.releaseWaiters();
  }
}
