// Average temperature of each sensor in event-time windows: tumbling, 1 s; or sliding, 10 s every 1 s.
import {
  type AggregateFunction,
  type CheckpointedFunction,
  type FunctionInitializationContext,
  type ListState,
  ListStateDescriptor,
  RichParallelSourceFunction,
  SlidingEventTimeWindows,
  type SourceContext,
  type StreamExecutionEnvironment,
  Time,
  TumblingEventTimeWindows,
  type TypeOf,
  Types,
} from 'yeoul';
import { fahrenheitOf, nextRandom, seedOf, sensorIds } from '../src/generator.ts';
import type { RunOptions } from '../src/protocol.ts';
import { CountingSink } from './counting-sink.ts';
import { RECORDS_PER_STEP, restoreOwn } from './source-position.ts';

const readingType = Types.row({ id: Types.string, timestamp: Types.long, temperature: Types.double });
type Reading = TypeOf<typeof readingType>;

export function buildTumbling(env: StreamExecutionEnvironment, options: RunOptions): void {
  celsiusBySensor(env, options)
    .window(TumblingEventTimeWindows.of(Time.seconds(1)))
    .aggregate(new Average(), averageTypes)
    .addSink(new AverageSink());
}

export function buildSliding(env: StreamExecutionEnvironment, options: RunOptions): void {
  celsiusBySensor(env, options)
    .window(SlidingEventTimeWindows.of(Time.seconds(10), Time.seconds(1)))
    .aggregate(new Average(), averageTypes)
    .addSink(new AverageSink());
}

function celsiusBySensor(env: StreamExecutionEnvironment, { records, keys }: RunOptions) {
  return env
    .addSource(new Readings(records, keys))
    .returns(readingType)
    .map(({ id, timestamp, temperature }) => ({ id, timestamp, temperature: (temperature - 32) * (5 / 9) }))
    .returns(readingType)
    .keyBy((reading) => reading.id, Types.string);
}

/** Where a subtask stands: `next` records emitted, the generator's `x`, and its last watermark. */
const positionType = Types.row({ subtask: Types.int, next: Types.long, x: Types.int, lastWatermarkMs: Types.long });

/** 100 readings for each millisecond of event time, over all subtasks; a watermark every 10 ms of event time. */
class Readings extends RichParallelSourceFunction<Reading> implements CheckpointedFunction {
  readonly #records: number;
  readonly #keys: number;
  #next = 0;
  #x = 0;
  #lastWatermarkMs = 0;
  #position: ListState<TypeOf<typeof positionType>> | undefined;

  constructor(records: number, keys: number) {
    super();
    this.#records = records;
    this.#keys = keys;
  }

  initializeState(context: FunctionInitializationContext): void {
    const subtask = this.getRuntimeContext().indexOfThisSubtask;
    this.#position = context.operatorStateStore.getUnionListState(new ListStateDescriptor('position', positionType));
    const restored = restoreOwn(this.#position.get(), subtask, context.isRestored);
    this.#next = restored?.next ?? 0;
    this.#x = restored?.x ?? seedOf(subtask);
    this.#lastWatermarkMs = restored?.lastWatermarkMs ?? 0;
  }

  snapshotState(): void {
    const subtask = this.getRuntimeContext().indexOfThisSubtask;
    this.#position?.update([{ subtask, next: this.#next, x: this.#x, lastWatermarkMs: this.#lastWatermarkMs }]);
  }

  override *run(ctx: SourceContext<Reading>): Generator<void> {
    const { indexOfThisSubtask: subtask, numberOfParallelSubtasks: parallelism } = this.getRuntimeContext();
    const ids = sensorIds(Math.floor(this.#keys / parallelism), parallelism, subtask);
    const count = Math.floor(this.#records / parallelism);
    while (this.#next < count) {
      const end = Math.min(this.#next + RECORDS_PER_STEP, count);
      let x = this.#x;
      for (let i = this.#next; i < end; i++) {
        x = nextRandom(x);
        const timestamp = Math.floor((i * parallelism) / 100);
        const id = ids[(x >>> 1) % ids.length]!;
        ctx.collectWithTimestamp({ id, timestamp, temperature: fahrenheitOf(x) }, timestamp);
        if (timestamp >= this.#lastWatermarkMs + 10) {
          ctx.emitWatermark(timestamp - 1);
          this.#lastWatermarkMs = timestamp;
        }
      }
      this.#x = x;
      this.#next = end;
      yield;
    }
  }
}

interface Sum {
  sum: number;
  count: number;
}

const averageTypes = { accumulator: Types.row({ sum: Types.double, count: Types.long }), result: Types.double };

class Average implements AggregateFunction<Reading, Sum, number> {
  createAccumulator(): Sum {
    return { sum: 0, count: 0 };
  }

  add(reading: Reading, into: Sum): Sum {
    into.sum += reading.temperature;
    into.count++;
    return into;
  }

  getResult({ sum, count }: Sum): number {
    return sum / count;
  }

  merge(into: Sum, from: Sum): Sum {
    into.sum += from.sum;
    into.count += from.count;
    return into;
  }
}

class AverageSink extends CountingSink<number> {
  summand(average: number): number {
    return Math.round(average * 1000);
  }
}
