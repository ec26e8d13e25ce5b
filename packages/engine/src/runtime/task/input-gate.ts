// All channels into one subtask: reads them in turn, keeps blocked ones aside, and hands events to where they belong.
//   G1. A blocked channel is not read (C1); an ended one neither.
//   G2. Turns are round robin with a record budget each, so that no channel starves; see event-time-pace for who gets less.
import type { ChannelReader } from '../channels/channel.ts';
import { ReadResult } from '../channels/channel.ts';
import type { OperatorInput, TimestampCell } from '../operators/stream-operator.ts';
import { WatermarkCombiner } from '../operators/watermark-combiner.ts';
import type { StreamEvent } from '../stream-event.ts';
import type { BarrierAligner } from './barrier-aligner.ts';
import { EventTimePace } from './event-time-pace.ts';

export interface GateChannel {
  readonly reader: ChannelReader;
  /** Input of the head operator that it feeds. */
  readonly input: number;
}

export interface GateListener {
  /** All channels of an input ended. 'suspend' only when every one of them did so. */
  onInputEnd(input: number, reason: 'end-of-input' | 'suspend'): void;
}

export class InputGate {
  readonly #channels: readonly GateChannel[];
  readonly #aligner: BarrierAligner;
  readonly #cell: TimestampCell;
  readonly #listener: GateListener;
  readonly #operatorInputs: readonly OperatorInput[];
  readonly #combiners: WatermarkCombiner[];
  /** Index of a channel among those of its input. */
  readonly #indexInInput: number[];
  readonly #ended: boolean[];
  readonly #suspended: boolean[];
  readonly #pace: EventTimePace;
  #next = 0;

  constructor(
    channels: readonly GateChannel[],
    operatorInputs: readonly OperatorInput[],
    aligner: BarrierAligner,
    cell: TimestampCell,
    listener: GateListener,
  ) {
    this.#channels = channels;
    this.#operatorInputs = operatorInputs;
    this.#aligner = aligner;
    this.#cell = cell;
    this.#listener = listener;
    this.#pace = new EventTimePace(channels.length);
    this.#ended = channels.map(() => false);
    this.#suspended = channels.map(() => false);
    const counts = operatorInputs.map(() => 0);
    this.#indexInInput = channels.map((c) => (counts[c.input] = (counts[c.input] ?? 0) + 1) - 1);
    this.#combiners = operatorInputs.map(
      (input, i) =>
        new WatermarkCombiner(counts[i] ?? 0, {
          onWatermark: (timestampMs) => input.processWatermark(timestampMs),
          onStatus: (idle) => input.processStatus(idle),
        }),
    );
  }

  get channels(): readonly GateChannel[] {
    return this.#channels;
  }

  /** Watermark of an input, over its channels, epoch ms. */
  watermarkMs(input: number): number {
    return this.#combiners[input]?.combinedMs ?? Number.NEGATIVE_INFINITY;
  }

  hasData(): boolean {
    return this.#channels.some((c, i) => !this.#ended[i] && !this.#aligner.isBlocked(i) && c.reader.hasData());
  }

  /** Reads up to `maxRecords` from each channel; stops early at `cell.stop`. @returns records and events taken */
  read(maxRecords: number): number {
    let taken = 0;
    const count = this.#channels.length;
    const first = this.#next;
    this.#pace.beginTurn();
    for (let i = 0; i < count && !this.#cell.stop; i++) {
      const channel = (first + i) % count;
      this.#next = (channel + 1) % count;
      const given = this.#readChannel(channel, this.#pace.budgetOf(channel, maxRecords));
      this.#pace.endChannel(channel, given);
      taken += given;
    }
    return taken;
  }

  #readChannel(channel: number, maxRecords: number): number {
    const { reader } = this.#channels[channel] as GateChannel;
    let taken = 0;
    while (!this.#ended[channel] && !this.#aligner.isBlocked(channel) && !this.#cell.stop) {
      const result = reader.read(maxRecords - taken);
      taken += reader.lastReadRecords;
      if (result !== ReadResult.Event) return taken;
      this.#onEvent(channel, reader.event);
      taken++;
      if (taken >= maxRecords) return taken;
    }
    return taken;
  }

  #onEvent(channel: number, event: StreamEvent): void {
    const { input } = this.#channels[channel] as GateChannel;
    const index = this.#indexInInput[channel] as number;
    switch (event.type) {
      case 'watermark':
        this.#pace.setWatermark(channel, event.timestampMs);
        this.#combiners[input]?.setWatermark(index, event.timestampMs);
        break;
      case 'status':
        this.#pace.setIdle(channel, event.idle);
        this.#combiners[input]?.setIdle(index, event.idle);
        break;
      case 'latency':
        this.#operatorInputs[input]?.processLatencyMarker(event.marker);
        break;
      case 'barrier':
        this.#aligner.barrier(channel, event);
        break;
      case 'cancel-barrier':
        this.#aligner.abort(event.checkpointId);
        break;
      case 'end':
        this.#onEnd(channel, event.reason);
        break;
    }
  }

  #onEnd(channel: number, reason: 'end-of-input' | 'suspend'): void {
    const { input } = this.#channels[channel] as GateChannel;
    this.#ended[channel] = true;
    this.#suspended[channel] = reason === 'suspend';
    this.#aligner.end(channel);
    const mine = this.#channels.flatMap((c, i) => (c.input === input ? [i] : []));
    if (!mine.every((i) => this.#ended[i])) return;
    this.#listener.onInputEnd(input, mine.some((i) => this.#suspended[i]) ? 'suspend' : 'end-of-input');
  }

  close(): void {
    for (const { reader } of this.#channels) reader.close();
  }
}
