// The programs of fixtures/RecordTopologies.java, by name. Class names are those of the Java side: they show in operator names.
import {
  type AggregateFunction,
  AscendingTimestampExtractor,
  AsyncDataStream,
  BroadcastProcessFunction,
  type Collector,
  CoProcessFunction,
  CountEvictor,
  CountTrigger,
  DiscardingSink,
  EventTimeSessionWindows,
  KeyedBroadcastProcessFunction,
  KeyedCoProcessFunction,
  type KeyedProcessContext,
  KeyedProcessFunction,
  MapStateDescriptor,
  OutputTag,
  type ProcessContext,
  ProcessFunction,
  ProcessingTimeSessionWindows,
  ProcessWindowFunction,
  PurgingTrigger,
  type ReduceFunction,
  RichParallelSourceFunction,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  type SourceContext,
  type SourceFunction,
  type StreamExecutionEnvironment,
  Time,
  type TimeWindow,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  type WindowFunction,
} from '../../src/index.ts';

class Src implements SourceFunction<number> {
  run(_context: SourceContext<number>): void {}
}
class PSrc extends RichParallelSourceFunction<number> {
  override run(_context: SourceContext<number>): void {}
}
class Plus implements ReduceFunction<number> {
  reduce(a: number, b: number): number {
    return a + b;
  }
}
class Sum implements AggregateFunction<number, number, number> {
  createAccumulator(): number {
    return 0;
  }
  add(value: number, sum: number): number {
    return sum + value;
  }
  getResult(sum: number): number {
    return sum;
  }
  merge(a: number, b: number): number {
    return a + b;
  }
}
class Win implements WindowFunction<number, number, number, TimeWindow> {
  apply(): void {}
}
class PWin extends ProcessWindowFunction<number, number, number, TimeWindow> {
  override process(): void {}
}
class CoP extends CoProcessFunction<number, number, number> {
  override processElement1(): void {}
  override processElement2(): void {}
}
class KCoP extends KeyedCoProcessFunction<number, number, number, number> {
  override processElement1(_value: number, _context: KeyedProcessContext<number>, _out: Collector<number>): void {}
  override processElement2(_value: number, _context: KeyedProcessContext<number>, _out: Collector<number>): void {}
}
class Proc extends ProcessFunction<number, number> {
  override processElement(_value: number, _context: ProcessContext, _out: Collector<number>): void {}
}
class KProc extends KeyedProcessFunction<number, number, number> {
  override processElement(): void {}
}
class BP extends BroadcastProcessFunction<number, number, number> {
  override processElement(): void {}
  override processBroadcastElement(): void {}
}
class KBP extends KeyedBroadcastProcessFunction<number, number, number, number> {
  override processElement(): void {}
  override processBroadcastElement(): void {}
}
class TS extends AscendingTimestampExtractor<number> {
  override extractAscendingTimestamp(element: number): number {
    return element;
  }
}

const inc = (x: number): number => x + 1;
const even = (x: number): boolean => x % 2 === 0;
const twice = (x: number): number[] => [x, x];
const key = (x: number): number => x;
const coFlatMap = { flatMap1: () => undefined, flatMap2: () => undefined };

export const flinkTopologies: Readonly<Record<string, (e: StreamExecutionEnvironment) => void>> = {
  'chain of four': (e) => {
    const source = e.addSource(new Src()).setParallelism(1);
    source.map(inc).setParallelism(1).filter(even).setParallelism(1).print().setParallelism(1);
  },
  'parallelism breaks the chain': (e) => {
    e.addSource(new Src()).map(inc).filter(even).setParallelism(3).print().setParallelism(3);
  },
  'uid in the middle': (e) => {
    const filtered = e.addSource(new PSrc()).uid('source').map(inc).uid('inc').filter(even);
    filtered.addSink(new DiscardingSink()).uid('sink');
  },
  'uid before a key': (e) => {
    e.addSource(new PSrc()).map(inc).uid('여울 inc').keyBy(key).reduce(new Plus()).print();
  },
  'uid hash': (e) => {
    const mapped = e.addSource(new PSrc()).map(inc).setUidHash('0123456789abcdef0123456789abcdef');
    mapped.keyBy(key).process(new KProc()).setUidHash('fedcba9876543210fedcba9876543210').print();
  },
  'union of two sources': (e) => {
    e.addSource(new PSrc()).union(e.addSource(new PSrc()).map(inc)).map(inc).print();
  },
  'union of keyed and plain': (e) => {
    const a = e.addSource(new PSrc());
    const b = e.addSource(new PSrc());
    a.union(b, a.filter(even)).keyBy(key).reduce(new Plus()).print();
  },
  'two inputs': (e) => {
    e.addSource(new PSrc()).connect(e.addSource(new PSrc()).filter(even)).map(inc, inc).print();
  },
  'two keyed inputs': (e) => {
    const a = e.addSource(new PSrc());
    const b = e.addSource(new Src());
    a.connect(b).keyBy(key, key).process(new KCoP()).map(inc).print();
  },
  'co flat map and co process': (e) => {
    const a = e.addSource(new PSrc());
    const b = e.addSource(new PSrc());
    a.connect(b).flatMap<number>(coFlatMap).connect(a).process(new CoP()).print();
  },
  diamond: (e) => {
    const a = e.addSource(new PSrc()).map(inc);
    const left = a.filter(even);
    const right = a.flatMap(twice);
    left.union(right).map(inc).print();
  },
  'branches in one chain': (e) => {
    const a = e.addSource(new PSrc());
    a.map(inc).print();
    a.filter(even).flatMap(twice).addSink(new DiscardingSink());
    a.keyBy(key).reduce(new Plus()).print();
  },
  'chaining disabled': (e) => {
    e.disableOperatorChaining();
    e.addSource(new PSrc()).map(inc).filter(even).print();
  },
  'one operator not chained': (e) => {
    e.addSource(new PSrc()).map(inc).filter(even).disableChaining().map(inc).map(inc).print();
  },
  'new chain': (e) => {
    e.addSource(new PSrc()).map(inc).map(inc).startNewChain().filter(even).print();
  },
  'slot sharing groups': (e) => {
    const other = e.addSource(new PSrc()).map(inc).slotSharingGroup('other').filter(even);
    other.map(inc).slotSharingGroup('default').print();
  },
  'side outputs': (e) => {
    const tag = new OutputTag<number>('late');
    const processed = e.addSource(new PSrc()).process(new Proc());
    processed.getSideOutput(tag).map(inc).print();
    processed.filter(even).print();
    processed.getSideOutput(tag).keyBy(key).reduce(new Plus()).print();
  },
  partitioners: (e) => {
    const a = e.addSource(new PSrc());
    a.rebalance().map(inc).print();
    a.shuffle().map(inc).print();
    a.rescale().map(inc).print();
    a.broadcast().map(inc).print();
    a.global().map(inc).print();
    a.forward().map(inc).print();
    a.partitionCustom(() => 0, key)
      .map(inc)
      .print();
  },
  windows: (e) => {
    const keyed = e.addSource(new PSrc()).assignTimestampsAndWatermarks(new TS()).keyBy(key);
    keyed
      .window(TumblingEventTimeWindows.of(Time.seconds(5)))
      .reduce(new Plus())
      .print();
    keyed
      .window(SlidingEventTimeWindows.of(Time.seconds(10), Time.seconds(1)))
      .aggregate(new Sum())
      .print();
    keyed
      .window(EventTimeSessionWindows.withGap(Time.minutes(1)))
      .apply(new Win())
      .print();
    keyed
      .window(TumblingProcessingTimeWindows.of(Time.seconds(5)))
      .process(new PWin())
      .print();
    keyed
      .window(SlidingProcessingTimeWindows.of(Time.seconds(6), Time.seconds(2)))
      .reduce(new Plus(), new Win())
      .print();
    const counted = keyed.window(TumblingEventTimeWindows.of(Time.seconds(5))).evictor(CountEvictor.of(3));
    counted
      .trigger(PurgingTrigger.of(CountTrigger.of(2)))
      .aggregate(new Sum(), new PWin())
      .print();
    keyed
      .window(ProcessingTimeSessionWindows.withGap(Time.minutes(1)))
      .sum()
      .print();
    keyed.countWindow(10).reduce(new Plus()).print();
    keyed.countWindow(10, 2).max().print();
  },
  'window of all': (e) => {
    e.addSource(new PSrc())
      .windowAll(TumblingEventTimeWindows.of(Time.seconds(5)))
      .apply(() => undefined)
      .print();
  },
  'window of all without parallelism': (e) => {
    e.setParallelism(1);
    e.addSource(new Src())
      .windowAll(TumblingEventTimeWindows.of(Time.seconds(5)))
      .apply(() => undefined)
      .print();
  },
  'window of all after a map': (e) => {
    e.addSource(new PSrc()).map(inc).countWindowAll(3).reduce(new Plus()).map(inc).print();
  },
  rolling: (e) => {
    const keyed = e.addSource(new PSrc()).keyBy(key);
    keyed.sum().print();
    keyed.max().printToErr();
    keyed.process(new KProc()).print();
    keyed.process(new Proc()).addSink(new DiscardingSink());
  },
  'interval join': (e) => {
    const a = e.addSource(new PSrc()).keyBy(key);
    const b = e.addSource(new PSrc()).keyBy(key);
    a.intervalJoin(b)
      .between(Time.seconds(-1), Time.seconds(1))
      .process(() => undefined)
      .print();
  },
  'window join': (e) => {
    const a = e.addSource(new PSrc());
    const b = e.addSource(new Src());
    const windows = a
      .join(b)
      .where(key)
      .equalTo(key)
      .window(TumblingEventTimeWindows.of(Time.seconds(5)));
    windows.apply((one) => one).print();
  },
  'co group': (e) => {
    const a = e.addSource(new PSrc());
    const b = e.addSource(new PSrc());
    const windows = a
      .coGroup(b)
      .where(key)
      .equalTo(key)
      .window(TumblingEventTimeWindows.of(Time.seconds(5)));
    windows.apply(() => undefined).print();
  },
  'broadcast state': (e) => {
    const rules = new MapStateDescriptor<number, number>('rules');
    const a = e.addSource(new PSrc());
    const b = e.addSource(new Src()).broadcast(rules);
    a.connect(b).process(new BP()).print();
    a.keyBy(key).connect(b).process(new KBP()).print();
  },
  async: (e) => {
    const a = e.addSource(new PSrc()).map(inc);
    AsyncDataStream.orderedWait(a, async (x) => x, Time.seconds(1), 10)
      .map(inc)
      .print();
    AsyncDataStream.unorderedWait(a, async (x) => x, Time.seconds(1)).print();
  },
  'built-in sources': (e) => {
    e.fromElements(1, 2).print();
    e.generateSequence(1, 10).print();
    e.fromCollection([1]).map(inc).print();
  },
  'names and settings': (e) => {
    e.setMaxParallelism(64);
    const named = e.addSource(new PSrc(), 'Numbers & <more>').name('한국 é \\ "quoted"');
    named.map(inc).name('Increment\nline').setMaxParallelism(256).print('id').name('Out');
  },
  'many sources': (e) => {
    let united: import('../../src/index.ts').DataStream<number> = e.addSource(new PSrc());
    for (let i = 0; i < 20; i++) {
      const source = e.addSource(new PSrc());
      united = i % 3 === 0 ? united.union(source) : united.connect(source).map(inc, inc);
    }
    united.print();
  },
  'source without readers': (e) => {
    e.addSource(new Src());
    e.addSource(new PSrc()).map(inc).print();
  },
  'sources used late': (e) => {
    const a = e.addSource(new PSrc());
    const b = e.addSource(new PSrc());
    b.map(inc).print();
    a.map(inc).keyBy(key).connect(b.keyBy(key)).process(new KCoP()).print();
  },
};
