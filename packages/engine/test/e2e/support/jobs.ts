// Small programs that life-cycle tests put together.
import {
  type Collector,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OnTimerContext,
  type Program,
  RestartStrategies,
  type SingleOutputStreamOperator,
  type StreamExecutionEnvironment,
  ValueStateDescriptor,
  WatermarkStrategy,
} from '@yeoul/engine';
import { type Gate, PartitionedSource } from './partitioned-source.ts';

export interface NumbersOptions {
  readonly uid: string;
  readonly partitions?: number;
  readonly count: number;
  readonly gate?: Gate;
}

/** `${uid}:${partition}:${index}` with event time = index. */
export function texts(env: StreamExecutionEnvironment, options: NumbersOptions): SingleOutputStreamOperator<string> {
  const { uid, partitions = 2, count, gate } = options;
  const source = new PartitionedSource<string>({
    partitions,
    recordsPerPartition: () => count,
    recordAt: (partition, index) => `${uid}:${partition}:${index}`,
    timestampAt: (_partition, index) => index,
    ...(gate ? { gate } : {}),
  });
  return env.fromSource(source, WatermarkStrategy.forMonotonousTimestamps<string>(), uid).uid(uid);
}

export function allTexts(uid: string, count: number, partitions = 2, from = 0): string[] {
  return Array.from({ length: partitions }, (_, p) =>
    Array.from({ length: count - from }, (_, i) => `${uid}:${p}:${i + from}`),
  ).flat();
}

const countDescriptor = new ValueStateDescriptor<number>('count');

/** The total per key, when event time ends. */
export class TotalAtEnd extends KeyedProcessFunction<string, string, string> {
  processElement(_value: string, context: KeyedProcessContext<string>): void {
    const state = this.getRuntimeContext().getState(countDescriptor);
    state.update((state.value() ?? 0) + 1);
    context.timerService().registerEventTimeTimer(1e15);
  }

  override onTimer(_timestampMs: number, context: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${context.getCurrentKey()} ${this.getRuntimeContext().getState(countDescriptor).value()}`);
  }
}

export interface JobSettings {
  readonly checkpointMs?: number;
  readonly restarts?: number;
}

/** Settings, then the streams, then execute. */
export function job(build: (env: StreamExecutionEnvironment) => void, settings: JobSettings = {}): Program {
  return async (env) => {
    const { checkpointMs = 10, restarts = 100 } = settings;
    env.enableCheckpointing(checkpointMs);
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(restarts, 1));
    env.getConfig().setAutoWatermarkInterval(1);
    build(env);
    await env.execute('job');
  };
}
