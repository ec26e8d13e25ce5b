// Record writers: one generated `emit` per edge and subtask, with key selection, routing and encoding in line.
import type { TypeInformation } from '../../api/type-information.ts';
import type { Partitioner } from '../../graph/transformation.ts';
import { ByteWriter } from '../../serialization/byte-writer.ts';
import type { StreamEvent } from '../stream-event.ts';
import type { RecordWriter, WriterStatistics } from './channel.ts';
import { planKey, type WriteSource, writeSource } from './channel-codec.ts';
import type { RecordWriterOptions } from './channel-factory.ts';
import { DEFAULT_CHANNEL_LIMITS } from './channel-limits.ts';
import { channelRuntime } from './channel-runtime.ts';
import { FrameKind, type RunKind } from './frame.ts';
import { KEY_ID_MASK, KeyRouter } from './key-router.ts';
import { ShapeRegistry, ValueSite } from './learned-shape.ts';
import { type LocalChannel, RECORDS_PER_BUFFER } from './local-channel.ts';
import { partitionSource, Routing } from './partition-source.ts';
import { RingWriter } from './ring-writer.ts';
import { type DictionaryField, type DictionarySink, StringDictionary, toldBitOf } from './string-dictionary.ts';
import type { StringGuesses } from './string-guesses.ts';

type Emit = (value: unknown) => void;

/** Where a broadcast record is encoded once. All channels know the same, so they count as one. */
class BroadcastSink extends ByteWriter implements DictionarySink {
  readonly toldBit = 1;
  readonly toldIndex = 0;
}

export function compileRecordWriter(options: RecordWriterOptions): RecordWriter {
  return new GeneratedRecordWriter(options);
}

class GeneratedRecordWriter implements RecordWriter {
  readonly emit: Emit;
  readonly statistics: WriterStatistics;
  readonly #rings: RingWriter[] = [];
  readonly #locals: LocalChannel[] = [];
  readonly #dictionary = new StringDictionary();

  constructor(options: RecordWriterOptions) {
    const limits = { ...DEFAULT_CHANNEL_LIMITS, ...options.limits };
    const channels = options.targets.map((target, channelIndex) => {
      if (target.kind === 'local') {
        this.#locals.push(target.channel);
        return target.channel;
      }
      const ring = new RingWriter({ ...target, channelIndex, cell: options.cell, limits });
      this.#rings.push(ring);
      return ring;
    });
    this.statistics = new ChannelWriterStatistics(this.#rings, this.#locals);
    const emit = compileEmit(options, channels, this.#dictionary);
    this.emit = options.flushesEveryRecord === true ? (value) => this.#emitAndFlush(emit, value) : emit;
  }

  broadcastEvent(event: StreamEvent): void {
    for (const ring of this.#rings) ring.writeEvent(event);
    for (const local of this.#locals) local.pushEvent(event);
  }

  #emitAndFlush(emit: Emit, value: unknown): void {
    emit(value);
    this.flush();
  }

  isAvailable(): boolean {
    let available = true;
    for (const ring of this.#rings) available = ring.isAvailable() && available;
    for (const local of this.#locals) available = local.isAvailable() && available;
    return available;
  }

  flush(): void {
    for (const ring of this.#rings) ring.flush();
    this.#dictionary.resetIfWanted();
  }

  isDrained(): boolean {
    return this.#rings.every((ring) => ring.isDrained());
  }

  close(): void {
    for (const ring of this.#rings) ring.close();
  }
}

/** Read when metrics are sampled; nothing of it is counted per record. */
class ChannelWriterStatistics implements WriterStatistics {
  readonly #rings: readonly RingWriter[];
  readonly #locals: readonly LocalChannel[];

  constructor(rings: readonly RingWriter[], locals: readonly LocalChannel[]) {
    this.#rings = rings;
    this.#locals = locals;
  }

  get records(): number {
    return sum(this.#rings, (ring) => ring.records) + sum(this.#locals, (local) => local.pushed);
  }

  get bytes(): number {
    return sum(this.#rings, (ring) => ring.publishedBytes);
  }

  get buffers(): number {
    return (
      sum(this.#rings, (ring) => ring.publishedSegments) +
      sum(this.#locals, (local) => Math.ceil(local.pushed / RECORDS_PER_BUFFER))
    );
  }

  usedBuffers(): number {
    return (
      sum(this.#rings, (ring) => ring.usedSegments()) +
      sum(this.#locals, (local) => Math.ceil(local.size / RECORDS_PER_BUFFER))
    );
  }

  totalBuffers(): number {
    return (
      sum(this.#rings, (ring) => ring.totalSegments) +
      sum(this.#locals, (local) => Math.ceil(local.capacity / RECORDS_PER_BUFFER))
    );
  }
}

function sum<T>(items: readonly T[], measure: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += measure(item);
  return total;
}

// ---- generating emit -----------------------------------------------------------------------------------------------------

function compileEmit(
  options: RecordWriterOptions,
  channels: readonly (RingWriter | LocalChannel)[],
  dictionary: StringDictionary,
): Emit {
  const { edge, cell, maxParallelism, random } = options;
  const { partitioner } = edge;
  const rings = channels.map((channel) => (channel instanceof RingWriter ? channel : undefined));
  const locals = channels.map((channel) => (channel instanceof RingWriter ? undefined : channel));
  const hasRings = rings.some((ring) => ring !== undefined);
  const hasLocals = locals.some((local) => local !== undefined);
  const usesCells = partitioner.kind === 'hash' && hasRings && mayBeString(partitioner.keyType);
  const codec = writeSource(edge.type, planKey(partitioner, edge.type), usesCells);
  const body = [
    keySource(partitioner),
    partitioner.kind === 'broadcast'
      ? broadcastSource(codec, hasRings, hasLocals)
      : singleTargetSource(partitioner, channels.length, usesCells, codec, hasRings, hasLocals),
  ].join('\n');
  const registry = new ShapeRegistry(dictionary);
  const keyField = dictionary.createField();
  const keyRouter = new KeyRouter(keyField);
  const scope: EmitScope = {
    rt: channelRuntime,
    registry,
    sites: Array.from({ length: codec.siteCount }, () => new ValueSite()),
    cell,
    rings: partitioner.kind === 'broadcast' ? rings.filter((ring) => ring !== undefined) : rings,
    locals: partitioner.kind === 'broadcast' ? locals.filter((local) => local !== undefined) : locals,
    routing: new Routing(partitioner, channels.length, maxParallelism, random),
    select: 'keySelector' in partitioner ? (partitioner.keySelector as (value: unknown) => unknown) : undefined,
    partition:
      partitioner.kind === 'custom' ? (partitioner.partition as (key: unknown, count: number) => number) : undefined,
    dictionary,
    localBits: channels.map((_, index) => toldBitOf(index)),
    keyField,
    keyRouter,
    guesses: keyRouter.guesses,
    fields: Array.from({ length: codec.fieldCount }, () => dictionary.createField()),
    sink: new BroadcastSink(),
    /** A channel may have missed a definition that stood in the abandoned record. */
    abandon: (out) => {
      out?.abandonRecord();
      dictionary.reset();
      registry.forgetTold();
    },
  };
  const names = Object.keys(scope).join(', ');
  const factory = new Function(
    'scope',
    `"use strict";\nconst { ${names} } = scope;\nreturn function emit(value) {\n${body}\n};`,
  );
  return (factory as (scope: EmitScope) => Emit)(scope);
}

interface EmitScope {
  readonly rt: typeof channelRuntime;
  readonly registry: ShapeRegistry;
  readonly sites: readonly ValueSite[];
  readonly cell: RecordWriterOptions['cell'];
  readonly rings: readonly (RingWriter | undefined)[];
  readonly locals: readonly (LocalChannel | undefined)[];
  readonly routing: Routing;
  readonly select: ((value: unknown) => unknown) | undefined;
  readonly partition: ((key: unknown, count: number) => number) | undefined;
  readonly dictionary: StringDictionary;
  /** By channel, for keyIdFor. */
  readonly localBits: readonly number[];
  readonly keyField: DictionaryField;
  readonly keyRouter: KeyRouter;
  readonly guesses: StringGuesses;
  readonly fields: readonly DictionaryField[];
  readonly sink: BroadcastSink;
  readonly abandon: (out: RingWriter | undefined) => void;
}

function mayBeString(type: TypeInformation | undefined): boolean {
  return type === undefined || type.kind === 'generic' || type.kind === 'string';
}

function keySource(partitioner: Partitioner): string {
  return 'keySelector' in partitioner ? 'const key = select(value);' : 'const key = undefined;';
}

function singleTargetSource(
  partitioner: Partitioner,
  targetCount: number,
  usesCells: boolean,
  codec: WriteSource,
  hasRings: boolean,
  hasLocals: boolean,
): string {
  const keyId = usesCells
    ? `(known >= 0 ? known & ${KEY_ID_MASK} : keyCell < 0 ? -1 : dictionary.keyIdFor(keyCell, localBits[t]))`
    : '-1';
  const pushLocal = `if (!local.push(value, cell.timestampMs, key, ${keyId})) cell.stop = true;`;
  const parts = [partitionSource(partitioner, targetCount, usesCells)];
  if (!hasRings) parts.push(`const local = locals[t];\n${pushLocal}`);
  else {
    if (hasLocals) parts.push(`const local = locals[t];\nif (local !== undefined) { ${pushLocal} return; }`);
    parts.push(`const out = rings[t];\n${encodeIntoRing(codec)}`);
  }
  return parts.join('\n');
}

function encodeIntoRing(codec: WriteSource): string {
  return `const timestampMs = cell.timestampMs;
let p = 0, view = out.view;
try {
  if (timestampMs === timestampMs) {
    if (out.runKind !== ${FrameKind.TimedRecords}) out.startRun(${FrameKind.TimedRecords});
    if (out.pos + 8 > out.limit) out.reserve(8);
    out.view.setFloat64(out.pos, timestampMs, true);
    out.pos += 8;
  } else if (out.runKind !== ${FrameKind.Records}) out.startRun(${FrameKind.Records});
  ${codec.statements}
} catch (error) {
  abandon(out);
  throw error;
}
if (out.spilling) out.finishSpill();
else { out.committed = out.pos; out.runCount++; }`;
}

function broadcastSource(codec: WriteSource, hasRings: boolean, hasLocals: boolean): string {
  const toLocals =
    'for (const local of locals) if (!local.push(value, cell.timestampMs, undefined, -1)) cell.stop = true;';
  const toRings = `const timestampMs = cell.timestampMs;
const out = sink;
let p = 0, view = out.view;
let kind = ${FrameKind.Records satisfies RunKind};
out.reset();
try {
  if (timestampMs === timestampMs) {
    kind = ${FrameKind.TimedRecords};
    out.reserve(8);
    out.view.setFloat64(out.pos, timestampMs, true);
    out.pos += 8;
  }
  ${codec.statements}
} catch (error) {
  abandon(undefined);
  throw error;
}
const record = out.written();
for (const ring of rings) ring.appendRecord(kind, record);`;
  return [hasLocals ? toLocals : '', hasRings ? toRings : ''].join('\n');
}
