// What an operator emitted, in order.
import type { LatencyMarker, Output, TimestampCell } from '@yeoul/engine/harness';

export type OutputElement<T = unknown> =
  | { readonly kind: 'record'; readonly value: T; readonly timestampMs: number | undefined }
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  | { readonly kind: 'status'; readonly idle: boolean }
  | { readonly kind: 'latency'; readonly marker: LatencyMarker };

export interface SideRecord<T = unknown> {
  readonly value: T;
  readonly timestampMs: number | undefined;
}

export class RecordedOutput implements Output {
  readonly collect: (value: unknown) => void;
  readonly #cell: TimestampCell;
  #elements: OutputElement[] = [];
  readonly #sides = new Map<string, SideRecord[]>();

  constructor(cell: TimestampCell) {
    this.#cell = cell;
    this.collect = (value) => {
      this.#elements.push({ kind: 'record', value, timestampMs: this.#timestamp() });
    };
  }

  collectSide(tag: string, value: unknown): void {
    const side = this.#sides.get(tag) ?? [];
    side.push({ value, timestampMs: this.#timestamp() });
    this.#sides.set(tag, side);
  }

  emitWatermark(timestampMs: number): void {
    this.#elements.push({ kind: 'watermark', timestampMs });
  }

  emitStatus(idle: boolean): void {
    this.#elements.push({ kind: 'status', idle });
  }

  emitLatencyMarker(marker: LatencyMarker): void {
    this.#elements.push({ kind: 'latency', marker });
  }

  /** Everything since the last take. */
  take(): OutputElement[] {
    const elements = this.#elements;
    this.#elements = [];
    return elements;
  }

  takeSide(tag: string): SideRecord[] {
    const side = this.#sides.get(tag) ?? [];
    this.#sides.delete(tag);
    return side;
  }

  #timestamp(): number | undefined {
    return Number.isNaN(this.#cell.timestampMs) ? undefined : this.#cell.timestampMs;
  }
}
