// When a part file is ended and the next one begun. A part becomes visible only when a checkpoint completes after its end.
import { checkInteger, type DurationLike, toDurationMs } from '../../options.ts';

export interface PartFileInfo {
  readonly bucketId: string;
  readonly sizeBytes: number;
  /** Processing time, epoch ms. */
  readonly createdMs: number;
  readonly lastWrittenMs: number;
}

export interface RollingPolicy {
  /** At every checkpoint, asked before its snapshot. */
  shouldRollOnCheckpoint(part: PartFileInfo): boolean;
  /** Before a record is written. */
  shouldRollOnEvent(part: PartFileInfo): boolean;
  /** Before a record is written, and at every checkpoint. */
  shouldRollOnProcessingTime(part: PartFileInfo, nowMs: number): boolean;
}

/** A new part at every checkpoint: what is visible is as fresh as the last checkpoint. */
export const OnCheckpointRollingPolicy: RollingPolicy & { build(): RollingPolicy } = {
  shouldRollOnCheckpoint: () => true,
  shouldRollOnEvent: () => false,
  shouldRollOnProcessingTime: () => false,
  build: () => OnCheckpointRollingPolicy,
};

// Flink's defaults: 128 MiB, a minute, a minute without records.
const DEFAULT_MAX_PART_BYTES = 128 * 1024 * 1024;
const DEFAULT_ROLLOVER_MS = 60_000;
const DEFAULT_INACTIVITY_MS = 60_000;

/** By size, age and inactivity (Flink's name and defaults). */
export class DefaultRollingPolicy implements RollingPolicy {
  readonly #maxPartBytes: number;
  readonly #rolloverMs: number;
  readonly #inactivityMs: number;

  private constructor(maxPartBytes: number, rolloverMs: number, inactivityMs: number) {
    this.#maxPartBytes = maxPartBytes;
    this.#rolloverMs = rolloverMs;
    this.#inactivityMs = inactivityMs;
  }

  static builder(): DefaultRollingPolicy {
    return new DefaultRollingPolicy(DEFAULT_MAX_PART_BYTES, DEFAULT_ROLLOVER_MS, DEFAULT_INACTIVITY_MS);
  }

  withMaxPartSize(sizeBytes: number): DefaultRollingPolicy {
    return new DefaultRollingPolicy(checkInteger('maxPartSize', sizeBytes, 1), this.#rolloverMs, this.#inactivityMs);
  }

  withRolloverInterval(interval: DurationLike): DefaultRollingPolicy {
    const rolloverMs = toDurationMs('rolloverInterval', interval, 1);
    return new DefaultRollingPolicy(this.#maxPartBytes, rolloverMs, this.#inactivityMs);
  }

  withInactivityInterval(interval: DurationLike): DefaultRollingPolicy {
    const inactivityMs = toDurationMs('inactivityInterval', interval, 1);
    return new DefaultRollingPolicy(this.#maxPartBytes, this.#rolloverMs, inactivityMs);
  }

  build(): RollingPolicy {
    return this;
  }

  shouldRollOnCheckpoint(part: PartFileInfo): boolean {
    return part.sizeBytes >= this.#maxPartBytes;
  }

  shouldRollOnEvent(part: PartFileInfo): boolean {
    return part.sizeBytes >= this.#maxPartBytes;
  }

  shouldRollOnProcessingTime(part: PartFileInfo, nowMs: number): boolean {
    return nowMs - part.createdMs >= this.#rolloverMs || nowMs - part.lastWrittenMs >= this.#inactivityMs;
  }
}
