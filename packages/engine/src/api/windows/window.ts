// Windows: finite groups of records. A window's last moment is maxTimestamp.

export interface Window {
  /** Largest event time that belongs to the window, epoch ms; +Infinity: never ends. */
  maxTimestamp(): number;
}

/** [start, end), epoch ms. */
export class TimeWindow implements Window {
  readonly start: number;
  readonly end: number;

  constructor(start: number, end: number) {
    this.start = start;
    this.end = end;
  }

  getStart(): number {
    return this.start;
  }

  getEnd(): number {
    return this.end;
  }

  maxTimestamp(): number {
    return this.end - 1;
  }

  /** True also for windows that only touch. */
  intersects(other: TimeWindow): boolean {
    return this.start <= other.end && this.end >= other.start;
  }

  /** Smallest window that holds both. */
  cover(other: TimeWindow): TimeWindow {
    return new TimeWindow(Math.min(this.start, other.start), Math.max(this.end, other.end));
  }

  equals(other: TimeWindow): boolean {
    return this.start === other.start && this.end === other.end;
  }

  toString(): string {
    return `TimeWindow{start=${this.start}, end=${this.end}}`;
  }

  /** Start of the window of `sizeMs` that holds the timestamp (source: Flink, TimeWindow#getWindowStartWithOffset). */
  static getWindowStartWithOffset(timestampMs: number, offsetMs: number, sizeMs: number): number {
    const remainder = (timestampMs - offsetMs) % sizeMs;
    return remainder < 0 ? timestampMs - (remainder + sizeMs) : timestampMs - remainder;
  }
}

/** The one window of GlobalWindows. */
export class GlobalWindow implements Window {
  static readonly #instance = new GlobalWindow();

  static get(): GlobalWindow {
    return GlobalWindow.#instance;
  }

  maxTimestamp(): number {
    return Number.POSITIVE_INFINITY;
  }

  toString(): string {
    return 'GlobalWindow';
  }
}
