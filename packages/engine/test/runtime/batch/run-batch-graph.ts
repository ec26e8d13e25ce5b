// Runs a batch job graph in the test's own thread, vertex after vertex, with real operators. Output is short of room every
// other time it is asked, so that sliced emissions are cut.
import type { Accumulator } from '../../../src/api/accumulators.ts';
import type { RuntimeContext } from '../../../src/api/functions.ts';
import type { ChainedOperator, JobEdge, JobGraph, JobVertex } from '../../../src/graph/job-graph.ts';
import { createOperator } from '../../../src/runtime/operators/create-operator.ts';
import type { OperatorContext, StreamOperator } from '../../../src/runtime/operators/stream-operator.ts';
import { javaHashCode } from '../../../src/state/key-groups.ts';

export interface BatchRun {
  readonly accumulators: Readonly<Record<string, unknown>>;
  /** Records that left each vertex, by vertex name. */
  readonly recordsOut: ReadonlyMap<string, number>;
  readonly printed: readonly string[];
}

export async function runBatchGraph(graph: JobGraph): Promise<BatchRun> {
  const run = new BatchGraphRun(graph);
  for (const vertex of graph.vertices) {
    for (let subtask = 0; subtask < vertex.parallelism; subtask++) await run.runSubtask(vertex, subtask);
  }
  return run.result();
}

/** Records of one edge, by target subtask. */
type EdgeBuffers = unknown[][];

class BatchGraphRun {
  readonly #graph: JobGraph;
  readonly #buffers: ReadonlyMap<JobEdge, EdgeBuffers>;
  readonly #accumulators = new Map<string, Accumulator<unknown, unknown>[]>();
  readonly #recordsOut = new Map<string, number>();
  readonly #printed: string[] = [];

  constructor(graph: JobGraph) {
    this.#graph = graph;
    const parallelismOf = new Map(graph.vertices.map((v) => [v.id, v.parallelism]));
    this.#buffers = new Map(
      graph.edges.map((edge) => [
        edge,
        Array.from({ length: parallelismOf.get(edge.targetVertexId) ?? 0 }, (): unknown[] => []),
      ]),
    );
  }

  async runSubtask(vertex: JobVertex, subtask: number): Promise<void> {
    const chain = new SubtaskChain(vertex, subtask, {
      emit: (nodeId) => this.#emitters(vertex, subtask, nodeId),
      addAccumulator: (name, accumulator) =>
        this.#accumulators.set(name, [...(this.#accumulators.get(name) ?? []), accumulator]),
      print: (text) => this.#printed.push(text),
    });
    await chain.open();
    const inputs = this.#graph.edges.filter((edge) => edge.targetVertexId === vertex.id);
    if (inputs.length === 0) await chain.readSource(vertex.parallelism);
    // The last input first: nothing may depend on the sequence in which inputs come.
    for (const edge of [...inputs].reverse()) {
      for (const record of this.#buffers.get(edge)?.[subtask] ?? []) chain.process(edge.targetInput, record);
    }
    await chain.end(new Set(inputs.map((edge) => edge.targetInput)));
  }

  result(): BatchRun {
    const accumulators: Record<string, unknown> = {};
    for (const [name, [first, ...rest]] of this.#accumulators) {
      for (const other of rest) first?.merge(structuredClone(other.getLocalValue()));
      accumulators[name] = first?.getLocalValue();
    }
    return { accumulators, recordsOut: this.#recordsOut, printed: this.#printed };
  }

  #emitters(vertex: JobVertex, subtask: number, nodeId: number): ((record: unknown) => void)[] {
    const edges = this.#graph.edges.filter((e) => e.sourceVertexId === vertex.id && e.sourceNodeId === nodeId);
    return edges.map((edge) => {
      const targets = this.#buffers.get(edge) ?? [];
      const choose = targetChooser(edge, subtask, targets.length);
      return (record) => {
        targets[choose(record)]?.push(structuredClone(record));
        this.#recordsOut.set(vertex.name, (this.#recordsOut.get(vertex.name) ?? 0) + 1);
      };
    });
  }
}

function targetChooser({ partitioner }: JobEdge, subtask: number, targets: number): (record: unknown) => number {
  if (partitioner.kind === 'forward') return () => subtask;
  let next = subtask;
  if (partitioner.kind === 'hash') {
    const select = partitioner.keySelector as (record: unknown) => unknown;
    return (record) => Math.abs(javaHashCode(select(record)) % targets);
  }
  return () => next++ % targets;
}

interface SubtaskOutputs {
  emit(nodeId: number): ((record: unknown) => void)[];
  addAccumulator(name: string, accumulator: Accumulator<unknown, unknown>): void;
  print(text: string): void;
}

class SubtaskChain {
  readonly #links: { readonly operator: ChainedOperator; readonly instance: StreamOperator }[] = [];
  readonly #vertex: JobVertex;
  readonly #subtask: number;
  readonly #outputs: SubtaskOutputs;
  #sourceOutput: (record: unknown) => void = () => {};

  constructor(vertex: JobVertex, subtask: number, outputs: SubtaskOutputs) {
    this.#vertex = vertex;
    this.#subtask = subtask;
    this.#outputs = outputs;
    for (const operator of [...vertex.operators].reverse()) this.#addLink(operator);
  }

  async open(): Promise<void> {
    for (const { instance } of [...this.#links].reverse()) {
      await instance.initializeState?.({ isRestored: false, restoredCheckpointId: undefined });
      await instance.open?.();
    }
  }

  async readSource(parallelism: number): Promise<void> {
    const spec = this.#vertex.operators[0]?.spec;
    if (spec?.kind !== 'splitSource') throw new Error('a vertex without inputs begins with a source');
    const splits = await spec.source.enumerateSplits({ parallelism });
    const reader = spec.source.createReader({
      indexOfThisSubtask: this.#subtask,
      numberOfParallelSubtasks: parallelism,
    } as never);
    reader.addSplits(splits.filter((_, i) => i % parallelism === this.#subtask));
    reader.notifyNoMoreSplits?.();
    const collect = this.#sourceOutput;
    const main = { collect, collectWithTimestamp: collect, emitWatermark() {}, markIdle() {} };
    const output = { ...main, createOutputForSplit: () => main, releaseOutputForSplit() {} };
    for (;;) {
      const next = reader.pollNext(output);
      if (next === 'end') return;
      if (next === 'wait') await reader.isAvailable();
    }
  }

  process(input: number, record: unknown): void {
    this.#links.at(-1)?.instance.inputs[input]?.processElement(record);
  }

  /** Inputs of the head end last first; then operator after operator, as a task ends its chain. */
  async end(inputs: ReadonlySet<number>): Promise<void> {
    for (const [position, { instance, operator }] of [...this.#links].reverse().entries()) {
      if (operator.spec.kind === 'splitSource') continue;
      const ended = position === 0 ? [...inputs].sort((a, b) => b - a) : [0];
      for (const input of ended) await instance.endInput?.(input);
      await instance.finish?.();
      await instance.close?.();
    }
  }

  #addLink(operator: ChainedOperator): void {
    const chained = operator.chainedOutputs.map(({ nodeId, input }) => {
      const next = this.#links.find((link) => link.operator.nodeId === nodeId);
      return (record: unknown) => next?.instance.inputs[input]?.processElement(record);
    });
    const targets = [...chained, ...this.#outputs.emit(operator.nodeId)];
    const collect = (record: unknown): void => {
      for (const emit of targets) emit(record);
    };
    if (operator.spec.kind === 'splitSource') {
      this.#sourceOutput = collect;
      this.#links.push({ operator, instance: { inputs: [] } });
      return;
    }
    this.#links.push({ operator, instance: createOperator(operator.spec, this.#context(operator, collect)) });
  }

  #context(operator: ChainedOperator, collect: (record: unknown) => void): OperatorContext {
    let asked = 0;
    const pending: (() => boolean)[] = [];
    const runtime: Partial<RuntimeContext> = {
      indexOfThisSubtask: this.#subtask,
      numberOfParallelSubtasks: this.#vertex.parallelism,
      addAccumulator: (name, accumulator) =>
        this.#outputs.addAccumulator(name, accumulator as Accumulator<unknown, unknown>),
    };
    const context: Partial<OperatorContext> = {
      operator,
      runtime: runtime as RuntimeContext,
      cell: { timestampMs: Number.NaN, stop: false },
      output: { collect, collectSide() {}, emitWatermark() {}, emitStatus() {}, emitLatencyMarker() {} },
      isOutputAvailable: () => asked++ % 2 === 1,
      print: (_stream, text) => this.#outputs.print(text),
      runSliced(step) {
        pending.push(step);
        while (pending[0]) if (pending[0]()) pending.shift();
      },
    };
    return context as OperatorContext;
  }
}
