// The worker thread's surroundings of a slot: its port, its turns, its sleep.
import { setImmediate as immediate, setTimeout as timeout } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { waitForSignal } from '../channels/slot-signal.ts';
import type { CoordinatorMessage, SlotPort, SlotReport } from '../messages.ts';

export function slotPortOf(port: MessagePort): SlotPort {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (handler) => port.on('message', (message: CoordinatorMessage) => handler(message)),
  };
}

export async function yieldTurn(): Promise<void> {
  await immediate();
}

/** A lost wake-up, should there be one, costs at most this. */
const MAX_SLEEP_MS = 50;

/** Before the first deployment there is no cell to sleep on, and nothing that could be late. */
export function sleepOnSignal(signals: SharedArrayBuffer | undefined, slotIndex: number): Promise<void> {
  return signals ? waitForSignal(signals, slotIndex, MAX_SLEEP_MS) : timeout(MAX_SLEEP_MS);
}

export function slotMemory(): Omit<SlotReport, 'utilization'> {
  const { heapUsed, heapTotal, external } = process.memoryUsage();
  return { heapUsedBytes: heapUsed, heapTotalBytes: heapTotal, externalBytes: external };
}
