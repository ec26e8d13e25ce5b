// Slots on the calling thread, for tests: the same slot runtime over an in-memory link. Messages are copied as between threads.
import { setImmediate as immediate } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import type { JobGraph } from '../../graph/job-graph.ts';
import { waitForSignal } from '../channels/slot-signal.ts';
import type {
  CoordinatorMessage,
  ProgramDescriptor,
  SlotLauncher,
  SlotLink,
  SlotMessage,
  SlotPort,
} from '../messages.ts';
import { SlotRuntime } from '../slot/slot-runtime.ts';
import { slotMemory } from './worker-ports.ts';

export interface InProcessLauncherOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly evaluate: (program: ProgramDescriptor) => Promise<JobGraph>;
  /** Turns of the event loop that the next turn of a slot, or the next message, waits; by chance it makes other schedules. Default 0. */
  readonly delayTurns?: () => number;
}

/** Handle on one in-process slot, for faults. */
export interface InProcessSlot {
  readonly slotIndex: number;
  /** The slot ends as if its thread had crashed: nothing is closed, nothing is said. */
  crash(error: Error): void;
}

export class InProcessSlotLauncher implements SlotLauncher {
  readonly slots: InProcessSlot[] = [];
  readonly #options: InProcessLauncherOptions;

  constructor(options: InProcessLauncherOptions) {
    this.#options = options;
  }

  launch({ slotIndex }: { readonly slotIndex: number }): SlotLink {
    const link = new InProcessLink(this.#options);
    const slot = { slotIndex, crash: (error: Error) => link.crash(error) };
    this.slots.push(slot);
    link.onGone = () => this.slots.splice(this.slots.indexOf(slot), 1);
    return link;
  }
}

/** Sleeping slots look again at least this often; tests are not slowed by a lost wake-up. */
const MAX_SLEEP_MS = 5;

class InProcessLink implements SlotLink {
  onGone: () => void = () => undefined;
  readonly #slot: SlotRuntime;
  #toSlot: (message: CoordinatorMessage) => void = () => undefined;
  #toCoordinator: (message: SlotMessage) => void = () => undefined;
  #exited: (error: Error) => void = () => undefined;
  readonly #delayTurns: () => number;
  #gone = false;
  /** Messages arrive in the order they were sent, in each direction. */
  #tails = { toSlot: Promise.resolve(), toCoordinator: Promise.resolve() };

  constructor(options: InProcessLauncherOptions) {
    this.#delayTurns = options.delayTurns ?? (() => 0);
    const port: SlotPort = {
      send: (message) => this.#deliver('toCoordinator', message, () => this.#toCoordinator),
      onMessage: (handler) => (this.#toSlot = handler),
    };
    this.#slot = new SlotRuntime({
      port,
      clock: options.clock,
      random: options.random,
      evaluate: options.evaluate,
      yieldTurn: () => this.#pause(),
      sleep: (signals, index) => (signals ? waitForSignal(signals, index, MAX_SLEEP_MS) : immediate()),
      memory: slotMemory,
    });
    void this.#slot.loop.run();
  }

  send(message: CoordinatorMessage): void {
    this.#deliver('toSlot', message, () => this.#toSlot);
  }

  onMessage(handler: (message: SlotMessage) => void): void {
    this.#toCoordinator = handler;
  }

  onExit(handler: (error: Error) => void): void {
    this.#exited = handler;
  }

  crash(error: Error): void {
    if (this.#gone) return;
    this.#end();
    setImmediate(() => this.#exited(error));
  }

  async terminate(): Promise<void> {
    this.#end();
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#slot.loop.close();
    this.onGone();
  }

  #deliver<M>(direction: 'toSlot' | 'toCoordinator', message: M, to: () => (message: M) => void): void {
    const copy = structuredClone(message);
    const earlier = this.#tails[direction];
    this.#tails[direction] = (async () => {
      await earlier;
      await this.#pause();
      if (!this.#gone) to()(copy);
    })();
  }

  async #pause(): Promise<void> {
    for (let turns = this.#delayTurns(); turns >= 0; turns--) await immediate();
  }
}
