// DataStream: a stream of records and everything that can be done with one. SingleOutputStreamOperator is the stream that
// an operator gives; it is here because most methods return it.
import { appError } from '../../errors.ts';
import type { FilterSpec, FlatMapSpec, MapSpec, OperatorSpec, ProcessSpec } from '../../graph/operator-spec.ts';
import type { OperatorTransformation, Partitioner, Transformation } from '../../graph/transformation.ts';
import { connectorHook, type TextSinkOptions } from '../connector-hooks.ts';
import type { StreamExecutionEnvironment } from '../environment.ts';
import { bindFunction, bindOptional, describeGiven, requireImmediate } from '../function-binding.ts';
import type { Collector } from '../functions.ts';
import type { JobClient } from '../job-client.ts';
import type { OutputTag } from '../output-tag.ts';
import type { ProcessLike } from '../process-functions.ts';
import type { NewOperator } from '../program-builder.ts';
import type { MapStateDescriptor } from '../state.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import type { TypeInformation } from '../type-information.ts';
import type {
  FilterLike,
  FlatMapFunction,
  KeySelectorLike,
  MapLike,
  PartitionerLike,
  SinkLike,
} from '../user-functions.ts';
import { toWatermarkSpec, type WatermarkAssigner, WatermarkStrategy } from '../watermark-strategy.ts';
import { CountTrigger } from '../windows/count-trigger.ts';
import { CountEvictor } from '../windows/evictors.ts';
import { GlobalWindows } from '../windows/global-windows.ts';
import { PurgingTrigger } from '../windows/purging-trigger.ts';
import type { GlobalWindow, TimeWindow, Window } from '../windows/window.ts';
import type { WindowAssigner } from '../windows/window-assigner.ts';
import type { AllWindowedStream } from './all-windowed-stream.ts';
import type { BroadcastConnectedStream, BroadcastStream } from './broadcast-streams.ts';
import type { ConnectedStreams } from './connected-streams.ts';
import { DataStreamSink } from './data-stream-sink.ts';
import type { IterativeStream } from './iterative-stream.ts';
import type { CoGroupedStreams, JoinedStreams } from './joined-streams.ts';
import type { KeyedStream } from './keyed-stream.ts';
import { createKeySpec } from './keys.ts';
import * as settings from './operator-settings.ts';
import { streamClasses } from './stream-classes.ts';
import { timeWindowAssigner } from './time-windows.ts';

/** Name of a field or position of a tuple. */
export type FieldOf<T> = keyof T & (string | number);

export class DataStream<T> {
  readonly #environment: StreamExecutionEnvironment;
  readonly #transformation: Transformation;

  constructor(environment: StreamExecutionEnvironment, transformation: Transformation) {
    this.#environment = environment;
    this.#transformation = transformation;
  }

  getExecutionEnvironment(): StreamExecutionEnvironment {
    return this.#environment;
  }

  getTransformation(): Transformation {
    return this.#transformation;
  }

  getId(): number {
    return this.#transformation.id;
  }

  /** The declared type of the records, if any. */
  getType(): TypeInformation<T> | undefined {
    return this.#transformation.outputType as TypeInformation<T> | undefined;
  }

  getParallelism(): number {
    return this.#transformation.parallelism ?? this.#environment.getParallelism();
  }

  // One record at a time.

  /** @param type declared type of the results, for generated serializers */
  map<R>(mapper: MapLike<T, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    return this.oneInput('Map', { kind: 'map', ...bindFunction<MapSpec['fn']>(mapper, 'map', 'map') }, type);
  }

  filter(filter: FilterLike<T>): SingleOutputStreamOperator<T> {
    return this.oneInput(
      'Filter',
      { kind: 'filter', ...bindFunction<FilterSpec['fn']>(filter, 'filter', 'filter') },
      this.getType(),
    );
  }

  /** A function of one parameter returns its results; one of two emits them. */
  flatMap<R>(
    // `out` only so that the first parameter of a function of two still gets its type from here.
    flatMapper: (value: T, out?: never) => Iterable<R>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R>;
  flatMap<R>(
    flatMapper: ((value: T, out: Collector<R>) => void) | FlatMapFunction<T, R>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R>;
  flatMap<R>(flatMapper: unknown, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const returnsResults = typeof flatMapper === 'function' && flatMapper.length < 2;
    if (returnsResults && !isGenerator(flatMapper)) requireImmediate(flatMapper, 'flatMap');
    const given = returnsResults ? emitting(flatMapper as (value: T) => Iterable<R> | undefined) : flatMapper;
    return this.oneInput(
      'Flat Map',
      { kind: 'flatMap', ...bindFunction<FlatMapSpec['fn']>(given, 'flatMap', 'flatMap') },
      type,
    );
  }

  process<R>(processor: ProcessLike<T, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    return this.oneInput(
      'Process',
      {
        kind: 'process',
        keyed: false,
        ...bindFunction<ProcessSpec['fn']>(processor, 'processElement', 'process'),
        onTimer: bindOptional(processor, 'onTimer'),
      },
      type,
    );
  }

  /** Keeps some fields: of a tuple by position, of an object by name. */
  project<const F extends readonly FieldOf<T>[]>(
    ...fields: F
  ): SingleOutputStreamOperator<
    T extends readonly unknown[] ? { -readonly [I in keyof F]: T[F[I]] } : Pick<T, F[number]>
  > {
    const fn = (value: T): unknown =>
      Array.isArray(value)
        ? fields.map((field) => value[field as number] as unknown)
        : Object.fromEntries(fields.map((field) => [field, value[field]]));
    return this.oneInput('Projection', { kind: 'map', fn: fn as never });
  }

  // Time.

  assignTimestampsAndWatermarks(assigner: WatermarkAssigner<T>): SingleOutputStreamOperator<T> {
    const rich = assigner instanceof WatermarkStrategy ? undefined : assigner;
    const watermarks = toWatermarkSpec(assigner) as never;
    const spec: OperatorSpec = { kind: 'timestampsAndWatermarks', watermarks, rich };
    return this.oneInput<T>('Timestamps/Watermarks', spec, this.getType()).setParallelism(this.getParallelism());
  }

  // Keys and partitions.

  /** By field name or tuple position; then the key type comes from the declared type. */
  keyBy<F extends FieldOf<T>>(field: F): KeyedStream<T, T[F]>;
  /** @param keyType declared type of the key, for generated serializers */
  keyBy<K>(selector: KeySelectorLike<T, K>, keyType?: TypeInformation<K>): KeyedStream<T, K>;
  /** By several fields; the key is a tuple. */
  keyBy<const F extends readonly [FieldOf<T>, FieldOf<T>, ...FieldOf<T>[]]>(
    ...fields: F
  ): KeyedStream<T, { -readonly [I in keyof F]: T[F[I]] }>;
  keyBy(...given: unknown[]): KeyedStream<T, unknown> {
    const byFields = given.length === 0 || ['string', 'number'].includes(typeof given[0]);
    const key = byFields
      ? createKeySpec(given, this.getType(), undefined)
      : createKeySpec([given[0]], this.getType(), given[1] as TypeInformation | undefined);
    const partitioner: Partitioner = { kind: 'hash', keySelector: key.selector, keyType: key.type };
    const partition = this.#environment.builder.addPartition(this.#transformation, partitioner);
    return streamClasses().keyed<T, unknown>(this.#environment, partition, key);
  }

  /** Round robin to all subtasks of the next operator. */
  rebalance(): DataStream<T> {
    return this.partition({ kind: 'rebalance' });
  }

  /** At random. */
  shuffle(): DataStream<T> {
    return this.partition({ kind: 'shuffle' });
  }

  /** Round robin to some subtasks: each sender has its own share of them. */
  rescale(): DataStream<T> {
    return this.partition({ kind: 'rescale' });
  }

  /** Everything to the first subtask. */
  global(): DataStream<T> {
    return this.partition({ kind: 'global' });
  }

  /** To the subtask with the sender's index; needs equal parallelism. */
  forward(): DataStream<T> {
    return this.partition({ kind: 'forward' });
  }

  /** To every subtask. With descriptors: a stream that others keep as broadcast state (see connect). */
  broadcast(): DataStream<T>;
  broadcast<K, V>(
    state: MapStateDescriptor<K, V>,
    ...more: readonly MapStateDescriptor<unknown, unknown>[]
  ): BroadcastStream<T>;
  broadcast(...states: readonly MapStateDescriptor<unknown, unknown>[]): DataStream<T> | BroadcastStream<T> {
    const stream = this.partition({ kind: 'broadcast' });
    return states.length === 0 ? stream : streamClasses().broadcast(stream, states);
  }

  partitionCustom<F extends FieldOf<T>>(partitioner: PartitionerLike<T[F]>, field: F): DataStream<T>;
  partitionCustom<K>(partitioner: PartitionerLike<K>, selector: KeySelectorLike<T, K>): DataStream<T>;
  partitionCustom(partitioner: PartitionerLike<never>, selector: unknown): DataStream<T> {
    const { fn } = bindFunction<(key: never, numPartitions: number) => number>(
      partitioner,
      'partition',
      'partitionCustom',
    );
    const keySelector = createKeySpec([selector], this.getType(), undefined).selector;
    return this.partition({ kind: 'custom', partition: fn, keySelector });
  }

  // Several streams.

  /** The records of all streams, in no particular order. */
  union(...others: readonly DataStream<T>[]): DataStream<T> {
    const inputs = [this, ...others].map((stream) => stream.getTransformation());
    const types = new Set(inputs.map((input) => JSON.stringify(input.outputType)));
    const type = types.size === 1 ? this.getType() : undefined;
    return new DataStream<T>(this.#environment, this.#environment.builder.addUnion(inputs, type));
  }

  connect<B>(broadcast: BroadcastStream<B>): BroadcastConnectedStream<T, B>;
  connect<B>(other: DataStream<B>): ConnectedStreams<T, B>;
  connect<B>(other: DataStream<B> | BroadcastStream<B>): ConnectedStreams<T, B> | BroadcastConnectedStream<T, B> {
    return other instanceof DataStream
      ? streamClasses().connected<T, B>(this, other)
      : streamClasses().broadcastConnected<T, B>(this, other);
  }

  /** Window join: where(…).equalTo(…).window(…).apply(…). */
  join<B>(other: DataStream<B>): JoinedStreams<T, B> {
    return streamClasses().joined<T, B>(this, other);
  }

  coGroup<B>(other: DataStream<B>): CoGroupedStreams<T, B> {
    return streamClasses().coGrouped<T, B>(this, other);
  }

  /**
   * Begins a loop; closeWith() on the result ends it.
   * @param maxWait the loop ends when nothing came back for so long; 0: never
   */
  iterate(maxWait: TimeLike = 0): IterativeStream<T> {
    return streamClasses().iterative<T>(this, toMilliseconds(maxWait, 'longest wait of the iteration', 0));
  }

  // Windows over the whole stream: one subtask.

  windowAll<W extends Window>(assigner: WindowAssigner<T, W>): AllWindowedStream<T, W> {
    return streamClasses().allWindowed<T, W>(this, assigner);
  }

  /** Tumbling, or sliding with `slide`, in the environment's time characteristic. */
  timeWindowAll(size: TimeLike, slide?: TimeLike): AllWindowedStream<T, TimeWindow> {
    return this.windowAll(timeWindowAssigner(this.#environment, size, slide));
  }

  countWindowAll(size: number, slide?: number): AllWindowedStream<T, GlobalWindow> {
    const windows = this.windowAll<GlobalWindow>(GlobalWindows.create());
    return slide === undefined
      ? windows.trigger(PurgingTrigger.of(CountTrigger.of(size)))
      : windows.evictor(CountEvictor.of(size)).trigger(CountTrigger.of(slide));
  }

  // Sinks.

  addSink(sink: SinkLike<T>): DataStreamSink {
    const bound = bindFunction(sink, 'invoke', 'addSink', 'by promise, too');
    const spec = { kind: 'sink', ...bound, finish: bindOptional(sink, 'finish', 'by promise, too') } as OperatorSpec;
    return new DataStreamSink(this.addOneInput('Unnamed', spec));
  }

  /** Flink 1.14's name for addSink. */
  sinkTo(sink: SinkLike<T>): DataStreamSink {
    return this.addSink(sink);
  }

  /** Lines on standard output: "subtask> value", or "identifier:subtask> value". */
  print(identifier = ''): DataStreamSink {
    const spec: OperatorSpec = { kind: 'print', stream: 'stdout', identifier };
    return new DataStreamSink(this.addOneInput('Print to Std. Out', spec));
  }

  printToErr(identifier = ''): DataStreamSink {
    const spec: OperatorSpec = { kind: 'print', stream: 'stderr', identifier };
    return new DataStreamSink(this.addOneInput('Print to Std. Err', spec));
  }

  /** One line per record. Needs yeoul/connectors/files. */
  writeAsText(path: string, options: TextSinkOptions = {}): DataStreamSink {
    return this.addSink(connectorHook('textFileSink', 'writeAsText')(path, options) as SinkLike<T>);
  }

  /** Tuples, or objects by their fields. Needs yeoul/connectors/files. */
  writeAsCsv(path: string, options: TextSinkOptions = {}): DataStreamSink {
    return this.addSink(connectorHook('csvFileSink', 'writeAsCsv')(path, options) as SinkLike<T>);
  }

  /** Needs yeoul/connectors/sockets. */
  writeToSocket(hostname: string, port: number, serialize: (value: T) => string | Uint8Array): DataStreamSink {
    const sink = connectorHook('socketSink', 'writeToSocket')(hostname, port, serialize as never) as SinkLike<T>;
    return this.addSink(sink).setParallelism(1);
  }

  /** Runs the job and gives its records; ending the loop early cancels the job. */
  executeAndCollect(jobName?: string): Promise<AsyncIterableIterator<T>>;
  /** Runs the job, gives its first `limit` records and cancels what is left. */
  executeAndCollect(limit: number): Promise<T[]>;
  executeAndCollect(jobName: string, limit: number): Promise<T[]>;
  async executeAndCollect(first?: string | number, second?: number): Promise<AsyncIterableIterator<T> | T[]> {
    const limit = typeof first === 'number' ? first : second;
    const records = this.collectAsync(typeof first === 'string' ? first : undefined);
    if (limit === undefined) return records;
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw appError('INVALID_SETTING', ['limit of executeAndCollect', limit, 'a whole number of at least 1']);
    }
    const collected: T[] = [];
    for await (const record of records) {
      collected.push(record);
      if (collected.length >= limit) break;
    }
    return collected;
  }

  /** An operator of one's own, built from its context; see StreamOperator. */
  transform<R>(
    name: string,
    createOperator: Extract<OperatorSpec, { kind: 'custom' }>['createOperator'],
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    return this.oneInput(name, { kind: 'custom', createOperator }, type);
  }

  // For other streams of this folder.

  /** @internal */
  oneInput<R>(name: string, spec: OperatorSpec, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    return new SingleOutputStreamOperator<R>(this.#environment, this.addOneInput(name, spec, { outputType: type }));
  }

  /** @internal */
  addOneInput(name: string, operator: OperatorSpec, more: Partial<NewOperator> = {}): OperatorTransformation {
    return this.#environment.builder.addOperator({
      name,
      operator,
      inputs: [this.#transformation],
      parallelism: this.#environment.getParallelism(),
      ...more,
    });
  }

  private async *collectAsync(jobName: string | undefined): AsyncIterableIterator<T> {
    const { job, values } = await this.#environment.executeCollecting(this, jobName);
    let finished = false;
    try {
      yield* values as AsyncIterable<T>;
      finished = true;
    } finally {
      if (!finished) await cancelQuietly(job);
    }
  }

  /** @internal */
  partition(partitioner: Partitioner): DataStream<T> {
    const partition = this.#environment.builder.addPartition(this.#transformation, partitioner);
    return new DataStream<T>(this.#environment, partition);
  }
}

/** The stream that an operator gives, with the operator's settings. */
export class SingleOutputStreamOperator<T> extends DataStream<T> {
  readonly #operator: OperatorTransformation;

  constructor(environment: StreamExecutionEnvironment, operator: OperatorTransformation) {
    super(environment, operator);
    this.#operator = operator;
  }

  getName(): string {
    return this.#operator.name;
  }

  name(name: string): this {
    this.#operator.name = name;
    return this;
  }

  /** Identity of the operator's state over changes of the program; unique in the job. */
  uid(uid: string): this {
    settings.setUid(this.#operator, uid);
    return this;
  }

  /** A second id, 32 hex digits, under which state of an older program is found. */
  setUidHash(uidHash: string): this {
    settings.setUidHash(this.#operator, uidHash);
    return this;
  }

  setParallelism(parallelism: number): this {
    settings.setParallelism(this.#operator, parallelism);
    return this;
  }

  setMaxParallelism(maxParallelism: number): this {
    settings.setMaxParallelism(this.#operator, maxParallelism);
    return this;
  }

  /** One subtask, and no other setting allowed. */
  forceNonParallel(): this {
    this.#operator.parallelism = 1;
    this.#operator.maxParallelism = 1;
    (this.#operator as { fixedParallelism: boolean }).fixedParallelism = true;
    return this;
  }

  disableChaining(): this {
    settings.disableChaining(this.#operator);
    return this;
  }

  startNewChain(): this {
    settings.startNewChain(this.#operator);
    return this;
  }

  /** Operators of one group share slots; default: the group of the inputs. */
  slotSharingGroup(group: string): this {
    this.#operator.slotSharingGroup = group;
    return this;
  }

  /** Of what this operator sends on, ms; see ExecutionConfig.setBufferTimeout. */
  setBufferTimeout(timeoutMs: number): this {
    if (!Number.isInteger(timeoutMs) || timeoutMs < -1) {
      throw appError('INVALID_SETTING', ['buffer timeout', timeoutMs, 'a whole number of at least -1']);
    }
    this.#operator.bufferTimeoutMs = timeoutMs;
    return this;
  }

  /** Declares the type of the records, for generated serializers and keys by field. */
  returns<R extends T>(type: TypeInformation<R>): SingleOutputStreamOperator<R> {
    this.#operator.outputType = type as TypeInformation;
    return this as unknown as SingleOutputStreamOperator<R>;
  }

  getSideOutput<X>(tag: OutputTag<X>): DataStream<X> {
    const environment = this.getExecutionEnvironment();
    const type = tag.type as TypeInformation | undefined;
    return new DataStream<X>(environment, environment.builder.addSideOutput(this.#operator, tag.id, type));
  }
}

/** Its results are what it yields. */
function isGenerator(fn: unknown): boolean {
  return Object.prototype.toString.call(fn) === '[object GeneratorFunction]';
}

function emitting<T, R>(fn: (value: T) => Iterable<R> | undefined): (value: T, out: Collector<R>) => void {
  return (value, out) => {
    const results = fn(value);
    if (results === undefined) return;
    try {
      for (const result of results) out.collect(result);
    } catch (error) {
      // Found out when it fails, so that results that can be iterated cost nothing.
      if (typeof results?.[Symbol.iterator] === 'function') throw error;
      throw appError('NOT_ITERABLE', [describeGiven(results)], { cause: error });
    }
  };
}

async function cancelQuietly(job: JobClient): Promise<void> {
  // The reader has what it wants; a job that ended by itself in the meantime cannot be cancelled any more.
  await job.cancel().catch(() => undefined);
}
