import { describe, expect, it } from 'vitest';
import { type ProgramContext, withEnvironmentContext } from '../../src/api/program-context.ts';
import { describeJobGraph } from '../../src/graph/describe-job-graph.ts';
import type { JobGraph } from '../../src/graph/job-graph.ts';
import {
  AppError,
  DiscardingSink,
  installConnectorHooks,
  KeyedStream,
  OutputTag,
  RestartStrategies,
  StreamExecutionEnvironment,
  Time,
  TimeCharacteristic,
  TimeUnit,
  Types,
} from '../../src/index.ts';

const result = { jobId: 'a'.repeat(32), netRuntimeMs: 12, accumulators: { words: 3 } };

function contextOf(executed: JobGraph[], more: Partial<ProgramContext> = {}): ProgramContext {
  const job = {
    jobId: result.jobId,
    result: Promise.resolve(result),
    cancel: async () => undefined,
    status: async () => 'RUNNING',
    ask: async () => undefined,
  };
  return {
    defaults: { parallelism: 2 },
    execute: async (graph) => {
      executed.push(graph);
      return result;
    },
    submit: async (graph) => {
      executed.push(graph);
      return job;
    },
    collect: async (graph) => {
      executed.push(graph);
      return { job, values: valuesOf(1, 2, 3) };
    },
    ...more,
  };
}

async function* valuesOf(...values: unknown[]): AsyncIterable<unknown> {
  yield* values;
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('StreamExecutionEnvironment', () => {
  it('is one per program, and executes what was built since the last execute', async () => {
    const executed: JobGraph[] = [];
    await withEnvironmentContext(contextOf(executed), async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      expect(StreamExecutionEnvironment.getExecutionEnvironment()).toBe(env);
      env.fromElements(1).print();
      const first = await env.execute('first');
      expect([first.getJobID(), first.getNetRuntime(), first.getAccumulatorResult('words')]).toEqual([
        result.jobId,
        12,
        3,
      ]);
      env.fromSequence(1, 2).addSink(new DiscardingSink());
      expect((await env.executeAsync('second')).getJobID()).toBe(result.jobId);
    });
    expect(executed.map(({ name, vertices }) => [name, vertices.map((v) => v.name)])).toEqual([
      ['first', ['Source: Collection Source', 'Sink: Print to Std. Out']],
      ['second', ['Source: Sequence Source -> Sink: Unnamed']],
    ]);
  });

  it('collects records, up to a limit', async () => {
    const executed: JobGraph[] = [];
    await withEnvironmentContext(contextOf(executed), async () => {
      const stream = StreamExecutionEnvironment.getExecutionEnvironment().fromElements(1, 2, 3);
      const all: number[] = [];
      for await (const value of await stream.executeAndCollect('all')) all.push(value);
      expect(all).toEqual([1, 2, 3]);
      const again = StreamExecutionEnvironment.getExecutionEnvironment().fromElements(1, 2, 3);
      expect(await again.executeAndCollect(2)).toEqual([1, 2]);
    });
    const specs = executed.flatMap((graph) => graph.vertices.flatMap((v) => v.operators.map(({ spec }) => spec)));
    expect(specs.flatMap((spec) => (spec.kind === 'collect' ? spec.collectId : []))).toEqual([
      'collect-1',
      'collect-2',
    ]);
  });

  it('takes the parallelism of the submission before that of the cluster', async () => {
    await withEnvironmentContext(contextOf([], { parallelism: 7 }), () => {
      expect(StreamExecutionEnvironment.getExecutionEnvironment().getParallelism()).toBe(7);
    });
  });

  it('asks for call sites only when somebody wants them', async () => {
    const executed: JobGraph[] = [];
    let asked = 0;
    const callSite = (error: Error): string => {
      asked += 1;
      expect(error.stack).toContain('environment.test');
      return 'main(job.ts:1)';
    };
    await withEnvironmentContext(contextOf(executed, { callSite }), () => {
      const stream = StreamExecutionEnvironment.getExecutionEnvironment().fromElements(1);
      expect(stream.getTransformation().callSite).toBe('main(job.ts:1)');
    });
    expect(asked).toBe(1);
    expect(new StreamExecutionEnvironment().fromElements(1).getTransformation().callSite).toBeUndefined();
  });

  it('carries settings into the job graph', () => {
    const env = new StreamExecutionEnvironment()
      .setParallelism(3)
      .setMaxParallelism(12)
      .enableCheckpointing(2000, 'at_least_once')
      .setRestartStrategy(RestartStrategies.fixedDelayRestart(3, Time.seconds(10)))
      .setStateBackend('disk')
      .setBufferTimeout(5);
    env.getConfig().enableObjectReuse().setGlobalJobParameters({ input: 'x' });
    env.getCheckpointConfig().setMinPauseBetweenCheckpoints(500).setTolerableCheckpointFailureNumber(2);
    env.fromSequence(1, 2).print();
    const { execution, checkpointing, vertices } = env.getJobGraph();
    expect(execution).toEqual({
      parallelism: 3,
      maxParallelism: 12,
      objectReuse: true,
      autoWatermarkIntervalMs: 200,
      latencyTrackingIntervalMs: 0,
      bufferTimeoutMs: 5,
      globalJobParameters: { input: 'x' },
      restartStrategy: { kind: 'fixed-delay', attempts: 3, delayMs: 10_000 },
      stateBackend: 'disk',
      executionMode: 'PIPELINED',
    });
    expect(checkpointing).toEqual({
      intervalMs: 2000,
      mode: 'at_least_once',
      timeoutMs: 600_000,
      minPauseMs: 500,
      maxConcurrent: 1,
      tolerableFailures: 2,
      externalized: 'NO_EXTERNALIZED_CHECKPOINTS',
    });
    expect(vertices.map(({ parallelism, maxParallelism }) => [parallelism, maxParallelism])).toEqual([[3, 12]]);
  });

  it('keeps keys on every operator of a keyed stream, and takes their types from the declared row', () => {
    const env = new StreamExecutionEnvironment();
    const rows = env.fromCollection([{ id: 'a', n: 1 }], Types.row({ id: Types.string, n: Types.long }));
    rows
      .keyBy('id')
      .flatMap((row) => [row.n])
      .print();
    rows
      .keyBy('id', 'n')
      .process(() => undefined)
      .print();
    const operators = env.getJobGraph().vertices.flatMap((vertex) => vertex.operators);
    const keys = operators.flatMap(({ inputKeys }) => inputKeys).filter((key) => key !== undefined);
    expect(keys.map(({ type, selector }) => [type, selector({ id: 'a', n: 1 } as never)])).toEqual([
      [Types.string, 'a'],
      [Types.tuple(Types.string, Types.long), ['a', 1]],
    ]);
    expect(
      describeJobGraph(env.getJobGraph()).vertices.flatMap((v) => v.operators.map((o) => [o.name, o.keyed])),
    ).toEqual([
      ['Source: Collection Source', false],
      ['Flat Map', true],
      ['Sink: Print to Std. Out', false],
      ['KeyedProcess', true],
      ['Sink: Print to Std. Out', false],
    ]);
  });

  it('refuses what cannot work, with code, value and next step', () => {
    const env = new StreamExecutionEnvironment();
    const numbers = env.fromSequence(1, 2);
    const other = new StreamExecutionEnvironment().fromSequence(1, 2);
    expect({
      empty: codeOf(() => new StreamExecutionEnvironment().getJobGraph()),
      noSink: codeOf(() => numbers.map((x) => x) && env.getJobGraph()),
      parallelism: codeOf(() => env.setParallelism(0)),
      aboveLimit: codeOf(() => numbers.setParallelism(32769)),
      aboveMax: codeOf(() =>
        numbers
          .map((x) => x)
          .setMaxParallelism(4)
          .setParallelism(5),
      ),
      fixed: codeOf(() => env.fromElements(1).setParallelism(2)),
      uidEmpty: codeOf(() => numbers.uid('')),
      uidHash: codeOf(() => numbers.setUidHash('xyz')),
      union: codeOf(() => numbers.union(other)),
      keyMissing: codeOf(() => numbers.keyBy(undefined as never)),
      keyUnknown: codeOf(() => env.fromCollection([{ a: 1 }], Types.row({ a: Types.int })).keyBy('b' as never)),
      map: codeOf(() => numbers.map({} as never)),
      keyedShuffle: codeOf(() => numbers.keyBy((x) => x).shuffle()),
      interval: codeOf(() => env.enableCheckpointing(1)),
      sequence: codeOf(() => env.fromSequence(2, 1)),
    }).toEqual({
      empty: 'EMPTY_PROGRAM',
      noSink: 'NO_SINK',
      parallelism: 'INVALID_PARALLELISM',
      aboveLimit: 'INVALID_PARALLELISM',
      aboveMax: 'INVALID_PARALLELISM',
      fixed: 'INVALID_SETTING',
      uidEmpty: 'INVALID_SETTING',
      uidHash: 'INVALID_UID_HASH',
      union: 'STREAMS_OF_TWO_ENVIRONMENTS',
      keyMissing: 'INVALID_KEY_SELECTOR',
      keyUnknown: 'INVALID_KEY_SELECTOR',
      map: 'INVALID_FUNCTION',
      keyedShuffle: 'KEYED_PARTITIONING',
      interval: 'INVALID_DURATION',
      sequence: 'INVALID_SETTING',
    });
  });

  it('refuses equal uids, and forward between different parallelisms, when the graph is made', () => {
    const twice = new StreamExecutionEnvironment();
    twice
      .fromElements(1)
      .uid('a')
      .map((x) => x)
      .uid('a')
      .print();
    expect(() => twice.getJobGraph()).toThrow(
      'uid "a" is given to "Source: Collection Source" and to "Map": every operator needs its own',
    );
    const forward = new StreamExecutionEnvironment();
    forward
      .fromSequence(1, 2)
      .forward()
      .map((x) => x)
      .setParallelism(2)
      .print();
    expect(codeOf(() => forward.getJobGraph())).toBe('FORWARD_PARALLELISM');
  });

  it('declares the types of edges, side outputs included', () => {
    const env = new StreamExecutionEnvironment();
    const tag = new OutputTag<string>('names', Types.string);
    const processed = env
      .fromElements(1)
      .process<number>(() => undefined)
      .returns(Types.int);
    processed.getSideOutput(tag).rebalance().print();
    processed.rebalance().print();
    expect(env.getJobGraph().edges.map(({ type, tag: side }) => [type, side])).toEqual([
      [Types.string, 'names'],
      [Types.int, undefined],
    ]);
  });
});

describe('ways to write the same', () => {
  it('sinkTo is addSink, and the runtime mode of streams is STREAMING', () => {
    const environment = new StreamExecutionEnvironment().setRuntimeMode('STREAMING');
    environment.fromElements(1).sinkTo(new DiscardingSink()).name('nothing');
    expect(environment.getJobGraph().vertices.map(({ name }) => name)).toEqual([
      'Source: Collection Source -> Sink: nothing',
    ]);
    expect(() => environment.setRuntimeMode('BATCH')).toThrow('ExecutionEnvironment');
  });

  it('connected streams are keyed by the names of fields as by selectors', () => {
    const env = new StreamExecutionEnvironment();
    const stream = env.fromElements({ id: 'a' });
    const byName = stream.connect(env.fromElements({ id: 'b' })).keyBy('id', 'id');
    expect(byName.getFirstInput()).toBeInstanceOf(KeyedStream);
    expect(byName.getSecondInput()).toBeInstanceOf(KeyedStream);
  });

  it('fromData is fromElements', () => {
    const env = new StreamExecutionEnvironment();
    expect(env.fromData('a', 'b').getType()).toEqual(Types.string);
  });

  it('socketTextStream takes the delimiter and the retries as arguments', () => {
    const asked: unknown[] = [];
    const env = new StreamExecutionEnvironment();
    installConnectorHooks({
      socketTextStream: (...given) => {
        asked.push(given.slice(1));
        return env.fromElements('');
      },
    });
    env.socketTextStream('h', 1, ';', 5);
    env.socketTextStream('h', 1, { delimiter: ';' });
    env.socketTextStream('h', 1);
    expect(asked).toEqual([
      ['h', 1, { delimiter: ';', maxRetrySeconds: 5 }],
      ['h', 1, { delimiter: ';' }],
      ['h', 1, {}],
    ]);
  });

  it('Time.of takes a unit', () => {
    const times = [
      Time.of(3, TimeUnit.Milliseconds),
      Time.of(3, TimeUnit.Seconds),
      Time.of(3, TimeUnit.Minutes),
      Time.of(3, TimeUnit.Hours),
      Time.of(3, TimeUnit.Days),
    ];
    expect(times.map((time) => time.toMilliseconds())).toEqual([3, 3000, 180_000, 10_800_000, 259_200_000]);
    expect(Time.days(2).toMilliseconds()).toBe(172_800_000);
    const env = new StreamExecutionEnvironment();
    for (const time of ['10s', undefined, null, {}]) {
      expect(() => env.enableCheckpointing(time as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_SETTING' }),
      );
    }
  });

  it('only ingestion time says so in the graph', () => {
    const graphOf = (characteristic: TimeCharacteristic) => {
      const env = new StreamExecutionEnvironment().setStreamTimeCharacteristic(characteristic);
      env.fromElements(1).print();
      return env.getJobGraph().execution.ingestionTime;
    };
    expect(Object.values(TimeCharacteristic).map(graphOf)).toEqual([undefined, true, undefined]);
  });
});
