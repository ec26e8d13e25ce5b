// StreamExecutionEnvironment: where programs begin. It makes sources, holds the settings, and execute() runs what was built.
import './streams/install-stream-classes.ts';
import { appError } from '../errors.ts';
import type { ExecutionConfigData, JobGraph, RestartStrategyConfig } from '../graph/job-graph.ts';
import { createJobGraph } from '../graph/job-graph-generator.ts';
import type { OperatorSpec } from '../graph/operator-spec.ts';
import { ChainingStrategy } from '../graph/transformation.ts';
import { CheckpointConfig, type CheckpointingMode } from './checkpoint-config.ts';
import { CollectionSource, NumberSequenceSource } from './collection-source.ts';
import { connectorHook, type ReadTextOptions, type SocketTextOptions } from './connector-hooks.ts';
import { ExecutionConfig } from './execution-config.ts';
import { bindFunction } from './function-binding.ts';
import { type GeneratorFactory, GeneratorSource, isCollection, toIterable } from './generator-source.ts';
import { inferType } from './infer-type.ts';
import { JobClient } from './job-client.ts';
import { JobExecutionResult } from './job-execution-result.ts';
import { ProgramBuilder } from './program-builder.ts';
import { currentProgramContext, type ProgramContext } from './program-context.ts';
import type { Source, SourceContext, SourceFunction, SourceRun } from './source.ts';
import { type DataStream, SingleOutputStreamOperator } from './streams/data-stream.ts';
import type { TimeLike } from './time.ts';
import type { TypeInformation } from './type-information.ts';
import type { WatermarkStrategy } from './watermark-strategy.ts';

// Flink's name for a job that was given none.
const DEFAULT_JOB_NAME = 'Flink Streaming Job';

/** What timeWindow(…) means; event time by default. */
export const TimeCharacteristic = {
  ProcessingTime: 'ProcessingTime',
  IngestionTime: 'IngestionTime',
  EventTime: 'EventTime',
} as const;
export type TimeCharacteristic = (typeof TimeCharacteristic)[keyof typeof TimeCharacteristic];

/** A source object, or its run function (one subtask). */
export type SourceLike<T> = SourceFunction<T> | ((context: SourceContext<T>) => SourceRun);

export interface SourceOptions<T> {
  /** Default "Custom Source". */
  readonly name?: string;
  /** Declared type of the records, for generated serializers. */
  readonly type?: TypeInformation<T>;
}

/** How results of a stream program come: STREAMING as input comes. Flink's BATCH is not there for streams. */
export const RuntimeExecutionMode = { Streaming: 'STREAMING', Batch: 'BATCH', Automatic: 'AUTOMATIC' } as const;
export type RuntimeExecutionMode = (typeof RuntimeExecutionMode)[keyof typeof RuntimeExecutionMode];

const environments = new WeakMap<ProgramContext, StreamExecutionEnvironment>();

export class StreamExecutionEnvironment {
  /** @internal */
  readonly builder: ProgramBuilder;
  readonly #context: ProgramContext | undefined;
  readonly #config: ExecutionConfig;
  readonly #checkpointConfig: CheckpointConfig;
  #chainingEnabled = true;
  #timeCharacteristic: TimeCharacteristic = TimeCharacteristic.EventTime;
  #collects = 0;

  /** @param context undefined: streams can be built, but not executed */
  constructor(context?: ProgramContext) {
    this.#context = context;
    this.builder = new ProgramBuilder(context);
    const { parallelism = 1, stateBackend, checkpointIntervalMs, checkpointing, execution } = context?.defaults ?? {};
    this.#config = new ExecutionConfig(context?.parallelism ?? parallelism, stateBackend, execution);
    this.#checkpointConfig = new CheckpointConfig(checkpointIntervalMs, checkpointing);
  }

  /** The environment of the program being evaluated: the same one that it gets as argument. */
  static getExecutionEnvironment(): StreamExecutionEnvironment {
    const context = currentProgramContext();
    if (context === undefined) return new StreamExecutionEnvironment();
    const environment = environments.get(context) ?? new StreamExecutionEnvironment(context);
    environments.set(context, environment);
    return environment;
  }

  // Settings.

  getConfig(): ExecutionConfig {
    return this.#config;
  }

  getCheckpointConfig(): CheckpointConfig {
    return this.#checkpointConfig;
  }

  /** Default parallelism of operators made from now on. */
  setParallelism(parallelism: number): this {
    this.#config.setParallelism(parallelism);
    return this;
  }

  getParallelism(): number {
    return this.#config.getParallelism();
  }

  /** Number of key groups, 1..32768; fixed for the life of the state. */
  setMaxParallelism(maxParallelism: number): this {
    this.#config.setMaxParallelism(maxParallelism);
    return this;
  }

  getMaxParallelism(): number | undefined {
    return this.#config.getMaxParallelism();
  }

  enableCheckpointing(interval: TimeLike, mode?: CheckpointingMode): this {
    this.#checkpointConfig.setCheckpointInterval(interval);
    if (mode !== undefined) this.#checkpointConfig.setCheckpointingMode(mode);
    return this;
  }

  /** @param strategy see RestartStrategies; undefined: the cluster's */
  setRestartStrategy(strategy: RestartStrategyConfig | undefined): this {
    if (strategy !== undefined) this.#config.setRestartStrategy(strategy);
    return this;
  }

  setStateBackend(backend: 'heap' | 'disk'): this {
    this.#config.setStateBackend(backend);
    return this;
  }

  /** Of all streams that do not say their own; see ExecutionConfig.setBufferTimeout. */
  setBufferTimeout(timeout: TimeLike): this {
    this.#config.setBufferTimeout(timeout);
    return this;
  }

  disableOperatorChaining(): this {
    this.#chainingEnabled = false;
    return this;
  }

  isChainingEnabled(): boolean {
    return this.#chainingEnabled;
  }

  /**
   * As in Flink 1.9: decides what timeWindow means, switches periodic watermarks off for processing time, and has sources stamp records
   * for ingestion time.
   */
  setStreamTimeCharacteristic(characteristic: TimeCharacteristic): this {
    this.#timeCharacteristic = characteristic;
    this.#config.setAutoWatermarkInterval(characteristic === TimeCharacteristic.ProcessingTime ? 0 : 200);
    return this;
  }

  getStreamTimeCharacteristic(): TimeCharacteristic {
    return this.#timeCharacteristic;
  }

  /** Streaming is all that streams know; bounded programs that want their final results alone use ExecutionEnvironment. */
  setRuntimeMode(mode: RuntimeExecutionMode): this {
    if (mode !== RuntimeExecutionMode.Streaming) {
      throw appError('INVALID_SETTING', [
        'runtime mode',
        mode,
        '"STREAMING", or write the program with ExecutionEnvironment',
      ]);
    }
    return this;
  }

  // Sources.

  fromElements<T>(...elements: T[]): SingleOutputStreamOperator<T> {
    return this.fromCollection(elements);
  }

  /** Flink 1.19's name for fromElements. */
  fromData<T>(...elements: T[]): SingleOutputStreamOperator<T> {
    return this.fromCollection(elements);
  }

  /**
   * @param elements a collection is taken at once; a generator or another iterator is read while the job runs, in one
   *   subtask, and may be endless. After a failure it is made anew with the program, and what was read of it is skipped: it
   *   must give the same values each time
   * @param type declared type; default: inferred where all of a collection are numbers, texts or booleans
   */
  fromCollection<T>(elements: Iterable<T> | Iterator<T>, type?: TypeInformation<T>): SingleOutputStreamOperator<T> {
    const iterable = toIterable(elements);
    if (!isCollection(iterable))
      return this.#addSplitSource(new GeneratorSource(() => iterable), 'Collection Source', type, true);
    const all = [...iterable];
    return this.#addSplitSource(new CollectionSource(all), 'Collection Source', type ?? inferType(all), true);
  }

  /** from..to, both inclusive, in parallel. */
  fromSequence(from: number, to: number): SingleOutputStreamOperator<number> {
    return this.#addSplitSource(new NumberSequenceSource(from, to), 'Sequence Source', inferType([from]), false);
  }

  /** Flink 1.9's name for fromSequence. */
  generateSequence(from: number, to: number): SingleOutputStreamOperator<number> {
    return this.fromSequence(from, to);
  }

  /** @param create gives the same values each time: at restore the ones already emitted are skipped */
  fromGenerator<T>(create: GeneratorFactory<T>, options: SourceOptions<T> = {}): SingleOutputStreamOperator<T> {
    return this.#addSplitSource(new GeneratorSource(create), options.name ?? 'Generator Source', options.type, true);
  }

  /** @param options a name, or name and type */
  addSource<T>(source: SourceLike<T>, options: string | SourceOptions<T> = {}): SingleOutputStreamOperator<T> {
    const { name = 'Custom Source', type }: SourceOptions<T> =
      typeof options === 'string' ? { name: options } : options;
    bindFunction(source, 'run', 'addSource', 'by promise, too');
    const given: SourceFunction<T> = typeof source === 'function' ? { run: source } : source;
    const spec = { kind: 'sourceFunction', source: given, rich: typeof source === 'function' ? undefined : source };
    return this.#addSource(name, spec as OperatorSpec, type, given.parallel !== true);
  }

  /** @param name shown as "Source: name" */
  fromSource<T, Split>(
    source: Source<T, Split>,
    watermarks: WatermarkStrategy<T>,
    name: string,
    type?: TypeInformation<T>,
  ): SingleOutputStreamOperator<T> {
    for (const method of ['enumerateSplits', 'splitId', 'createReader'])
      bindFunction(source, method, 'fromSource', 'by promise, too');
    const spec = { kind: 'splitSource', source, watermarks } as unknown as OperatorSpec;
    return this.#addSource(name, spec, type ?? source.producedType, false);
  }

  /** Lines of a text file or of all files of a directory. Needs yeoul/connectors/files. */
  readTextFile(path: string, options: ReadTextOptions = {}): DataStream<string> {
    return connectorHook('readTextFile', 'readTextFile')(this, path, options);
  }

  /** Texts from a socket, cut at the delimiter. Needs yeoul/connectors/sockets. */
  socketTextStream(hostname: string, port: number, options?: SocketTextOptions): DataStream<string>;
  socketTextStream(hostname: string, port: number, delimiter: string, maxRetrySeconds?: number): DataStream<string>;
  socketTextStream(
    hostname: string,
    port: number,
    given: SocketTextOptions | string = {},
    maxRetrySeconds = 0,
  ): DataStream<string> {
    const options = typeof given === 'string' ? { delimiter: given, maxRetrySeconds } : given;
    return connectorHook('socketTextStream', 'socketTextStream')(this, hostname, port, options);
  }

  // Running.

  /** Runs what was built since the last execute() and waits for its end. */
  async execute(jobName?: string): Promise<JobExecutionResult> {
    const context = this.#requireContext('execute()');
    return new JobExecutionResult(await context.execute(this.#takeJobGraph(jobName)));
  }

  /** Like execute, but resolves as soon as the job is accepted. */
  async executeAsync(jobName?: string): Promise<JobClient> {
    const context = this.#requireContext('executeAsync()');
    return new JobClient(await context.submit(this.#takeJobGraph(jobName)));
  }

  /** The job graph of what was built so far; the program goes on unchanged. */
  getJobGraph(jobName = DEFAULT_JOB_NAME): JobGraph {
    this.builder.checkIterations(this.#checkpointConfig.getCheckpointInterval());
    return createJobGraph({
      name: jobName,
      operators: this.builder.operators,
      chainingEnabled: this.#chainingEnabled,
      execution: this.#executionData(),
      checkpointing: this.#checkpointConfig.toData(),
    });
  }

  /** The plan as JSON. */
  getExecutionPlan(): string {
    return JSON.stringify(this.getJobGraph().plan);
  }

  /** @internal for executeAndCollect */
  async executeCollecting<T>(
    stream: DataStream<T>,
    jobName: string | undefined,
  ): Promise<{ readonly job: JobClient; readonly values: AsyncIterable<unknown> }> {
    const context = this.#requireContext('executeAndCollect()');
    this.#collects += 1;
    const collectId = `collect-${this.#collects}`;
    stream.addOneInput('Data stream collect sink', { kind: 'collect', collectId }, { parallelism: 1 });
    const { job, values } = await context.collect(this.#takeJobGraph(jobName), collectId);
    return { job: new JobClient(job), values };
  }

  #executionData(): ExecutionConfigData {
    const data = this.#config.toData();
    return this.#timeCharacteristic === TimeCharacteristic.IngestionTime ? { ...data, ingestionTime: true } : data;
  }

  #requireContext(operation: string): ProgramContext {
    if (this.#context === undefined) throw appError('NO_PROGRAM_CONTEXT', [operation]);
    return this.#context;
  }

  #takeJobGraph(jobName: string | undefined): JobGraph {
    const graph = this.getJobGraph(jobName);
    this.builder.clear();
    return graph;
  }

  #addSplitSource<T, Split>(
    source: Source<T, Split>,
    name: string,
    type: TypeInformation<T> | undefined,
    fixedParallelism: boolean,
  ): SingleOutputStreamOperator<T> {
    const spec = { kind: 'splitSource', source, watermarks: undefined } as unknown as OperatorSpec;
    return this.#addSource(name, spec, type, fixedParallelism);
  }

  #addSource<T>(
    name: string,
    operator: OperatorSpec,
    type: TypeInformation<T> | undefined,
    fixedParallelism: boolean,
  ): SingleOutputStreamOperator<T> {
    const transformation = this.builder.addOperator({
      name,
      operator,
      inputs: [],
      outputType: type as TypeInformation | undefined,
      parallelism: fixedParallelism ? 1 : this.getParallelism(),
      chaining: ChainingStrategy.Head,
      fixedParallelism,
    });
    return new SingleOutputStreamOperator<T>(this, transformation);
  }
}
