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
  readonly #warm: Worker[] = [];

  constructor(options: WorkerLauncherOptions) {
    this.#options = options;
    for (let i = 0; i < options.warmWorkers; i++) this.#warm.push(this.#start(undefined));
  }

  launch(options: { readonly jobId: string; readonly slotIndex: number; readonly maxHeapMiB: number | undefined }): SlotLink {
    const ready = options.maxHeapMiB === undefined ? this.#warm.shift() : undefined;
    return new WorkerSlotLink(ready ?? this.#start(options.maxHeapMiB), options.slotIndex);
  }

  async close(): Promise<void> {
    await Promise.all(this.#warm.splice(0).map((worker) => worker.terminate()));
  }

  #start(maxHeapMiB: number | undefined): Worker {
    const worker = new Worker(this.#options.workerUrl, {
      ...(maxHeapMiB === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB } }),
    });
    worker.unref();
    worker.on('error', () => undefined); // heard again by the link; a warm worker's failure shows when it is used
    return worker;
  }
}

class WorkerSlotLink implements SlotLink {
  readonly #worker: Worker;
  #exitHandler: ((error: Error) => void) | undefined;
  #failure: Error | undefined;
  #terminating = false;

  constructor(worker: Worker, slotIndex: number) {
    this.#worker = worker;
    worker.ref();
    worker.on('error', (error) => (this.#failure = toError(error)));
    worker.on('exit', (code) => {
      this.#failure ??= appError('SLOT_EXITED', [slotIndex, code]);
      if (!this.#terminating) this.#exitHandler?.(this.#failure);
    });
  }

  send(message: CoordinatorMessage): void {
    this.#worker.postMessage(message);
  }

  onMessage(handler: (message: SlotMessage) => void): void {
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
