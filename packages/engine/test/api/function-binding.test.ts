// oxlint-disable typescript/no-misused-promises -- functions that the rule would find, too, are what is refused here
import { describe, expect, it } from 'vitest';
import {
  AsyncDataStream,
  type Collector,
  KeyedProcessFunction,
  StreamExecutionEnvironment,
  Time,
  TumblingEventTimeWindows,
} from '../../src/index.ts';

const numbers = () => new StreamExecutionEnvironment().fromElements(1, 2, 3);
const odd = (n: number) => n % 2;

describe('functions whose results come later', () => {
  class Later extends KeyedProcessFunction<number, number, number> {
    override async processElement(): Promise<void> {}
  }
  class LateTimer extends KeyedProcessFunction<number, number, number> {
    override processElement(): void {}
    override async onTimer(): Promise<void> {}
  }
  const windows = () =>
    numbers()
      .keyBy(odd)
      .window(TumblingEventTimeWindows.of(Time.seconds(1)));

  it.each<[string, () => unknown]>([
    ['map', () => numbers().map(async (n) => n)],
    ['map', () => numbers().map({ map: async (n: number) => n })],
    ['map', () => numbers().map(function* (n) { yield n; })], // biome-ignore format: one line each
    ['filter', () => numbers().filter((async (n: number) => n > 1) as never)],
    ['flatMap', () => numbers().flatMap(async (n) => [n] as never)],
    ['flatMap', () => numbers().flatMap(async (n, out: Collector<number>) => out.collect(n))],
    ['keyBy', () => numbers().keyBy(async (n) => n)],
    [
      'reduce',
      () =>
        numbers()
          .keyBy(odd)
          .reduce((async (a: number) => a) as never),
    ],
    ['process', () => numbers().keyBy(odd).process(new Later())],
    ['onTimer', () => numbers().keyBy(odd).process(new LateTimer())],
    ['reduce', () => windows().reduce((async (a: number) => a) as never)],
    [
      'aggregate',
      () => windows().aggregate({ createAccumulator: () => 0, add: async () => 0, getResult: () => 0 } as never),
    ],
    ['process', () => windows().process(async (_key, _context, _elements, out: Collector<number>) => out.collect(1))],
  ])('%s refuses them when the program is built', (operation, build) => {
    expect(build).toThrow(expect.objectContaining({ code: 'ASYNC_FUNCTION', args: [operation, expect.any(String)] }));
  });

  it('are welcome where they are waited for', () => {
    const stream = numbers();
    stream.addSink(async () => {});
    AsyncDataStream.unorderedWait(stream, async (n) => n, Time.seconds(1));
    stream.flatMap(function* (n) {
      yield n;
    });
    stream.getExecutionEnvironment().addSource(async function* (context) {
      context.collect(1);
      yield;
    });
  });
});

it.each([
  [5, 'a number'],
  [null, 'null'],
  [Promise.resolve(), 'an object of Promise'],
])('flatMap says what %s is, where results to iterate over were expected', (result, described) => {
  const { operator } = numbers()
    .flatMap(() => result as never)
    .getTransformation() as unknown as { operator: { fn: (value: unknown, out: unknown) => void } };
  expect(() => operator.fn(1, { collect: () => undefined })).toThrow(
    expect.objectContaining({ code: 'NOT_ITERABLE', args: [described] }),
  );
});
