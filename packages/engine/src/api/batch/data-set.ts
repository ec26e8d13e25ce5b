// A data set of a batch program: the records an operator yields.
import type {
  BatchGroupReduce,
  BatchMapLike,
  BatchOperator,
  BatchPartition,
  BatchReduce,
  BatchSortPartition,
  BatchUnion,
  ParallelismRule,
} from '../../graph/batch/batch-operator.ts';
import { type ForwardedFields, forwardAll, forwardNone } from '../../graph/batch/forwarded-fields.ts';
import type { Field } from '../../graph/batch/record-key.ts';
import { checkParallelism } from '../../graph/max-parallelism.ts';
import type { OperatorSpec } from '../../graph/operator-spec.ts';
import { connectorHook, type TextSinkOptions } from '../connector-hooks.ts';
import { formatRecord } from '../format-record.ts';
import { bindFunction, functionName } from '../function-binding.ts';
import type { Collector, RichFunctionLifecycle } from '../functions.ts';
import type { TypeInformation } from '../type-information.ts';
import type { FilterLike, FlatMapLike, KeySelectorLike, MapLike, ReduceLike } from '../user-functions.ts';
import { type AggregateDataSet, aggregateDataSet } from './aggregate-data-set.ts';
import { Aggregations } from './aggregations.ts';
import type { BatchProgram } from './batch-program.ts';
import { callLocation } from './call-location.ts';
import { DataSink } from './data-sink.ts';
import { distinctDataSet } from './distinct.ts';
import { bindGroupReduce, firstOf, type GroupReduceLike, type MapPartitionLike } from './group-functions.ts';
import { UnsortedGrouping } from './grouping.ts';
import { JoinOperatorSets } from './join.ts';
import { extractKey, keyOfKeyed, removeKey } from './key-wrapping.ts';
import { type KeyArguments, resolveKeys } from './keys.ts';
import { type OutputFormat, outputFormatSpec } from './output-format.ts';
import { pickByFields } from './pick-by-fields.ts';
import { projectFields } from './project.ts';
import { type RecordShape, resolveField, shapeOfType, unknownShape } from './record-shape.ts';
import { textSinkSpec } from './text-sinks.ts';

const inherit: ParallelismRule = { kind: 'inherit' };

/** Order of sortPartition and sortGroup. */
export const Order = { ASCENDING: 'ASC', DESCENDING: 'DESC' } as const;
export type Order = (typeof Order)[keyof typeof Order];

/** How a data set is made; internal. */
export interface DataSetParts {
  readonly program: BatchProgram;
  /** Yields the records. */
  readonly operator: BatchOperator;
  readonly shape: RecordShape;
  /** Takes name and parallelism; the operator itself unless a key remover stands behind it. */
  readonly configured?: BatchOperator;
}

export class DataSet<T> {
  /** Internal. */
  readonly program: BatchProgram;
  /** Internal. */
  readonly operator: BatchOperator;
  readonly #configured: BatchOperator;
  #shape: RecordShape;

  constructor(parts: DataSetParts) {
    this.program = parts.program;
    this.operator = parts.operator;
    this.#configured = parts.configured ?? parts.operator;
    this.#shape = parts.shape;
  }

  /** Internal. */
  get shape(): RecordShape {
    return this.#shape;
  }

  // --- settings of the operator ---

  /** Shown in plans instead of the place where the operator was called. */
  name(name: string): this {
    this.#configured.name = name;
    return this;
  }

  /** @throws INVALID_PARALLELISM when out of range, or other than the operator can have */
  setParallelism(parallelism: number): this {
    const rule = this.#configured.parallelismRule;
    const limit = rule.kind === 'fixed' ? rule.parallelism : rule.kind === 'one' ? 1 : undefined;
    this.#configured.parallelism = checkParallelism(parallelism, `parallelism of "${this.#configured.name}"`, limit);
    return this;
  }

  getParallelism(): number | undefined {
    return this.#configured.parallelism;
  }

  /** Declares the type of the records: faster between subtasks, and fields are known by position. */
  returns<R = T>(type: TypeInformation<R>): DataSet<R> {
    this.operator.outputType = type;
    this.#shape = shapeOfType(type);
    return this as unknown as DataSet<R>;
  }

  getType(): TypeInformation | undefined {
    return this.operator.outputType;
  }

  // --- record by record ---

  map<R>(mapper: MapLike<T, R>): DataSet<R> {
    const { fn, rich } = bindFunction<(value: unknown) => unknown>(mapper, 'map', 'map');
    return this.#mapLike('map', { kind: 'map', fn, rich }, 'Map');
  }

  flatMap<R>(mapper: FlatMapLike<T, R>): DataSet<R> {
    const { fn, rich } = bindFunction<(value: unknown, out: Collector<unknown>) => void>(mapper, 'flatMap', 'flatMap');
    return this.#mapLike('flatMap', { kind: 'flatMap', fn, rich }, 'FlatMap');
  }

  filter(predicate: FilterLike<T>): DataSet<T> {
    const { fn, rich } = bindFunction<(value: unknown) => boolean>(predicate, 'filter', 'filter');
    return this.#mapLike('filter', { kind: 'filter', fn, rich }, 'Filter', forwardAll, this.#shape);
  }

  /** Gives the function all records of a subtask at once. */
  mapPartition<R>(mapper: MapPartitionLike<T, R>): DataSet<R> {
    const { fn, rich } = bindFunction<GroupFunction>(mapper, 'mapPartition', 'mapPartition');
    return this.#mapLike('mapPartition', { kind: 'batchMapPartition', fn, rich }, 'MapPartition');
  }

  /** Tuples of these fields, in this order. */
  project<R = unknown[]>(...fields: readonly Field[]): DataSet<R> {
    const { fn, forwarded } = projectFields(fields, this.#shape);
    const operator = this.program.add<BatchMapLike>({
      ...this.#unary({ kind: 'default' }),
      kind: 'map',
      name: `Projection [${fields.join(', ')}]`,
      forwarded,
      spec: { kind: 'map', fn },
    });
    return this.derive(operator, { kind: 'tuple', arity: fields.length });
  }

  // --- groups ---

  /** By fields (positions or names) or by one key selector. */
  groupBy(...keys: readonly Field[]): UnsortedGrouping<T>;
  groupBy<K>(selector: KeySelectorLike<T, K>): UnsortedGrouping<T>;
  groupBy(...keys: KeyArguments<T>): UnsortedGrouping<T> {
    return new UnsortedGrouping(this, resolveKeys<T>(keys, this.#shape, 'groupBy'));
  }

  /** One record for each distinct value of the fields or selector; of the whole record without any. */
  distinct(...keys: readonly Field[]): DataSet<T>;
  distinct<K>(selector: KeySelectorLike<T, K>): DataSet<T>;
  distinct(...keys: KeyArguments<T>): DataSet<T> {
    return distinctDataSet(this, keys);
  }

  // --- everything at once ---

  reduce(reducer: ReduceLike<T>): DataSet<T> {
    const { fn, rich } = bindFunction<(a: unknown, b: unknown) => unknown>(reducer, 'reduce', 'reduce');
    const operator = this.program.add<BatchReduce>({
      ...this.#unary({ kind: 'fixed', parallelism: 1 }, this.operator.outputType),
      kind: 'reduce',
      name: this.#located('Reduce'),
      key: undefined,
      start: identity,
      fn,
      rich,
    });
    return this.derive(operator, this.#shape);
  }

  reduceGroup<R>(reducer: GroupReduceLike<T, R>): DataSet<R> {
    return this.#reduceAll(reducer, this.#located('GroupReduce'));
  }

  /** Any `count` records. */
  first(count: number): DataSet<T> {
    const all = this.#reduceAll<T>(firstOf<T>(count), this.#located('GroupReduce'));
    return all.#withShape(this.#shape);
  }

  aggregate(aggregation: Aggregations, field: Field): AggregateDataSet<T> {
    return aggregateDataSet<T>(this, undefined, [{ aggregation, field }], callLocation(this.program.context));
  }

  sum(field: Field): AggregateDataSet<T> {
    return this.aggregate(Aggregations.SUM, field);
  }

  min(field: Field): AggregateDataSet<T> {
    return this.aggregate(Aggregations.MIN, field);
  }

  max(field: Field): AggregateDataSet<T> {
    return this.aggregate(Aggregations.MAX, field);
  }

  /** The record with the smallest fields, compared one after the other. */
  minBy(...fields: readonly Field[]): DataSet<T> {
    return this.reduce(pickByFields<T>(fields, this.#shape, 'min'));
  }

  maxBy(...fields: readonly Field[]): DataSet<T> {
    return this.reduce(pickByFields<T>(fields, this.#shape, 'max'));
  }

  // --- two data sets ---

  union(other: DataSet<T>): DataSet<T> {
    const operator = this.program.add<BatchUnion>({
      kind: 'union',
      name: 'Union',
      parallelism: undefined,
      parallelismRule: { kind: 'default' },
      inputs: [this.operator, other.operator],
      forwarded: forwardAll,
      outputType: this.operator.outputType,
    });
    return this.derive(operator, this.#shape);
  }

  /** Inner join: `a.join(b).where(keys).equalTo(keys)`, then `with(function)` or the pairs themselves. */
  join<O>(other: DataSet<O>): JoinOperatorSets<T, O> {
    return new JoinOperatorSets(this, other);
  }

  // --- physical ---

  /** Deals the records out evenly. */
  rebalance(): DataSet<T> {
    return this.#partition(undefined, this);
  }

  partitionByHash(...keys: readonly Field[]): DataSet<T>;
  partitionByHash<K>(selector: KeySelectorLike<T, K>): DataSet<T>;
  partitionByHash(...given: KeyArguments<T>): DataSet<T> {
    const keys = resolveKeys<T>(given, this.#shape, 'partitionByHash');
    if (keys.kind === 'fields') return this.#partition(keys.key, this);
    const keyed = this.addKeyExtractor(keys.select);
    return this.#partition(keyOfKeyed, keyed).addKeyRemover<T>(this.#shape, this.operator.outputType);
  }

  /** Sorts inside each subtask; calling it on the result adds a field to the order. */
  sortPartition(field: Field, order: Order): DataSet<T> {
    const previous = this.operator.kind === 'sortPartition' ? this.operator : undefined;
    const { read, field: shown } = resolveField(this.#shape, field);
    const operator = this.program.add<BatchSortPartition>({
      ...this.#unary(inherit, this.operator.outputType),
      inputs: previous?.inputs ?? [this.operator],
      forwarded: forwardAll,
      kind: 'sortPartition',
      name: `Sort at ${callLocation(this.program.context)}`,
      order: [...(previous?.order ?? []), { field: shown, direction: order, read }],
    });
    return this.derive(operator, this.#shape);
  }

  // --- results ---

  /** Runs the program up to here and returns the records. */
  async collect(): Promise<T[]> {
    const accumulatorName = this.program.createResultName();
    this.#sink({ kind: 'batchCollect', accumulatorName }, 'collect()');
    const result = await this.program.execute();
    return result.getAccumulatorResult<T[]>(accumulatorName) ?? [];
  }

  /** Runs the program up to here and returns the number of records. */
  async count(): Promise<number> {
    const accumulatorName = this.program.createResultName();
    this.#sink({ kind: 'batchCount', accumulatorName }, 'count()');
    const result = await this.program.execute();
    return result.getAccumulatorResult<number>(accumulatorName) ?? 0;
  }

  /** Runs the program up to here and prints the records where the program was started. */
  async print(): Promise<void> {
    for (const record of await this.collect()) this.program.context.print?.(`${formatRecord(record)}\n`);
  }

  /** Prints in the subtasks, to the output of the process, when the program is executed. */
  printOnTaskManager(prefix: string): DataSink<T> {
    return this.#sink({ kind: 'print', stream: 'stdout', identifier: prefix }, 'Print to System.out');
  }

  /** One record per line. Needs the file connector. */
  writeAsText(path: string, options: TextSinkOptions = {}): DataSink<T> {
    const sink = connectorHook('textFileSink', 'writeAsText')(path, options);
    return this.#sink(textSinkSpec(sink), `TextOutputFormat (${path}) - UTF-8`);
  }

  /** One tuple per line. Needs the file connector. */
  writeAsCsv(path: string, options: TextSinkOptions = {}): DataSink<T> {
    const sink = connectorHook('csvFileSink', 'writeAsCsv')(path, options);
    const { fn, rich } = bindFunction<(value: unknown) => void>(sink, 'invoke', 'writeAsCsv');
    const delimiter = options.fieldDelimiter ?? ',';
    const name = `CsvOutputFormat (path: ${path}, delimiter: ${delimiter})`;
    return this.#sink({ kind: 'sink', fn, finish: () => sink.finish?.(), rich }, name);
  }

  output(format: OutputFormat<T>): DataSink<T> {
    return this.#sink(outputFormatSpec(format as OutputFormat<never>), functionName(format, 'OutputFormat'));
  }

  // --- internal ---

  /** Internal: a data set of another operator of the same program. */
  derive<R>(operator: BatchOperator, shape: RecordShape, configured?: BatchOperator): DataSet<R> {
    return new DataSet<R>({ program: this.program, operator, shape, ...(configured ? { configured } : {}) });
  }

  /** Internal. */
  addKeyExtractor(select: (record: never) => unknown): DataSet<unknown> {
    return this.#mapWith(extractKey(select), 'Key Extractor');
  }

  /** Internal: `configured` is what the user's name and parallelism go to. */
  addKeyRemover<R>(shape: RecordShape, type: TypeInformation | undefined): DataSet<R> {
    const remover = this.#mapWith(removeKey, 'Key Remover').operator;
    remover.outputType = type;
    return this.derive(remover, shape, this.operator);
  }

  #mapWith(fn: (value: unknown) => unknown, name: string): DataSet<unknown> {
    const spec: OperatorSpec = { kind: 'map', fn };
    return this.derive(
      this.program.add<BatchMapLike>({ ...this.#unary(inherit), kind: 'map', name, spec }),
      unknownShape,
    );
  }

  #mapLike<R>(
    kind: BatchMapLike['kind'],
    spec: OperatorSpec & { readonly rich?: RichFunctionLifecycle | undefined },
    label: string,
    forwarded: ForwardedFields = forwardNone,
    shape: RecordShape = unknownShape,
  ): DataSet<R> {
    const outputType = forwarded.kind === 'all' ? this.operator.outputType : undefined;
    const name = this.#located(label);
    const operator = this.program.add<BatchMapLike>({
      ...this.#unary(inherit, outputType),
      kind,
      name,
      forwarded,
      spec,
    });
    return this.derive(operator, shape);
  }

  #reduceAll<R>(reducer: GroupReduceLike<T, R>, name: string): DataSet<R> {
    const { fn, combineFn, rich } = bindGroupReduce(reducer);
    const operator = this.program.add<BatchGroupReduce>({
      ...this.#unary({ kind: 'fixed', parallelism: 1 }),
      kind: 'groupReduce',
      name,
      key: undefined,
      groupOrder: [],
      fn,
      combineFn,
      rich,
    });
    return this.derive(operator, unknownShape);
  }

  #partition<R>(key: BatchPartition['key'], input: DataSet<R>): DataSet<R> {
    const operator = this.program.add<BatchPartition>({
      ...input.#unary({ kind: 'default' }, input.operator.outputType),
      forwarded: forwardAll,
      kind: 'partition',
      name: this.#located('Partition'),
      key,
    });
    return input.derive(operator, input.#shape);
  }

  #sink(spec: OperatorSpec, name: string): DataSink<T> {
    return new DataSink(
      this.program.addSink({
        ...this.#unary(inherit, this.operator.outputType),
        forwarded: forwardAll,
        kind: 'sink',
        name,
        spec,
      }),
    );
  }

  #withShape(shape: RecordShape): this {
    this.#shape = shape;
    return this;
  }

  /** What operators with one input have in common. */
  #unary(parallelismRule: ParallelismRule, outputType?: TypeInformation) {
    return { parallelism: undefined, parallelismRule, inputs: [this.operator], forwarded: forwardNone, outputType };
  }

  #located(label: string): string {
    return `${label} at ${callLocation(this.program.context)}`;
  }
}

type GroupFunction = (values: Iterable<unknown>, out: Collector<unknown>) => void;

function identity(record: unknown): unknown {
  return record;
}
