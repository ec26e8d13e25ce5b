// The job of the tests against our own server: as test/flink/CountJob.java.
import { IntCounter, type Program, RestartStrategies, RichMapFunction, ValueStateDescriptor } from 'yeoul';

class Count extends RichMapFunction<number, string> {
  readonly #seen = new IntCounter();

  override open(): void {
    this.getRuntimeContext().addAccumulator('seen', this.#seen);
  }

  map(value: number): string {
    this.#seen.add(1);
    const count = this.getRuntimeContext().getState(new ValueStateDescriptor<number>('count'));
    count.update((count.value() ?? 0) + 1);
    return `${value % 10}: ${count.value()}`;
  }
}

export const CountJob: Program = async (env, args) => {
  const [mode] = args;
  if (mode === 'throw') throw new Error('the program says no');
  env.enableCheckpointing(500);
  env.setRestartStrategy(RestartStrategies.noRestart());
  env
    .addSource<number>(async function* (context) {
      for (let next = 0; context.isRunning(); next++) {
        if (mode === 'finish' && next === 20) return;
        if (mode === 'fail' && next === 20) throw new Error('number 20 is too much');
        context.collect(next);
        yield;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })
    .uid('numbers')
    .keyBy((value) => value % 10)
    .map(new Count())
    .uid('count')
    .print();
  await env.execute(args.join('|'));
};

export default CountJob;
