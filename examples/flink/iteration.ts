// Continues the Fibonacci sequences of random pairs until they exceed a bound, and counts the steps that took: a loop in the stream.
//   yeoul run examples/flink/iteration.ts [--input PATH] [--output PATH]
import {
  type Collector,
  type MapFunction,
  OutputTag,
  ParameterTool,
  type ProcessContext,
  ProcessFunction,
  type Program,
  type SourceContext,
  type SourceFunction,
} from 'yeoul';
import 'yeoul/connectors/files';

export const BOUND = 100;
const PAIRS = 20;

type Pair = readonly [first: number, second: number];
/** The pair as it came in, where its sequence is now, and the steps up to there. */
type Step = readonly [first: number, second: number, previous: number, current: number, counter: number];

const iterateTag = new OutputTag<Step>('iterate');

export const IterateExample: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.setBufferTimeout(1);

  const input = params.get('input');
  const pairs = input === undefined ? env.addSource(new RandomFibonacciSource()) : env.readTextFile(input).map(toPair);

  // Iterates, and gives up when nothing came back for 5 seconds.
  const it = pairs.map(new InputMap()).iterate(5000);
  const step = it.process(new NextNumber());
  it.closeWith(step.getSideOutput(iterateTag));

  const numbers = step.map(([first, second, , , counter]) => [[first, second], counter]);

  const output = params.get('output');
  if (output === undefined) numbers.print();
  else numbers.writeAsText(output);

  await env.execute('Streaming Iteration Example');
};

export default IterateExample;

/** "(34,2)" */
export function toPair(line: string): Pair {
  const [first = '', second = ''] = line.slice(1, -1).split(',');
  return [Number(first), Number(second)];
}

class RandomFibonacciSource implements SourceFunction<Pair> {
  *run(context: SourceContext<Pair>): Generator<void> {
    for (let i = 0; i < PAIRS && context.isRunning(); i++) {
      context.collect([randomNumber(), randomNumber()]);
      yield;
    }
  }
}

function randomNumber(): number {
  return Math.floor(Math.random() * (BOUND / 2 - 1)) + 1;
}

class InputMap implements MapFunction<Pair, Step> {
  map([first, second]: Pair): Step {
    return [first, second, first, second, 0];
  }
}

class NextNumber extends ProcessFunction<Step, Step> {
  override processElement(step: Step, context: ProcessContext, out: Collector<Step>): void {
    const [first, second, previous, current, counter] = step;
    const next: Step = [first, second, current, previous + current, counter + 1];
    if (next[2] < BOUND && next[3] < BOUND) context.output(iterateTag, next);
    else out.collect(next);
  }
}
