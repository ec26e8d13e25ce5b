// Timers of one service and one time domain: (timestamp, key, namespace), each at most once, in time order and, at one time,
// in the order they were set. Buckets by timestamp; a heap of the bucket times.
//   T1. Every bucket's time is in the heap; the heap may hold times without a bucket (stale), never more than half of it.
//   T2. A timer keeps its key's slot alive.
//   T3. The value beside a timer is the epoch of the newest snapshot that needs nothing more of it (see key-context X2).
import type { SnapshotCursor } from '../cells.ts';
import { namespaceId } from '../heap/heap-panes.ts';
import type { CellSink, KeyContext } from '../key-context.ts';

/** Stale heap entries that are not worth a rebuild. */
const STALE_ALLOWANCE = 1024;

interface NamespaceTimers {
  readonly namespace: unknown;
  /** Slot → epoch, in insertion order. */
  readonly slots: Map<number, number>;
  /** Goes on where the last poll stopped: Map iterators live with deletions and additions. */
  polling: IterableIterator<[number, number]> | undefined;
}

type Bucket = Map<unknown, NamespaceTimers>;

/** A timer that is due. Its slot stays retained: release it after use. */
export interface DueTimer {
  timestampMs: number;
  slot: number;
  namespace: unknown;
}

export class TimerQueue {
  readonly id: number;
  readonly #context: KeyContext;
  readonly #buckets = new Map<number, Bucket>();
  #heap: number[] = [];
  #stale = 0;
  #size = 0;
  readonly #due: DueTimer = { timestampMs: 0, slot: 0, namespace: undefined };

  constructor(id: number, context: KeyContext) {
    this.id = id;
    this.#context = context;
  }

  get size(): number {
    return this.#size;
  }

  /** Sets a timer for the current key. */
  add(namespace: unknown, timestampMs: number): void {
    const slot = this.#context.claim();
    const slots = this.#claimGroup(namespace, timestampMs).slots;
    if (slots.has(slot)) return;
    slots.set(slot, this.#context.epoch);
    this.#context.retain(slot);
    this.#size++;
  }

  /** Removes the current key's timer, if it is set. */
  remove(namespace: unknown, timestampMs: number): void {
    const slot = this.#context.find();
    const bucket = this.#buckets.get(timestampMs);
    const group = bucket?.get(namespaceId(namespace));
    const stamp = slot < 0 ? undefined : group?.slots.get(slot);
    if (stamp === undefined) return;
    this.#touch(timestampMs, group!, slot, stamp);
    this.#take(timestampMs, bucket!, group!, slot);
    this.#context.release(slot);
  }

  /** Time of the earliest timer, +Infinity when there is none. */
  earliestMs(): number {
    while (this.#heap.length > 0) {
      const first = this.#heap[0]!;
      if (this.#buckets.has(first)) return first;
      popHeap(this.#heap);
      this.#stale--;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Takes the earliest timer out if it is due. The result is reused by the next call. */
  poll(untilMs: number): DueTimer | undefined {
    const timestampMs = this.earliestMs();
    if (timestampMs > untilMs || this.#size === 0) return undefined;
    const bucket = this.#buckets.get(timestampMs)!;
    const group = bucket.values().next().value!;
    group.polling ??= group.slots.entries();
    const [slot, stamp] = group.polling.next().value as [number, number];
    this.#touch(timestampMs, group, slot, stamp);
    this.#take(timestampMs, bucket, group, slot);
    this.#due.timestampMs = timestampMs;
    this.#due.slot = slot;
    this.#due.namespace = group.namespace;
    return this.#due;
  }

  createCursor(run: CellSink): SnapshotCursor {
    const walk = this.#pending(run);
    return {
      advance: (maxCells) => {
        for (let i = 0; i < maxCells; i++) if (walk.next().done === true) return true;
        return false;
      },
    };
  }

  *#pending(run: CellSink): Generator<void> {
    for (const [timestampMs, bucket] of this.#buckets) {
      for (const group of bucket.values()) {
        for (const [slot, stamp] of group.slots) {
          if (stamp < run.epoch) this.#touch(timestampMs, group, slot, stamp);
          yield;
        }
      }
    }
  }

  #claimGroup(namespace: unknown, timestampMs: number): NamespaceTimers {
    let bucket = this.#buckets.get(timestampMs);
    if (bucket === undefined) {
      bucket = new Map();
      this.#buckets.set(timestampMs, bucket);
      pushHeap(this.#heap, timestampMs);
    }
    const id = namespaceId(namespace);
    let group = bucket.get(id);
    if (group === undefined) {
      group = { namespace, slots: new Map(), polling: undefined };
      bucket.set(id, group);
    }
    return group;
  }

  /** Takes the timer out; the slot's reference is the caller's now. */
  #take(timestampMs: number, bucket: Bucket, group: NamespaceTimers, slot: number): void {
    group.slots.delete(slot);
    this.#size--;
    if (group.slots.size > 0) return;
    bucket.delete(namespaceId(group.namespace));
    if (bucket.size > 0) return;
    this.#buckets.delete(timestampMs);
    if (this.#heap[0] === timestampMs) popHeap(this.#heap);
    else if (++this.#stale > this.#buckets.size + STALE_ALLOWANCE) this.#rebuildHeap();
  }

  #rebuildHeap(): void {
    // A sorted array is a heap.
    this.#heap = [...this.#buckets.keys()].sort((a, b) => a - b);
    this.#stale = 0;
  }

  #touch(timestampMs: number, group: NamespaceTimers, slot: number, stamp: number): void {
    const context = this.#context;
    if (!context.isSnapshotting || stamp === context.epoch) return;
    group.slots.set(slot, context.epoch);
    for (const run of context.runs) if (run.epoch > stamp) run.writeCell(this.id, slot, group.namespace, timestampMs);
  }
}

function pushHeap(heap: number[], value: number): void {
  let at = heap.push(value) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]! <= value) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = value;
}

function popHeap(heap: number[]): void {
  const value = heap.pop()!;
  const length = heap.length;
  if (length === 0) return;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= length) break;
    if (child + 1 < length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}
