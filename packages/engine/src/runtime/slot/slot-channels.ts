// The channels of one slot for one deployment: local ones between tasks of the slot, rings to and from other slots.

import { assert } from '../../errors.ts';
import { sourcesOf, targetsOf } from '../../graph/edge-topology.ts';
import type { JobEdge, JobGraph, JobVertex } from '../../graph/job-graph.ts';
import type { RecordConsumer, SlotSignal } from '../channels/channel.ts';
import {
  createChannelReader,
  createRecordWriter,
  type ReaderSource,
  type WriterTarget,
} from '../channels/channel-factory.ts';
import type { ChannelLimits } from '../channels/channel-limits.ts';
import { LocalChannel } from '../channels/local-channel.ts';
import { createSlotSignal } from '../channels/slot-signal.ts';
import type { DeployRequest } from '../messages.ts';
import type { TimestampCell } from '../operators/stream-operator.ts';
import type { GateChannel } from '../task/input-gate.ts';
import type { ChainWriter } from '../task/operator-chain.ts';

export class SlotChannels {
  readonly #request: DeployRequest;
  readonly #graph: JobGraph;
  readonly #slotIndex: number;
  readonly #random: () => number;
  readonly #local = new Map<string, LocalChannel>();
  readonly #rings: ReadonlyMap<string, SharedArrayBuffer>;
  readonly #ownSignal: SlotSignal;
  readonly #limits: { readonly limits?: ChannelLimits };

  constructor(request: DeployRequest, graph: JobGraph, slotIndex: number, random: () => number) {
    this.#request = request;
    this.#graph = graph;
    this.#slotIndex = slotIndex;
    this.#random = random;
    this.#rings = new Map(
      request.channels.map((c) => [channelKey(c.edgeId, c.sourceSubtask, c.targetSubtask), c.ring] as const),
    );
    this.#ownSignal = createSlotSignal(request.signals, slotIndex);
    this.#limits = request.channelLimits === undefined ? {} : { limits: request.channelLimits };
  }

  wakeSelf(): void {
    this.#ownSignal.wake();
  }

  /** One writer per outgoing edge of the subtask. */
  openWriters(vertex: JobVertex, subtask: number, cell: TimestampCell): ChainWriter[] {
    return this.#graph.edges
      .filter((edge) => edge.sourceVertexId === vertex.id)
      .map((edge) => {
        const target = this.#vertex(edge.targetVertexId);
        const writer = createRecordWriter({
          edge,
          targets: targetsOf(edge.partitioner.kind, vertex.parallelism, target.parallelism, subtask).map((t) =>
            this.#target(edge, subtask, t),
          ),
          cell,
          maxParallelism: target.maxParallelism,
          random: this.#random,
          flushesEveryRecord: edge.bufferTimeoutMs === 0,
          ...this.#limits,
        });
        return { sourceNodeId: edge.sourceNodeId, tag: edge.tag, writer, bufferTimeoutMs: edge.bufferTimeoutMs };
      });
  }

  /** One reader per channel into the subtask. */
  openReaders(vertex: JobVertex, subtask: number, consumerOf: (input: number) => RecordConsumer): GateChannel[] {
    return this.#graph.edges
      .filter((edge) => edge.targetVertexId === vertex.id)
      .flatMap((edge) => {
        const { parallelism } = this.#vertex(edge.sourceVertexId);
        return sourcesOf(edge.partitioner.kind, parallelism, vertex.parallelism, subtask).map((source) => ({
          input: edge.targetInput,
          reader: createChannelReader({
            edge,
            source: this.#source(edge, source, subtask),
            consumer: consumerOf(edge.targetInput),
          }),
        }));
      });
  }

  #target(edge: JobEdge, source: number, target: number): WriterTarget {
    const slot = this.#slotOf(edge.targetVertexId, target);
    if (slot === this.#slotIndex) return { kind: 'local', channel: this.#localChannel(edge, source, target) };
    return { kind: 'remote', ring: this.#ring(edge, source, target), readerSignal: this.#signal(slot) };
  }

  #source(edge: JobEdge, source: number, target: number): ReaderSource {
    const slot = this.#slotOf(edge.sourceVertexId, source);
    if (slot === this.#slotIndex) return { kind: 'local', channel: this.#localChannel(edge, source, target) };
    return { kind: 'remote', ring: this.#ring(edge, source, target), writerSignal: this.#signal(slot) };
  }

  #localChannel(edge: JobEdge, source: number, target: number): LocalChannel {
    const key = channelKey(edge.id, source, target);
    let channel = this.#local.get(key);
    if (!channel) this.#local.set(key, (channel = new LocalChannel(this.#request.channelLimits)));
    return channel;
  }

  #ring(edge: JobEdge, source: number, target: number): SharedArrayBuffer {
    const ring = this.#rings.get(channelKey(edge.id, source, target));
    assert(ring, `edge ${edge.id} has a ring from subtask ${source} to ${target}`);
    return ring;
  }

  #signal(slot: number): SlotSignal {
    return createSlotSignal(this.#request.signals, slot);
  }

  #slotOf(vertexId: string, subtask: number): number {
    const slot = this.#request.placement[vertexId]?.[subtask];
    assert(slot !== undefined, `subtask ${subtask} of vertex ${vertexId} has a slot`);
    return slot;
  }

  #vertex(vertexId: string): JobVertex {
    const vertex = this.#graph.vertices.find((v) => v.id === vertexId);
    assert(vertex, `vertex ${vertexId} is in the graph`);
    return vertex;
  }
}

function channelKey(edgeId: number, source: number, target: number): string {
  return `${edgeId}:${source}:${target}`;
}
