// Waking a slot that sleeps, through one shared Int32 cell per slot.
//   S1. A wake between two waits makes the next wait return at once: the sleeper never misses one. It may wake for nothing.
//   S2. Whoever has something for a slot stores it first, then wakes; the slot looks for work after each wait. With the
//       sequentially consistent cells, one of the two sees the other.
import type { SlotSignal } from './channel.ts';

const Awake = 0;
const Sleeping = 1;
const Notified = 2;

/** One Int32 per slot, each on a cache line of its own. */
const CELLS_PER_SLOT = 16;

/** Shared memory for the signals of `slotCount` slots. */
export function createSignals(slotCount: number): SharedArrayBuffer {
  return new SharedArrayBuffer(Math.max(1, slotCount) * CELLS_PER_SLOT * 4);
}

/** The waking side; usable from any thread, the slot's own included. */
export function createSlotSignal(signals: SharedArrayBuffer, slotIndex: number): SlotSignal {
  const cells = new Int32Array(signals);
  const cell = slotIndex * CELLS_PER_SLOT;
  return {
    wake() {
      if (Atomics.load(cells, cell) === Notified) return;
      if (Atomics.exchange(cells, cell, Notified) === Sleeping) Atomics.notify(cells, cell);
    },
  };
}

/** Fallback where Atomics.waitAsync is missing: look this often, ms. */
const POLL_MS = 1;

type WaitAsync = (
  cells: Int32Array,
  index: number,
  value: number,
  timeoutMs: number,
) => { readonly async: boolean; readonly value: Promise<string> | string };

/**
 * The sleeping side: resolves at the first wake since the previous wait returned, or after `timeoutMs`. The thread's event
 * loop stays free. One waiter per slot at a time.
 */
export async function waitForSignal(signals: SharedArrayBuffer, slotIndex: number, timeoutMs: number): Promise<void> {
  const cells = new Int32Array(signals);
  const cell = slotIndex * CELLS_PER_SLOT;
  if (Atomics.compareExchange(cells, cell, Awake, Sleeping) === Awake) await sleep(cells, cell, timeoutMs);
  Atomics.store(cells, cell, Awake);
}

async function sleep(cells: Int32Array, cell: number, timeoutMs: number): Promise<void> {
  const { waitAsync } = Atomics as unknown as { readonly waitAsync?: WaitAsync };
  if (!waitAsync) return poll(cells, cell, timeoutMs);
  // Notified in the meantime: waitAsync sees another value and does not wait.
  const result = waitAsync(cells, cell, Sleeping, timeoutMs);
  if (!result.async) return;
  // A pending waitAsync alone does not keep a thread alive: without the timer an otherwise idle worker would exit.
  const keepAlive = setTimeout(() => {}, timeoutMs);
  try {
    await result.value;
  } finally {
    clearTimeout(keepAlive);
  }
}

async function poll(cells: Int32Array, cell: number, timeoutMs: number): Promise<void> {
  for (let leftMs = timeoutMs; leftMs > 0 && Atomics.load(cells, cell) === Sleeping; leftMs -= POLL_MS) {
    await new Promise<void>((resolve) => setTimeout(resolve, POLL_MS));
  }
}
