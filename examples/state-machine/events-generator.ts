import {
  type CheckpointedFunction,
  type FunctionInitializationContext,
  type ListState,
  ListStateDescriptor,
  RichParallelSourceFunction,
  type SourceContext,
} from 'yeoul';
import { type Event, type MachineState, randomInvalidEvent, randomTransition } from './events.ts';

/** Addresses that are under way at the same time, per subtask. */
const ACTIVE_ADDRESSES = 1000;
const ADDRESS_RANGE = 0x7fff_ffff;

type ActiveAddress = readonly [address: number, state: MachineState];

/** An endless source of events. Which addresses are in which state is part of its checkpoints. */
export class EventsGenerator extends RichParallelSourceFunction<Event> implements CheckpointedFunction {
  readonly #errorRate: number;
  readonly #delayMs: number;
  #active: ActiveAddress[] = [];
  #checkpointed: ListState<ActiveAddress> | undefined;

  /**
   * @param errorRate share of events that break the protocol, 0..1
   * @param delayMs pause after each event; 0: as fast as it goes
   */
  constructor(errorRate: number, delayMs: number) {
    super();
    this.#errorRate = errorRate;
    this.#delayMs = delayMs;
  }

  initializeState(context: FunctionInitializationContext): void {
    this.#checkpointed = context.operatorStateStore.getListState(new ListStateDescriptor<ActiveAddress>('addresses'));
    this.#active = [...this.#checkpointed.get()];
  }

  snapshotState(): void {
    this.#checkpointed?.update(this.#active);
  }

  run(context: SourceContext<Event>): Iterator<void> | AsyncIterator<void> {
    return this.#delayMs > 0 ? this.#runSlowly(context) : this.#runFast(context);
  }

  async *#runSlowly(context: SourceContext<Event>): AsyncGenerator<void> {
    while (context.isRunning()) {
      context.collect(this.#next());
      yield;
      await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
    }
  }

  *#runFast(context: SourceContext<Event>): Generator<void> {
    while (context.isRunning()) {
      context.collect(this.#next());
      yield;
    }
  }

  #next(): Event {
    const isNew = Math.random() * ACTIVE_ADDRESSES >= this.#active.length;
    const index = isNew ? this.#active.length : Math.floor(Math.random() * this.#active.length);
    const [address, state] = this.#active[index] ?? [Math.floor(Math.random() * ADDRESS_RANGE), 'Initial'];
    if (Math.random() < this.#errorRate) {
      this.#forget(index);
      return { type: randomInvalidEvent(state, Math.random()), sourceAddress: address };
    }
    const { event, target } = randomTransition(state, Math.random());
    if (target === 'Terminal') this.#forget(index);
    else this.#active[index] = [address, target];
    return { type: event, sourceAddress: address };
  }

  #forget(index: number): void {
    const last = this.#active.pop();
    if (last && index < this.#active.length) this.#active[index] = last;
  }
}
