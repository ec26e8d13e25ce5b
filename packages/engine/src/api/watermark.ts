// Event time enters a stream here: a timestamp assigner reads it from records, a watermark generator says how far it is.

/** A point in event time, epoch ms: no record with this time or an earlier one is expected any more. */
export class Watermark {
  static readonly MAX_WATERMARK = new Watermark(Number.POSITIVE_INFINITY);
  readonly timestampMs: number;

  constructor(timestampMs: number) {
    this.timestampMs = timestampMs;
  }

  getTimestamp(): number {
    return this.timestampMs;
  }
}

/** A Watermark, or its epoch ms. */
export type WatermarkLike = Watermark | number;

export function watermarkMs(watermark: WatermarkLike): number {
  return typeof watermark === 'number' ? watermark : watermark.timestampMs;
}

export interface WatermarkOutput {
  emitWatermark(watermark: WatermarkLike): void;
  /** Takes this stream out of the minimum over inputs until its next record or watermark. */
  markIdle(): void;
  markActive(): void;
}

export interface WatermarkGenerator<T> {
  onEvent(event: T, eventTimestampMs: number, output: WatermarkOutput): void;
  /** Called every autoWatermarkInterval of processing time. */
  onPeriodicEmit(output: WatermarkOutput): void;
}

/** @param recordTimestampMs time the record already had; NaN when none */
export type TimestampAssigner<T> = (element: T, recordTimestampMs: number) => number;

/** Sources of a group wait for each other in event time. @see Apache Flink, FLIP-182 and FLIP-217 */
export interface WatermarkAlignment {
  /** Name, within the job. */
  readonly group: string;
  /** A source that is further ahead of the least watermark of its group stops reading. */
  readonly maxDriftMs: number;
  /** How often a subtask tells the group its watermark at least, processing time. */
  readonly updateIntervalMs: number;
}

/** What the timestamps/watermarks operator and sources run; one generator and assigner per subtask. */
export interface WatermarkSpec<T> {
  createWatermarkGenerator(): WatermarkGenerator<T>;
  /** Undefined: records keep the time they have. */
  createTimestampAssigner(): TimestampAssigner<T> | undefined;
  /** Marks the stream idle after so long without records, processing time; undefined: never. */
  readonly idleTimeoutMs: number | undefined;
  /** Undefined: reads as fast as it can. */
  readonly alignment?: WatermarkAlignment | undefined;
}
