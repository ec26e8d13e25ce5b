// The slots of one job: started when needed, replaced when they died.
//   L1. Messages and the exit of a slot that was replaced or terminated are not passed on.
//   L2. A slot that is not ready in time, or is told to go, is terminated.
import type { Clock, TimerHandle } from '../../clock.ts';
import { type AppError, appError } from '../../errors.ts';
import type { CoordinatorMessage, SlotLauncher, SlotLink, SlotMessage, SlotReport } from '../messages.ts';

/** 5 s to wait for a thread to end after terminate(); it cannot run user code by then. */
const TERMINATE_WAIT_MS = 5_000;

export interface JobSlotsOptions {
  readonly jobId: string;
  readonly launcher: SlotLauncher;
  readonly clock: Clock;
  readonly startTimeoutMs: number;
  readonly maxHeapMiB: number | undefined;
  readonly onMessage: (slotIndex: number, message: SlotMessage) => void;
  /** The slot is gone: what ran in it has ended. */
  readonly onDied: (slotIndex: number, error: AppError) => void;
}

interface Slot {
  readonly index: number;
  readonly link: SlotLink;
  readonly ready: Promise<void>;
  readonly settle: { readonly resolve: () => void; readonly reject: (error: AppError) => void };
  state: 'starting' | 'ready' | 'gone';
  timer: TimerHandle | undefined;
  lastHeardMs: number;
  report: SlotReport | undefined;
}

export class JobSlots {
  readonly #options: JobSlotsOptions;
  readonly #slots = new Map<number, Slot>();

  constructor(options: JobSlotsOptions) {
    this.#options = options;
  }

  /** Starts the slots that are missing; resolves when all are ready. @throws SLOT_START_TIMEOUT, SLOT_DIED */
  async ensure(indices: Iterable<number>): Promise<void> {
    await Promise.all([...new Set(indices)].map((index) => (this.#slots.get(index) ?? this.#launch(index)).ready));
  }

  /** Lost when the slot is gone: its death is reported instead. @returns false when it is lost */
  send(slotIndex: number, message: CoordinatorMessage): boolean {
    const slot = this.#slots.get(slotIndex);
    if (slot?.state !== 'ready') return false;
    slot.link.send(message);
    return true;
  }

  broadcast(message: CoordinatorMessage): void {
    for (const index of this.#slots.keys()) this.send(index, message);
  }

  /** When the slot last said anything, epoch ms; undefined: no such slot. */
  lastHeardMs(slotIndex: number): number | undefined {
    return this.#slots.get(slotIndex)?.lastHeardMs;
  }

  reports(): ReadonlyMap<number, SlotReport> {
    const reports = new Map<number, SlotReport>();
    for (const [index, { report }] of this.#slots) if (report !== undefined) reports.set(index, report);
    return reports;
  }

  /** Thread of each slot that runs in one of its own, by slot index. */
  threadIds(): ReadonlyMap<number, number> {
    const threads = new Map<number, number>();
    for (const [index, { link }] of this.#slots) if (link.threadId !== undefined) threads.set(index, link.threadId);
    return threads;
  }

  get liveCount(): number {
    return this.#slots.size;
  }

  /** Terminates the slot and reports it as dead. */
  async kill(slotIndex: number, error: AppError): Promise<void> {
    const slot = this.#slots.get(slotIndex);
    if (slot === undefined) return;
    await this.#terminate(slot);
    this.#onGone(slot, error);
  }

  /** Terminates all; nothing is reported any more. */
  async close(): Promise<void> {
    const slots = [...this.#slots.values()];
    for (const slot of slots) {
      slot.state = 'gone';
      slot.timer?.cancel();
      slot.settle.reject(appError('SLOT_DIED', [slot.index, 'the job ended']));
    }
    this.#slots.clear();
    await Promise.all(slots.map((slot) => this.#terminate(slot)));
  }

  #launch(index: number): Slot {
    const { launcher, jobId, maxHeapMiB, clock, startTimeoutMs } = this.#options;
    const { promise: ready, ...settle } = withResolvers();
    // ensure() may have given up waiting by the time it fails.
    ready.catch(() => {});
    const link = launcher.launch({ jobId, slotIndex: index, maxHeapMiB });
    const nowMs = clock.nowMs();
    const slot: Slot = {
      index,
      link,
      ready,
      settle,
      state: 'starting',
      timer: undefined,
      lastHeardMs: nowMs,
      report: undefined,
    };
    this.#slots.set(index, slot);
    slot.timer = clock.schedule(nowMs + startTimeoutMs, () => {
      void this.kill(index, appError('SLOT_START_TIMEOUT', [index, startTimeoutMs]));
    });
    link.onMessage((message) => this.#onMessage(slot, message));
    link.onExit((error) => this.#onGone(slot, appError('SLOT_DIED', [index, error.message], { cause: error, jobId })));
    return slot;
  }

  #onMessage(slot: Slot, message: SlotMessage): void {
    if (slot.state === 'gone') return;
    slot.lastHeardMs = this.#options.clock.nowMs();
    if (message.type === 'ready') {
      slot.timer?.cancel();
      slot.state = 'ready';
      slot.settle.resolve();
      return;
    }
    if (message.type === 'reports') slot.report = message.slot;
    this.#options.onMessage(slot.index, message);
  }

  #onGone(slot: Slot, error: AppError): void {
    if (slot.state === 'gone') return;
    slot.state = 'gone';
    slot.timer?.cancel();
    this.#slots.delete(slot.index);
    slot.settle.reject(error);
    this.#options.onDied(slot.index, error);
  }

  async #terminate(slot: Slot): Promise<void> {
    const { clock } = this.#options;
    let timer: TimerHandle | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = clock.schedule(clock.nowMs() + TERMINATE_WAIT_MS, resolve);
    });
    await Promise.race([slot.link.terminate().catch(() => {}), waited]);
    timer?.cancel();
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: AppError) => void } {
  let resolve: () => void = () => {};
  let reject: (error: AppError) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
