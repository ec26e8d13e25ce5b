// Where a batch program starts: makes data sets of sources, and executes what was built on them.
import { appError } from '../../errors.ts';
import { createBatchJobGraph, hashText } from '../../graph/batch/batch-job-graph.ts';
import type { BatchOperator, BatchSink, BatchSource, ParallelismRule } from '../../graph/batch/batch-operator.ts';
import { forwardNone } from '../../graph/batch/forwarded-fields.ts';
import type { JobGraph, JsonPlan } from '../../graph/job-graph.ts';
import { CheckpointConfig } from '../checkpoint-config.ts';
import { CollectionSource, NumberSequenceSource } from '../collection-source.ts';
import { connectorHook, type ReadTextOptions } from '../connector-hooks.ts';
import { ExecutionConfig } from '../execution-config.ts';
import { inferType } from '../infer-type.ts';
import { JobExecutionResult } from '../job-execution-result.ts';
import { currentProgramContext, type ProgramContext } from '../program-context.ts';
import type { Source } from '../source.ts';
import { type TypeInformation, Types } from '../type-information.ts';
import type { BatchProgram } from './batch-program.ts';
import { callLocation } from './call-location.ts';
import { DataSet } from './data-set.ts';
import { defaultBatchJobName } from './default-job-name.ts';
import { type RecordShape, shapeOfElements, unknownShape } from './record-shape.ts';

const onlyOne: ParallelismRule = { kind: 'fixed', parallelism: 1 };

export class ExecutionEnvironment implements BatchProgram {
  /** Internal. */
  readonly context: ProgramContext;
  readonly #config: ExecutionConfig;
  #sinks: BatchSink[] = [];
  #operators = 0;
  #results = 0;
  #lastResult: JobExecutionResult | undefined;

  /** Internal: programs call getExecutionEnvironment. */
  constructor(context: ProgramContext) {
    this.context = context;
    const { defaults } = context;
    const { parallelism, stateBackend, execution } = defaults;
    this.#config = new ExecutionConfig(context.parallelism ?? parallelism, stateBackend, execution);
  }

  /** The environment of the program being run. @throws NO_PROGRAM_CONTEXT outside of one */
  static getExecutionEnvironment(): ExecutionEnvironment {
    const context = currentProgramContext();
    if (!context) throw appError('NO_PROGRAM_CONTEXT', ['ExecutionEnvironment.getExecutionEnvironment()']);
    return new ExecutionEnvironment(context);
  }

  getConfig(): ExecutionConfig {
    return this.#config;
  }

  setParallelism(parallelism: number): this {
    this.#config.setParallelism(parallelism);
    return this;
  }

  getParallelism(): number {
    return this.#config.getParallelism();
  }

  // --- sources ---

  fromElements<T>(...elements: T[]): DataSet<T> {
    return this.fromCollection(elements);
  }

  /** @param elements all of them are taken at once: not for endless iterators, which a batch could not end with */
  fromCollection<T>(elements: Iterable<T>, type?: TypeInformation<T>): DataSet<T> {
    const list = [...elements];
    const data = this.#source(new CollectionSource(list), 'CollectionInputFormat', onlyOne, shapeOfElements(list));
    const declared = type ?? inferType(list);
    return declared === undefined ? data : data.returns(declared);
  }

  /** from..to, both inclusive, in parallel. */
  generateSequence(from: number, to: number): DataSet<number> {
    const source = new NumberSequenceSource(from, to);
    return this.#source(source, 'ParallelIteratorInputFormat', { kind: 'default' }).returns(Types.long);
  }

  /** Lines of a file, or of all files of a directory, in parallel. Needs the file connector. */
  readTextFile(path: string, options: ReadTextOptions = {}): DataSet<string> {
    const source = connectorHook('textFileSource', 'readTextFile')(path, options);
    return this.#source(source, 'TextInputFormat', { kind: 'default' }).returns(Types.string);
  }

  /** A source of one's own; it must be bounded. */
  createInput<T>(source: Source<T, unknown>, type?: TypeInformation<T>): DataSet<T> {
    if (source.boundedness !== 'BOUNDED') throw appError('UNBOUNDED_BATCH_SOURCE', [source.constructor.name]);
    const data = this.#source(source, source.constructor.name, { kind: 'default' });
    return type === undefined ? data : data.returns(type);
  }

  #source<T, Split = unknown>(
    source: Source<T, Split>,
    format: string,
    parallelismRule: ParallelismRule,
    shape: RecordShape = unknownShape,
  ): DataSet<T> {
    const operator = this.add<BatchSource>({
      kind: 'source',
      name: `at ${callLocation(this.context)} (${format})`,
      parallelism: undefined,
      parallelismRule,
      inputs: [],
      forwarded: forwardNone,
      outputType: undefined,
      spec: { kind: 'splitSource', source: source as unknown as Source<unknown, unknown>, watermarks: undefined },
    });
    return new DataSet<T>({ program: this, operator, shape });
  }

  // --- execution ---

  /**
   * Runs everything that ends in a sink; the sinks are used up by it.
   * @throws NO_BATCH_SINK when there is none
   */
  async execute(jobName?: string): Promise<JobExecutionResult> {
    const graph = this.#createJobGraph(jobName);
    this.#sinks = [];
    this.#lastResult = new JobExecutionResult(await this.context.execute(graph));
    return this.#lastResult;
  }

  /** Of the last execute(), collect(), count() or print(). @throws NO_BATCH_RESULT before the first */
  getLastJobExecutionResult(): JobExecutionResult {
    if (!this.#lastResult) throw appError('NO_BATCH_RESULT');
    return this.#lastResult;
  }

  /** What execute() would run, as /plan shows it; the sinks stay. */
  getExecutionPlan(): JsonPlan {
    return this.#createJobGraph(undefined).plan;
  }

  #createJobGraph(jobName: string | undefined): JobGraph {
    return createBatchJobGraph({
      name: jobName ?? defaultBatchJobName(this.context.submittedAtMs),
      sinks: this.#sinks,
      execution: this.#config.toData(),
      checkpointing: new CheckpointConfig(undefined).toData(),
    });
  }

  // --- internal, for data sets ---

  /** Internal. */
  add<O extends BatchOperator>(operator: Omit<O, 'id'>): O {
    this.#operators += 1;
    return { ...operator, id: this.#operators } as O;
  }

  /** Internal. */
  addSink(sink: Omit<BatchSink, 'id'>): BatchSink {
    const added = this.add<BatchSink>(sink);
    this.#sinks.push(added);
    return added;
  }

  /** Internal. Equal in every evaluation of the program, different for every result of it. */
  createResultName(): string {
    this.#results += 1;
    return hashText(`result ${this.#results} behind ${this.#operators} operators`);
  }
}
