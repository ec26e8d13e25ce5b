// For the startup benchmark: a job with an exchange that runs until it is ended, and has next to nothing to do.
import {
  DiscardingSink,
  RichParallelSourceFunction,
  type SourceContext,
  type StreamExecutionEnvironment,
  Types,
} from 'yeoul';

const TICK_MS = 100;

export function buildEndless(env: StreamExecutionEnvironment): void {
  env
    .addSource(new Ticks())
    .returns(Types.int)
    .keyBy((tick) => tick, Types.int)
    .map((tick) => tick)
    .returns(Types.int)
    .addSink(new DiscardingSink());
}

class Ticks extends RichParallelSourceFunction<number> {
  override *run(ctx: SourceContext<number>): Generator<Promise<void>> {
    for (let tick = 0; ctx.isRunning(); tick++) {
      ctx.collect(tick);
      yield new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }
}
