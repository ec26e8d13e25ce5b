// Slots as worker threads. A worker that exits, throws or runs out of memory ends alone; the coordinator hears of it once.
import { Worker } from 'node:worker_threads';
import { appError, toError } from '../../errors.ts';
import type { CoordinatorMessage, SlotLauncher, SlotLink, SlotMessage } from '../messages.ts';

export interface WorkerLauncherOptions {
  /** The worker's entry: calls startSlotWorker. */
  readonly workerUrl: URL;
  /** Started ahead, so that a job need not wait for threads to come up. */
  readonly warmWorkers: number;
}

export class WorkerSlotLauncher implements SlotLauncher {
  readonly #options: WorkerLauncherOptions;
  readonly #warm: StartedWorker[] = [];
  #isClosed = false;

  constructor(options: WorkerLauncherOptions) {
    this.#options = options;
    this.#refill();
  }

  launch(options: {
    readonly jobId: string;
    readonly slotIndex: number;
    readonly maxHeapMiB: number | undefined;
  }): SlotLink {
    const ready = options.maxHeapMiB === undefined ? this.#warm.shift() : undefined;
    return new WorkerSlotLink(ready ?? this.#start(options.maxHeapMiB), options.slotIndex, () => this.#refill());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#warm.splice(0).map(({ worker }) => worker.terminate()));
  }

  /** When a worker ended, not when one was taken: a starting job has better use for the cores. */
  #refill(): void {
    while (!this.#isClosed && this.#warm.length < this.#options.warmWorkers) this.#warm.push(this.#start(undefined));
  }

  #start(maxHeapMiB: number | undefined): StartedWorker {
    const worker = new Worker(this.#options.workerUrl, {
      ...(maxHeapMiB === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB } }),
    });
    worker.unref();
    worker.on('error', () => undefined); // heard again by the link; a warm worker's failure shows when it is used
    const early: SlotMessage[] = [];
    const keep = (message: SlotMessage) => early.push(message);
    worker.on('message', keep);
    return { worker, early, stopKeeping: () => worker.off('message', keep) };
  }
}

/** A worker and what it said before anybody listened. */
interface StartedWorker {
  readonly worker: Worker;
  readonly early: readonly SlotMessage[];
  stopKeeping(): void;
}

class WorkerSlotLink implements SlotLink {
  readonly #started: StartedWorker;
  readonly #worker: Worker;
  #exitHandler: ((error: Error) => void) | undefined;
  #failure: Error | undefined;
  #terminating = false;

  constructor(started: StartedWorker, slotIndex: number, onEnded: () => void) {
    const { worker } = started;
    this.#started = started;
    this.#worker = worker;
    worker.ref();
    worker.on('error', (error) => (this.#failure = toError(error)));
    worker.on('exit', (code) => {
      this.#failure ??= appError('SLOT_EXITED', [slotIndex, code]);
      if (!this.#terminating) this.#exitHandler?.(this.#failure);
      onEnded();
    });
  }

  get threadId(): number {
    return this.#worker.threadId;
  }

  send(message: CoordinatorMessage): void {
    this.#worker.postMessage(message);
  }

  onMessage(handler: (message: SlotMessage) => void): void {
    this.#started.stopKeeping();
    const { early } = this.#started;
    if (early.length > 0) queueMicrotask(() => early.forEach(handler));
    this.#worker.on('message', handler);
  }

  onExit(handler: (error: Error) => void): void {
    this.#exitHandler = handler;
  }

  async terminate(): Promise<void> {
    this.#terminating = true;
    await this.#worker.terminate();
  }
}
