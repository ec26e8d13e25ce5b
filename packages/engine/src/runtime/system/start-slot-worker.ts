// Entry of a slot's worker thread, called by the assembled worker file with the modules programs may import.
import { parentPort } from 'node:worker_threads';
import { evaluateForSlot } from '../program/evaluate-program.ts';
import type { EngineModules } from '../program/load-program.ts';
import { SlotRuntime } from '../slot/slot-runtime.ts';
import { SystemClock } from './system-clock.ts';
import { sleepOnSignal, slotMemory, slotPortOf, yieldTurn } from './worker-ports.ts';

export function startSlotWorker(modules: EngineModules): void {
  if (!parentPort) throw new Error('A slot worker runs in a worker thread');
  const slot = new SlotRuntime({
    port: slotPortOf(parentPort),
    clock: new SystemClock(),
    random: Math.random,
    evaluate: (program, print) => evaluateForSlot(program, modules, print),
    yieldTurn,
    sleep: sleepOnSignal,
    memory: slotMemory,
  });
  // Still ends the thread, by an error that says where in the program it came from.
  process.on('uncaughtException', (error) => {
    throw slot.describeUncaught(error);
  });
  void slot.loop.run();
}
