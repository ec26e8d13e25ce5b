// Collects the transformations of one environment in creation order. Internal: streams write to it, execute() reads it.
import { appError } from '../errors.ts';
import type { OperatorSpec } from '../graph/operator-spec.ts';
import {
  ChainingStrategy,
  type KeySpec,
  type OperatorTransformation,
  type Partitioner,
  type PartitionTransformation,
  type SideOutputTransformation,
  type Transformation,
  type UnionTransformation,
} from '../graph/transformation.ts';
import type { ProgramContext } from './program-context.ts';
import type { TypeInformation } from './type-information.ts';

export interface NewOperator {
  readonly name: string;
  readonly operator: OperatorSpec;
  readonly inputs: readonly Transformation[];
  /** Key of each input, where keyed; default: none. */
  readonly keys?: readonly (KeySpec | undefined)[];
  readonly outputType?: TypeInformation | undefined;
  readonly parallelism: number;
  /** Default ALWAYS. */
  readonly chaining?: ChainingStrategy;
  /** True: setParallelism above 1 is an error. */
  readonly fixedParallelism?: boolean;
  /** Begin or end of a loop. */
  readonly isIterationEnd?: boolean;
}

export class ProgramBuilder {
  readonly #context: ProgramContext | undefined;
  readonly #owned = new WeakSet<Transformation>();
  #operators: OperatorTransformation[] = [];
  readonly #openIterations = new Set<number>();
  #lastId = 0;
  #lastIterationId = 0;

  constructor(context: ProgramContext | undefined) {
    this.#context = context;
  }

  /** In creation order. */
  get operators(): readonly OperatorTransformation[] {
    return this.#operators;
  }

  /** After an execute(): the next one starts empty; ids go on. */
  clear(): void {
    this.#operators = [];
    this.#openIterations.clear();
  }

  openIteration(id: number): void {
    this.#openIterations.add(id);
  }

  closeIteration(id: number): void {
    this.#openIterations.delete(id);
  }

  /** @throws ITERATION_NOT_CLOSED, ITERATION_CHECKPOINTS */
  checkIterations(checkpointIntervalMs: number | undefined): void {
    const [open] = this.#openIterations;
    if (open !== undefined) throw appError('ITERATION_NOT_CLOSED', [open]);
    if (checkpointIntervalMs === undefined || !this.#operators.some(({ isIterationEnd }) => isIterationEnd)) return;
    throw appError('ITERATION_CHECKPOINTS', [checkpointIntervalMs]);
  }

  addOperator(given: NewOperator): OperatorTransformation {
    this.#checkOwned(given.inputs, given.name);
    const operator: OperatorTransformation = {
      kind: 'operator',
      id: given.isIterationEnd === true ? this.#nextIterationId() : this.#nextId(),
      name: given.name,
      operator: given.operator,
      inputs: given.inputs,
      keys: given.keys ?? given.inputs.map(() => undefined),
      outputType: given.outputType,
      parallelism: given.parallelism,
      chaining: given.chaining ?? ChainingStrategy.Always,
      fixedParallelism: given.fixedParallelism ?? false,
      ...(given.isIterationEnd === true ? { isIterationEnd: true as const } : {}),
      callSite: this.#callSite(),
    };
    this.#owned.add(operator);
    this.#operators.push(operator);
    return operator;
  }

  addPartition(input: Transformation, partitioner: Partitioner): PartitionTransformation {
    return this.#own({
      kind: 'partition',
      id: this.#nextId(),
      name: 'Partition',
      input,
      partitioner,
      outputType: input.outputType,
      parallelism: input.parallelism,
    });
  }

  addUnion(inputs: readonly Transformation[], outputType: TypeInformation | undefined): UnionTransformation {
    this.#checkOwned(inputs, 'union');
    const parallelism = inputs[0]?.parallelism;
    return this.#own({ kind: 'union', id: this.#nextId(), name: 'Union', inputs, outputType, parallelism });
  }

  addSideOutput(input: Transformation, tag: string, outputType: TypeInformation | undefined): SideOutputTransformation {
    const { parallelism } = input;
    return this.#own({
      kind: 'sideOutput',
      id: this.#nextId(),
      name: 'SideOutput',
      input,
      tag,
      outputType,
      parallelism,
    });
  }

  #own<X extends Transformation>(transformation: X): X {
    this.#owned.add(transformation);
    return transformation;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Below all others, as in Flink: begins of loops are the first sources. */
  #nextIterationId(): number {
    this.#lastIterationId -= 1;
    return this.#lastIterationId;
  }

  #checkOwned(inputs: readonly Transformation[], operation: string): void {
    if (!inputs.every((input) => this.#owned.has(input))) throw appError('STREAMS_OF_TWO_ENVIRONMENTS', [operation]);
  }

  #callSite(): string | undefined {
    return this.#context?.callSite?.(new Error('call site'));
  }
}
