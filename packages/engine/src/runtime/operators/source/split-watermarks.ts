// Watermarks of a source whose reader tells its splits apart: a generator per split, and one for what is emitted for none of them.
//   SW1. The subtask's watermark is the least of the outputs that count and are not idle, and never goes back. Every split that has an output
//        counts, before its first record with -Infinity; the main output counts when something came by it, or when there are no others.
//   SW2. The subtask is idle while all outputs that count are.
import type { WatermarkSpec } from '../../../api/watermark.ts';
import type { OperatorContext } from '../stream-operator.ts';
import { WatermarkEmitter, type WatermarkTarget } from '../time/watermark-emitter.ts';

export interface SplitWatermarkListener {
  /** Watermark or idleness of the subtask or of a split may have changed. */
  onChange(): void;
  /** @param splitId undefined: what is emitted for no split */
  isHeld(splitId: string | undefined): boolean;
}

export class SplitWatermarks {
  readonly main: WatermarkEmitter;
  readonly #spec: WatermarkSpec<unknown>;
  readonly #context: OperatorContext;
  readonly #listener: SplitWatermarkListener | undefined;
  readonly #splits = new Map<string, WatermarkEmitter>();
  readonly #target: WatermarkTarget;
  #combinedMs = Number.NEGATIVE_INFINITY;
  #isIdle = false;

  constructor(spec: WatermarkSpec<unknown>, context: OperatorContext, listener?: SplitWatermarkListener) {
    this.#spec = spec;
    this.#context = context;
    this.#listener = listener;
    this.#target = { emitWatermark: () => this.#combine(), emitStatus: () => this.#combine() };
    this.main = new WatermarkEmitter(spec, context, { target: this.#target, isHeld: this.#isHeldOf(undefined) });
  }

  /** Of the subtask; -Infinity before the first. */
  get combinedMs(): number {
    return this.#combinedMs;
  }

  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** Those that have an output, by id. */
  get splits(): ReadonlyMap<string, WatermarkEmitter> {
    return this.#splits;
  }

  open(): void {
    this.main.open();
  }

  close(): void {
    this.main.close();
    for (const emitter of this.#splits.values()) emitter.close();
  }

  /** @returns the split's own emitter; the same one at every call until it is released */
  split(splitId: string, awaitsTurn: boolean): WatermarkEmitter {
    const existing = this.#splits.get(splitId);
    if (existing !== undefined) return existing;
    const emitter = new WatermarkEmitter(this.#spec, this.#context, {
      target: this.#target,
      awaitsTurn,
      isHeld: this.#isHeldOf(splitId),
    });
    this.#splits.set(splitId, emitter);
    emitter.open();
    this.#combine();
    return emitter;
  }

  release(splitId: string): void {
    this.#splits.get(splitId)?.close();
    if (this.#splits.delete(splitId)) this.#combine();
  }

  /** The end of event time. */
  end(): void {
    this.#emit(Number.POSITIVE_INFINITY);
  }

  #combine(): void {
    const counting = this.#counting();
    const active = counting.filter(({ idle }) => !idle);
    if (active.length > 0) {
      this.#setIdle(false);
      this.#emit(Math.min(...active.map(({ currentMs }) => currentMs)));
    } else this.#setIdle(true);
    this.#listener?.onChange();
  }

  #isHeldOf(splitId: string | undefined): (() => boolean) | undefined {
    const listener = this.#listener;
    return listener && (() => listener.isHeld(splitId));
  }

  /** SW1. */
  #counting(): readonly WatermarkEmitter[] {
    const splits = [...this.#splits.values()];
    const { main } = this;
    const isUsed = main.events > 0 || main.currentMs !== Number.NEGATIVE_INFINITY;
    return splits.length === 0 || isUsed ? [main, ...splits] : splits;
  }

  #emit(timestampMs: number): void {
    if (!(timestampMs > this.#combinedMs)) return;
    this.#combinedMs = timestampMs;
    this.#setIdle(false);
    this.#context.output.emitWatermark(timestampMs);
  }

  #setIdle(idle: boolean): void {
    if (idle === this.#isIdle) return;
    this.#isIdle = idle;
    this.#context.output.emitStatus(idle);
  }
}
