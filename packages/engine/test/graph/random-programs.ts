// Random programs as data: each step adds an operator that reads earlier streams.
import fc from 'fast-check';
import { type DataStream, OutputTag, SingleOutputStreamOperator, StreamExecutionEnvironment } from '../../src/index.ts';

export interface ProgramStep {
  readonly kind: 'source' | 'map' | 'union' | 'connect' | 'rebalance' | 'forward' | 'reduce' | 'sideOutput';
  /** Earlier streams it reads, counted from the newest. */
  readonly from: number;
  readonly also: number;
  readonly parallelism: number;
  readonly chaining: 'default' | 'disabled' | 'new';
  readonly group: 'default' | 'other' | undefined;
  readonly uid: boolean;
}

const step: fc.Arbitrary<ProgramStep> = fc.record({
  kind: fc.constantFrom(
    'source',
    'map',
    'map',
    'map',
    'union',
    'connect',
    'rebalance',
    'forward',
    'reduce',
    'sideOutput',
  ),
  from: fc.nat(5),
  also: fc.nat(5),
  parallelism: fc.constantFrom(2, 2, 2, 3),
  chaining: fc.constantFrom('default', 'default', 'default', 'disabled', 'new'),
  group: fc.constantFrom(undefined, undefined, undefined, 'default', 'other'),
  uid: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

export const programSteps = fc.array(step, { minLength: 1, maxLength: 14 });

const tag = new OutputTag<number>('side');

export function buildRandomProgram(steps: readonly ProgramStep[], chaining: boolean): StreamExecutionEnvironment {
  const env = new StreamExecutionEnvironment().setParallelism(2);
  if (!chaining) env.disableOperatorChaining();
  const streams: DataStream<number>[] = [env.fromSequence(1, 2)];
  steps.forEach((current, index) => {
    const pick = (back: number): DataStream<number> =>
      streams[Math.max(0, streams.length - 1 - back)] as DataStream<number>;
    const stream = add(env, current, pick(current.from), pick(current.also));
    if (stream instanceof SingleOutputStreamOperator) configure(stream, current, index);
    streams.push(stream);
  });
  (streams.at(-1) as DataStream<number>).print();
  return env;
}

function add(
  env: StreamExecutionEnvironment,
  { kind }: ProgramStep,
  from: DataStream<number>,
  also: DataStream<number>,
): DataStream<number> {
  const inc = (x: number): number => x + 1;
  switch (kind) {
    case 'source':
      return env.fromSequence(1, 2);
    case 'map':
      return from.map(inc);
    case 'union':
      return from.union(also);
    case 'connect':
      return from.connect(also).map(inc, inc);
    case 'rebalance':
      return from.rebalance();
    case 'forward':
      return from
        .map(inc)
        .setParallelism(from.getParallelism())
        .forward()
        .map(inc)
        .setParallelism(from.getParallelism());
    case 'reduce':
      return from.keyBy(inc).reduce((a) => a);
    case 'sideOutput':
      return from.process<number>(() => undefined).getSideOutput(tag);
  }
}

function configure(stream: SingleOutputStreamOperator<number>, current: ProgramStep, index: number): void {
  if (current.kind !== 'forward') stream.setParallelism(current.parallelism);
  if (current.chaining === 'disabled') stream.disableChaining();
  if (current.chaining === 'new') stream.startNewChain();
  if (current.group !== undefined) stream.slotSharingGroup(current.group);
  if (current.uid) stream.uid(`uid ${index}`);
}
