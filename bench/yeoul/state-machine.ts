// Keyed value state, one transition for each record; an event that the state does not accept is an alert.
import {
  type CheckpointedFunction,
  type Collector,
  type FunctionInitializationContext,
  type ListState,
  ListStateDescriptor,
  RichFlatMapFunction,
  RichParallelSourceFunction,
  type RuntimeContext,
  type SourceContext,
  type StreamExecutionEnvironment,
  type TypeOf,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from 'yeoul';
import { INVALID_EVENT, nextRandom, nextState, seedOf } from '../src/generator.ts';
import type { RunOptions } from '../src/protocol.ts';
import { CountingSink } from './counting-sink.ts';
import { RECORDS_PER_STEP, restoreOwn } from './source-position.ts';

const eventType = Types.row({ address: Types.int, type: Types.int });
type Event = TypeOf<typeof eventType>;

export function buildStateMachine(env: StreamExecutionEnvironment, { records, keys }: RunOptions): void {
  env
    .addSource(new Events(records, keys))
    .returns(eventType)
    .keyBy((event) => event.address, Types.int)
    .flatMap(new Machine())
    .returns(Types.int)
    .addSink(new AlertSink());
}

/** Where a subtask stands: `next` records emitted, the generator's `x`, and the state of each of its addresses. */
const positionType = Types.row({ subtask: Types.int, next: Types.long, x: Types.int, states: Types.bytes });

/** Each subtask walks its own share of the addresses through the machine; one event in 1,024 is an invalid one. */
class Events extends RichParallelSourceFunction<Event> implements CheckpointedFunction {
  readonly #records: number;
  readonly #keys: number;
  #next = 0;
  #x = 0;
  #states: Uint8Array = new Uint8Array();
  #position: ListState<TypeOf<typeof positionType>> | undefined;

  constructor(records: number, keys: number) {
    super();
    this.#records = records;
    this.#keys = keys;
  }

  initializeState(context: FunctionInitializationContext): void {
    const { indexOfThisSubtask, numberOfParallelSubtasks } = this.getRuntimeContext();
    this.#position = context.operatorStateStore.getUnionListState(new ListStateDescriptor('position', positionType));
    const restored = restoreOwn(this.#position.get(), indexOfThisSubtask, context.isRestored);
    this.#next = restored?.next ?? 0;
    this.#x = restored?.x ?? seedOf(indexOfThisSubtask);
    this.#states = restored?.states ?? new Uint8Array(Math.floor(this.#keys / numberOfParallelSubtasks));
  }

  snapshotState(): void {
    const subtask = this.getRuntimeContext().indexOfThisSubtask;
    this.#position?.update([{ subtask, next: this.#next, x: this.#x, states: this.#states.slice() }]);
  }

  override *run(ctx: SourceContext<Event>): Generator<void> {
    const { indexOfThisSubtask: subtask, numberOfParallelSubtasks: parallelism } = this.getRuntimeContext();
    const states = this.#states;
    const ownKeys = states.length;
    const count = Math.floor(this.#records / parallelism);
    while (this.#next < count) {
      const end = Math.min(this.#next + RECORDS_PER_STEP, count);
      let x = this.#x;
      for (let i = this.#next; i < end; i++) {
        x = nextRandom(x);
        const key = (x >>> 1) % ownKeys;
        let type = INVALID_EVENT;
        if ((x & 1023) !== 7) {
          const choice = (x >>> 20) & 1;
          const state = states[key]!;
          type = state * 2 + choice;
          states[key] = nextState(state, choice);
        }
        ctx.collect({ address: key * parallelism + subtask, type });
      }
      this.#x = x;
      this.#next = end;
      yield;
    }
  }
}

class Machine extends RichFlatMapFunction<Event, number> {
  #state!: ValueState<number>;

  override open(context: RuntimeContext): void {
    this.#state = context.getState(new ValueStateDescriptor('state', Types.int));
  }

  flatMap(event: Event, out: Collector<number>): void {
    const from = this.#state.value() ?? 0;
    if (event.type === INVALID_EVENT || event.type >> 1 !== from) out.collect(event.address);
    else this.#state.update(nextState(from, event.type & 1));
  }
}

class AlertSink extends CountingSink<number> {
  summand(address: number): number {
    return address;
  }
}
