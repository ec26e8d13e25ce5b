// Types that programs get without annotations. Checked by the compiler (npm run types); running them only proves that the
// expressions do not throw.
import { describe, expectTypeOf, it } from 'vitest';
import {
  AsyncDataStream,
  type Collector,
  type DataStream,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type KeyedStream,
  type MapFunction,
  OutputTag,
  ParameterTool,
  type Program,
  RichFlatMapFunction,
  type SingleOutputStreamOperator,
  type SourceContext,
  StreamExecutionEnvironment,
  Time,
  type TimeWindow,
  TumblingEventTimeWindows,
  Types,
  WatermarkStrategy,
} from '../../src/index.ts';

interface Reading {
  readonly id: string;
  readonly timestamp: number;
  readonly temperature: number;
}

const env = new StreamExecutionEnvironment();
const reading = Types.row({ id: Types.string, timestamp: Types.long, temperature: Types.double });
const readings = env.fromCollection([{ id: 'a', timestamp: 1, temperature: 2 }], reading);
const windows = () => readings.keyBy('id').window(TumblingEventTimeWindows.of(Time.seconds(1)));

class Length implements MapFunction<string, number> {
  map(value: string): number {
    return value.length;
  }
}

class Alerts extends RichFlatMapFunction<Reading, string> {
  override flatMap(value: Reading, out: Collector<string>): void {
    out.collect(value.id);
  }
}

class Warn extends KeyedProcessFunction<string, Reading, { readonly warning: string }> {
  override processElement(
    value: Reading,
    context: KeyedProcessContext<string>,
    out: Collector<{ readonly warning: string }>,
  ): void {
    out.collect({ warning: context.getCurrentKey() + value.id });
  }
}

describe('types are inferred', () => {
  it('from sources', () => {
    expectTypeOf(env.fromElements(1, 2)).toEqualTypeOf<SingleOutputStreamOperator<number>>();
    expectTypeOf(readings).toEqualTypeOf<
      SingleOutputStreamOperator<{ id: string; timestamp: number; temperature: number }>
    >();
    expectTypeOf(env.addSource((context: SourceContext<Reading>) => context.collect({} as Reading))).toEqualTypeOf<
      SingleOutputStreamOperator<Reading>
    >();
    expectTypeOf(
      env.fromGenerator(function* () {
        yield 'a';
      }),
    ).toEqualTypeOf<SingleOutputStreamOperator<string>>();
  });

  it('through functions and objects', () => {
    const words = env.fromElements('a b');
    expectTypeOf(words.map((word) => word.length)).toEqualTypeOf<SingleOutputStreamOperator<number>>();
    expectTypeOf(words.map(new Length())).toEqualTypeOf<SingleOutputStreamOperator<number>>();
    expectTypeOf(words.flatMap((line) => line.split(' '))).toEqualTypeOf<SingleOutputStreamOperator<string>>();
    expectTypeOf(words.flatMap((line, out: Collector<number>) => out.collect(line.length))).toEqualTypeOf<
      SingleOutputStreamOperator<number>
    >();
    expectTypeOf(readings.flatMap(new Alerts())).toEqualTypeOf<SingleOutputStreamOperator<string>>();
    expectTypeOf(words.filter((word) => word !== '')).toEqualTypeOf<SingleOutputStreamOperator<string>>();
  });

  it('for keys', () => {
    expectTypeOf(readings.keyBy((r) => r.id.length)).toExtend<KeyedStream<Reading, number>>();
    expectTypeOf(readings.keyBy('id').getKeyType()).toEqualTypeOf(Types.string as typeof Types.string | undefined);
    expectTypeOf(readings.keyBy('id', 'timestamp')).toExtend<KeyedStream<Reading, [string, number]>>();
    const tuples = env.fromCollection([['a', 1] as [string, number]]);
    expectTypeOf(tuples.keyBy(0)).toEqualTypeOf<KeyedStream<[string, number], string>>();
    expectTypeOf(tuples.keyBy(0).sum(1)).toEqualTypeOf<SingleOutputStreamOperator<[string, number]>>();
    // @ts-expect-error there is no such field
    readings.keyBy((r) => r.nothing);
    // @ts-expect-error records that are not numbers need a field to add up
    void (() => readings.keyBy('id').sum());
  });

  it('for process functions', () => {
    const warned = readings.keyBy('id').process(new Warn());
    expectTypeOf(warned).toEqualTypeOf<SingleOutputStreamOperator<{ readonly warning: string }>>();
    const late = new OutputTag<Reading>('late');
    expectTypeOf(warned.getSideOutput(late)).toEqualTypeOf<DataStream<Reading>>();
    const keys = readings.keyBy('id').process((_r, context, out: Collector<string>) => {
      expectTypeOf(context.getCurrentKey()).toBeString();
      out.collect(context.getCurrentKey());
    });
    expectTypeOf(keys).toEqualTypeOf<SingleOutputStreamOperator<string>>();
  });

  it('for windows', () => {
    const average = windows().aggregate({
      createAccumulator: () => ({ sum: 0, count: 0 }),
      add: (r, { sum, count }) => ({ sum: sum + r.temperature, count: count + 1 }),
      getResult: ({ sum, count }) => sum / count,
    });
    expectTypeOf(average).toEqualTypeOf<SingleOutputStreamOperator<number>>();
    const applied = windows().apply((key, window, elements, out: Collector<string>) => {
      expectTypeOf(key).toBeString();
      expectTypeOf(window).toEqualTypeOf<TimeWindow>();
      out.collect(`${key} ${window.end} ${elements[0]?.temperature}`);
    });
    expectTypeOf(applied).toEqualTypeOf<SingleOutputStreamOperator<string>>();
    const named = windows().reduce(
      (a) => a,
      (key, context, [only], out: Collector<[string, number]>) => out.collect([key + only?.id, context.window.end]),
    );
    expectTypeOf(named).toEqualTypeOf<SingleOutputStreamOperator<[string, number]>>();
  });

  it('for two streams', () => {
    const words = env.fromElements('a');
    const numbers = env.fromElements(1);
    expectTypeOf(
      words.connect(numbers).map(
        (a) => a.length,
        (b) => b,
      ),
    ).toEqualTypeOf<SingleOutputStreamOperator<number>>();
    const joined = words
      .join(numbers)
      .where((word) => word.length)
      .equalTo((n) => n)
      .window(TumblingEventTimeWindows.of(1000))
      .apply((word, n) => ({ word, n }));
    expectTypeOf(joined).toEqualTypeOf<SingleOutputStreamOperator<{ word: string; n: number }>>();
    // @ts-expect-error a union needs one type
    void (() => words.union(numbers));
    expectTypeOf(AsyncDataStream.orderedWait(words, async (word) => word.length, 1000)).toEqualTypeOf<
      SingleOutputStreamOperator<number>
    >();
  });

  it('for watermarks', () => {
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness<Reading>(Time.seconds(5)).withTimestampAssigner(
      (r) => r.timestamp,
    );
    expectTypeOf(readings.assignTimestampsAndWatermarks(strategy)).toEqualTypeOf<typeof readings>();
  });

  it('for programs', () => {
    const program: Program = async (environment, args) => {
      expectTypeOf(ParameterTool.fromArgs(args).get('input')).toEqualTypeOf<string | undefined>();
      environment.fromElements(1).print();
      await environment.execute();
    };
    expectTypeOf(program).returns.toEqualTypeOf<void | Promise<void>>();
  });
});
