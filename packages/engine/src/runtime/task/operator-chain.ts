// Builds the operators of one subtask, tail first, and wires each one's output to the next operators and to channels.
import type { ChainedOperator, JobVertex } from '../../graph/job-graph.ts';
import type { RecordWriter } from '../channels/channel.ts';
import type { Output, StreamOperator, TimestampCell } from '../operators/stream-operator.ts';
import type { LatencyMarker, StreamEvent } from '../stream-event.ts';
import { type CollectTarget, compileCollect, type OperatorCounters } from './compile-collect.ts';

/** One operator of the chain with what belongs to it. */
export interface ChainLink {
  readonly operator: ChainedOperator;
  readonly instance: StreamOperator;
  readonly counters: OperatorCounters;
  readonly output: ChainOutput;
}

/** An outgoing edge of this subtask. */
export interface ChainWriter {
  readonly sourceNodeId: number;
  readonly tag: string | undefined;
  readonly writer: RecordWriter;
  readonly bufferTimeoutMs: number | undefined;
}

/** @returns links in order: head first, every operator before those it feeds */
export function buildOperatorChain<L extends ChainLink>(
  vertex: JobVertex,
  writers: readonly ChainWriter[],
  cell: TimestampCell,
  makeLink: (parts: Omit<ChainLink, 'instance'>) => L,
): L[] {
  const byNode = new Map<number, L>();
  for (const operator of [...vertex.operators].reverse()) {
    const chained = operator.chainedOutputs.map((out) => ({ ...out, link: byNode.get(out.nodeId) as L }));
    const own = writers.filter((w) => w.sourceNodeId === operator.nodeId);
    const counters: OperatorCounters = { numRecordsIn: 0, numRecordsOut: 0 };
    byNode.set(
      operator.nodeId,
      makeLink({ operator, counters, output: new ChainOutput(chained, own, counters, cell) }),
    );
  }
  return vertex.operators.map((o) => byNode.get(o.nodeId) as L);
}

interface ChainedTarget {
  readonly link: ChainLink;
  readonly input: number;
  readonly tag: string | undefined;
}

export class ChainOutput implements Output {
  /** Last watermark emitted, epoch ms. */
  currentWatermarkMs = Number.NEGATIVE_INFINITY;
  readonly collect: (value: unknown) => void;
  readonly #sides = new Map<string, (value: unknown) => void>();
  readonly #chained: readonly ChainedTarget[];
  readonly #writers: readonly ChainWriter[];
  #idle = false;

  constructor(
    chained: readonly ChainedTarget[],
    writers: readonly ChainWriter[],
    counters: OperatorCounters,
    cell: TimestampCell,
  ) {
    this.#chained = chained;
    this.#writers = writers;
    this.collect = compileCollect(targetsFor(undefined, chained, writers), counters, cell);
    const tags = new Set([...chained, ...writers].map((t) => t.tag));
    for (const tag of tags) {
      if (tag !== undefined) this.#sides.set(tag, compileCollect(targetsFor(tag, chained, writers), counters, cell));
    }
  }

  collectSide(tag: string, value: unknown): void {
    this.#sides.get(tag)?.(value);
  }

  emitWatermark(timestampMs: number): void {
    this.currentWatermarkMs = timestampMs;
    for (const { link, input } of this.#chained) link.instance.inputs[input]?.processWatermark(timestampMs);
    this.#broadcast({ type: 'watermark', timestampMs });
  }

  emitStatus(idle: boolean): void {
    if (idle === this.#idle) return;
    this.#idle = idle;
    for (const { link, input } of this.#chained) link.instance.inputs[input]?.processStatus(idle);
    this.#broadcast({ type: 'status', idle });
  }

  emitLatencyMarker(marker: LatencyMarker): void {
    for (const { link, input } of this.#chained) link.instance.inputs[input]?.processLatencyMarker(marker);
    this.#broadcast({ type: 'latency', marker });
  }

  #broadcast(event: StreamEvent): void {
    for (const { writer } of this.#writers) writer.broadcastEvent(event);
  }
}

function targetsFor(
  tag: string | undefined,
  chained: readonly ChainedTarget[],
  writers: readonly ChainWriter[],
): CollectTarget[] {
  const next = chained.filter((t) => t.tag === tag).map(chainedTarget);
  const out = writers.filter((w) => w.tag === tag).map((w) => ({ emit: w.writer.emit, counters: undefined }));
  return [...next, ...out];
}

function chainedTarget({ link, input }: ChainedTarget): CollectTarget {
  const target = link.instance.inputs[input];
  if (!target) throw new Error(`Invariant broken: operator ${link.operator.name} has no input ${input}`);
  return { emit: target.processElement, counters: link.counters };
}
