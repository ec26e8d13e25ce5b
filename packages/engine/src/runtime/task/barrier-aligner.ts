// Barrier alignment of one task. Owns: which channels are blocked, which barriers are pending. Does not own: taking the
// snapshot (Task does) nor reading channels (InputGate does).
//   B1. After channel c delivered aligned barrier n, c is blocked until every channel delivered n (C1).
//   B2. A channel that ended counts as having delivered every barrier.
//   B3. A barrier newer than a pending aligned one means that the older was given up: it is aborted.
//   B4. Barriers at or below the last finished or aborted checkpoint are ignored.
import type { CheckpointBarrier } from '../stream-event.ts';

export interface AlignedBarrier {
  readonly barrier: CheckpointBarrier;
  /** From the first to the last delivery of this barrier, ms. */
  readonly alignmentMs: number;
}

interface Pending {
  readonly barrier: CheckpointBarrier;
  readonly delivered: boolean[];
  /** When the first channel delivered; undefined: none did yet. */
  firstMs: number | undefined;
}

export interface AlignerListener {
  /** All channels delivered: take the snapshot. Channels are already unblocked. */
  onAligned(aligned: AlignedBarrier): void;
  onAborted(checkpointId: number): void;
}

export class BarrierAligner {
  readonly #ended: boolean[];
  readonly #blocked: boolean[];
  readonly #listener: AlignerListener;
  readonly #pending = new Map<number, Pending>();
  readonly #monotonicMs: () => number;
  #lastDone = -1;

  constructor(channelCount: number, listener: AlignerListener, monotonicMs: () => number) {
    this.#ended = new Array<boolean>(channelCount).fill(false);
    this.#blocked = new Array<boolean>(channelCount).fill(false);
    this.#listener = listener;
    this.#monotonicMs = monotonicMs;
  }

  isBlocked(channel: number): boolean {
    return this.#blocked[channel] === true;
  }

  /**
   * The coordinator triggered this checkpoint; its barrier may never come when everything upstream finished before. Completes
   * at once when every channel ended, else with the last end or barrier.
   */
  announce(barrier: CheckpointBarrier): void {
    if (barrier.checkpointId <= this.#lastDone) return; // B4
    this.#completeIfDelivered(this.#pendingFor(barrier));
  }

  barrier(channel: number, barrier: CheckpointBarrier): void {
    const id = barrier.checkpointId;
    if (id <= this.#lastDone) return; // B4
    if (barrier.options.alignment === 'aligned') this.#abortOlderThan(id); // B3
    const pending = this.#pendingFor(barrier);
    pending.delivered[channel] = true;
    pending.firstMs ??= this.#monotonicMs();
    if (barrier.options.alignment === 'aligned') this.#blocked[channel] = true; // B1
    this.#completeIfDelivered(pending);
  }

  end(channel: number): void {
    this.#ended[channel] = true;
    this.#blocked[channel] = false;
    for (const pending of [...this.#pending.values()]) this.#completeIfDelivered(pending); // B2
  }

  /** The coordinator or an upstream task gave the checkpoint up. */
  abort(checkpointId: number): void {
    if (checkpointId <= this.#lastDone) return;
    this.#abortOlderThan(checkpointId + 1);
    this.#lastDone = Math.max(this.#lastDone, checkpointId);
  }

  get pendingCheckpoints(): number {
    return this.#pending.size;
  }

  #pendingFor(barrier: CheckpointBarrier): Pending {
    let pending = this.#pending.get(barrier.checkpointId);
    if (!pending) {
      pending = { barrier, delivered: this.#ended.map(() => false), firstMs: undefined };
      this.#pending.set(barrier.checkpointId, pending);
    }
    return pending;
  }

  #completeIfDelivered(pending: Pending): void {
    const id = pending.barrier.checkpointId;
    if (!pending.delivered.every((delivered, channel) => delivered || this.#ended[channel])) return;
    this.#pending.delete(id);
    this.#lastDone = Math.max(this.#lastDone, id);
    this.#abortOlderThan(id);
    this.#unblockAll();
    const nowMs = this.#monotonicMs();
    this.#listener.onAligned({ barrier: pending.barrier, alignmentMs: nowMs - (pending.firstMs ?? nowMs) });
  }

  #abortOlderThan(checkpointId: number): void {
    for (const id of [...this.#pending.keys()]) {
      if (id >= checkpointId) continue;
      this.#pending.delete(id);
      this.#lastDone = Math.max(this.#lastDone, id);
      this.#unblockAll();
      this.#listener.onAborted(id);
    }
  }

  #unblockAll(): void {
    this.#blocked.fill(false);
  }
}
