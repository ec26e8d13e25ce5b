// One end of a ring in a thread of its own. Both ends make the same seeded sequence; the reader compares.
import { parentPort, workerData } from 'node:worker_threads';
import { Types } from '../../../src/api/type-information.ts';
import { ReadResult } from '../../../src/runtime/channels/channel.ts';
import { createChannelReader, createRecordWriter } from '../../../src/runtime/channels/channel-factory.ts';
import { createSlotSignal, waitForSignal } from '../../../src/runtime/channels/slot-signal.ts';
import type { StreamEvent } from '../../../src/runtime/stream-event.ts';

export interface ThreadPlan {
  readonly role: 'writer' | 'reader';
  readonly ring: SharedArrayBuffer;
  readonly signals: SharedArrayBuffer;
  readonly seed: number;
  readonly records: number;
  readonly declared: boolean;
  /** Writer and reader pause this often, in records; 0: never. */
  readonly pauseEvery: number;
  /** Records written before each flush. */
  readonly flushEvery: number;
}

export interface ThreadReport {
  readonly role: string;
  readonly records: number;
  readonly events: number;
  /** Waits that ended by time and not by a wake: a wake-up was lost. */
  readonly timeouts: number;
  readonly waits: number;
  readonly error?: string;
}

const WRITER_SLOT = 0;
const READER_SLOT = 1;
/** Far longer than any scheduling delay of the machine: reaching it means a lost wake-up. */
const WAIT_MS = 4_000;
const EVENT_EVERY = 701;

const plan = workerData as ThreadPlan;
const type = Types.row({ id: Types.string, level: Types.int, at: Types.double });
const edge = { partitioner: { kind: 'forward' as const }, type: plan.declared ? type : undefined };
let timeouts = 0;
let waits = 0;

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function makeRecord(random: () => number): { id: string; level: number; at: number } {
  const choice = random();
  const id =
    choice < 0.9
      ? `sensor-${Math.floor(random() * 200)}`
      : choice < 0.999
        ? `one-off ${random()}`
        : '물'.repeat(random() * 3_000);
  return { id, level: Math.floor(random() * 1e9) | 0, at: random() * 1e12 };
}

async function waitFor(slot: number): Promise<void> {
  const startedMs = performance.now();
  waits++;
  await waitForSignal(plan.signals, slot, WAIT_MS);
  if (performance.now() - startedMs >= WAIT_MS - 50) timeouts++;
}

function pause(records: number): void {
  if (plan.pauseEvery > 0 && records % plan.pauseEvery === 0) {
    const untilMs = performance.now() + 0.05;
    while (performance.now() < untilMs);
  }
}

async function write(): Promise<number> {
  const random = createRandom(plan.seed);
  const cell = { timestampMs: Number.NaN, stop: false };
  const readerSignal = createSlotSignal(plan.signals, READER_SLOT);
  const writer = createRecordWriter({
    edge,
    targets: [{ kind: 'remote', ring: plan.ring, readerSignal }],
    cell,
    maxParallelism: 128,
    random,
  });
  let events = 0;
  for (let i = 1; i <= plan.records; i++) {
    cell.timestampMs = i % 3 === 0 ? Number.NaN : i;
    writer.emit(makeRecord(random));
    if (i % EVENT_EVERY === 0) {
      writer.broadcastEvent(eventAt(i));
      events++;
    }
    if (i % plan.flushEvery === 0) writer.flush();
    while (cell.stop) {
      writer.flush();
      if (writer.isAvailable()) cell.stop = false;
      else await waitFor(WRITER_SLOT);
    }
    if (plan.role === 'writer') pause(i + 7);
  }
  writer.broadcastEvent({ type: 'end', reason: 'end-of-input' });
  for (writer.flush(); !writer.isDrained(); writer.flush()) await waitFor(WRITER_SLOT);
  return events;
}

function eventAt(i: number): StreamEvent {
  if (i % 2 === 0) return { type: 'watermark', timestampMs: i };
  const options = { kind: 'checkpoint', alignment: 'aligned', directory: '/d' } as const;
  return { type: 'barrier', checkpointId: i, timestampMs: i, options };
}

async function read(): Promise<number> {
  const random = createRandom(plan.seed);
  const cell = { timestampMs: Number.NaN, stop: false };
  let seen = 0;
  let events = 0;
  const processElement = (value: unknown) => {
    seen++;
    const expected = makeRecord(random);
    const { id, level, at } = value as typeof expected;
    const timestampMs = seen % 3 === 0 ? Number.NaN : seen;
    if (
      id !== expected.id ||
      level !== expected.level ||
      at !== expected.at ||
      !Object.is(cell.timestampMs, timestampMs)
    ) {
      throw new Error(
        `record ${seen}: ${JSON.stringify(value)} at ${cell.timestampMs} instead of ${JSON.stringify(expected)}`,
      );
    }
    pause(seen);
    if (seen % 977 === 0) cell.stop = true;
  };
  const writerSignal = createSlotSignal(plan.signals, WRITER_SLOT);
  const reader = createChannelReader({
    edge,
    source: { kind: 'remote', ring: plan.ring, writerSignal },
    consumer: { cell, setCurrentKey: undefined, processElement },
  });
  for (let turn = 0; ; turn++) {
    cell.stop = false;
    const result = reader.read(1 + (turn % 300));
    if (result === ReadResult.Event) {
      const { event } = reader;
      if (event.type === 'end') break;
      const expected = eventAt(seen);
      if (seen % EVENT_EVERY !== 0 || JSON.stringify(event) !== JSON.stringify(expected))
        throw new Error(`${JSON.stringify(event)} after record ${seen}`);
      events++;
    } else if (result === ReadResult.Empty && !reader.hasData()) await waitFor(READER_SLOT);
  }
  if (seen !== plan.records) throw new Error(`${seen} of ${plan.records} records`);
  return events;
}

// Both sides draw from one generator in the same order, so only makeRecord may draw from it.
(plan.role === 'writer' ? write() : read()).then(
  (events) => report({ events }),
  (error: Error) => report({ events: 0, error: error.stack ?? error.message }),
);

function report(result: { events: number; error?: string }): void {
  parentPort!.postMessage({
    role: plan.role,
    records: plan.records,
    timeouts,
    waits,
    ...result,
  } satisfies ThreadReport);
}
