// Asks a (pretended) outside service about every number, many questions in flight, and counts the answers.
//   yeoul run examples/flink/async-io.ts [--maxCount 100000] [--waitMode ordered|unordered] [--sleepFactor 100]
//     [--failRatio 0.001] [--waitOperatorParallelism 1] [--timeout 10000] [--checkpointMode exactly_once|at_least_once]
import {
  AsyncDataStream,
  type CheckpointedFunction,
  CheckpointingMode,
  type Collector,
  type FunctionInitializationContext,
  type ListState,
  ListStateDescriptor,
  ParameterTool,
  type Program,
  type ResultFuture,
  RichAsyncFunction,
  type SourceContext,
  type SourceFunction,
  Types,
} from 'yeoul';

export const AsyncIOExample: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  const maxCount = params.getInt('maxCount', 100_000);
  const sleepFactor = params.getLong('sleepFactor', 100);
  const failRatio = params.getFloat('failRatio', 0.001);
  const mode = params.get('waitMode', 'ordered');
  const taskNum = params.getInt('waitOperatorParallelism', 1);
  const timeout = params.getLong('timeout', 10_000);
  const exactlyOnce = params.get('checkpointMode', 'exactly_once') === 'exactly_once';

  env.enableCheckpointing(1000, exactlyOnce ? CheckpointingMode.ExactlyOnce : CheckpointingMode.AtLeastOnce);

  const inputStream = env.addSource(new SimpleSource(maxCount));

  const asyncFunction = new SampleAsyncFunction(sleepFactor, failRatio);

  const result =
    mode === 'ordered'
      ? AsyncDataStream.orderedWait(inputStream, asyncFunction, timeout, 20).setParallelism(taskNum)
      : AsyncDataStream.unorderedWait(inputStream, asyncFunction, timeout, 20).setParallelism(taskNum);

  result
    .flatMap((value, out: Collector<[answer: string, count: number]>) => out.collect([value, 1]))
    .keyBy(0)
    .sum(1)
    .print();

  await env.execute('Async IO Example');
};

export default AsyncIOExample;

/** Numbers from 0, one every 10 ms; goes on where its state says. */
class SimpleSource implements SourceFunction<number>, CheckpointedFunction {
  readonly #maxCount: number;
  #start = 0;
  #state: ListState<number> | undefined;

  /** @param maxCount -1: endless */
  constructor(maxCount: number) {
    this.#maxCount = maxCount;
  }

  initializeState(context: FunctionInitializationContext): void {
    this.#state = context.operatorStateStore.getListState(new ListStateDescriptor('state', Types.int));
    for (const start of this.#state.get()) this.#start = start;
  }

  snapshotState(): void {
    this.#state?.update([this.#start]);
  }

  async *run(context: SourceContext<number>): AsyncGenerator<void> {
    while ((this.#start < this.#maxCount || this.#maxCount === -1) && context.isRunning()) {
      context.collect(this.#start);
      this.#start = this.#start === 2 ** 31 - 2 ? 0 : this.#start + 1;
      yield;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Answers after a while, and sometimes not at all. */
class SampleAsyncFunction extends RichAsyncFunction<number, string> {
  readonly #sleepFactor: number;
  readonly #failRatio: number;

  /** @param sleepFactor longest time that an answer takes, ms; @param failRatio share of questions that fail, 0..1 */
  constructor(sleepFactor: number, failRatio: number) {
    super();
    this.#sleepFactor = sleepFactor;
    this.#failRatio = failRatio;
  }

  override asyncInvoke(input: number, resultFuture: ResultFuture<string>): void {
    setTimeout(() => {
      if (Math.random() < this.#failRatio) resultFuture.completeExceptionally(new Error('The service is not well'));
      else resultFuture.complete([`key-${input % 10}`]);
    }, Math.random() * this.#sleepFactor);
  }
}
