// Runs programs: starts a driver thread for each and turns its requests into calls of the cluster.
import { Worker } from 'node:worker_threads';
import { appError, toError } from '../../errors.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import type { ProgramDriver } from '../coordinator/local-cluster-options.ts';
import type { DriverEvents, ExecuteListener, ProgramDescriptor } from '../messages.ts';
import type { DriverStart, FromDriver, ProgramEntry, ToDriver } from './driver-protocol.ts';
import { deserializeError, serializeError } from './serialize-error.ts';

export class WorkerProgramDriver implements ProgramDriver {
  readonly #workerUrl: URL;
  #ready: Worker | undefined;

  /** @param workerUrl entry that calls startDriverWorker */
  constructor(workerUrl: URL) {
    this.#workerUrl = workerUrl;
  }

  /** Starts the thread of the next program ahead, so that it comes up while there is something else to do. */
  prepare(): void {
    if (this.#ready !== undefined) return;
    const worker = new Worker(this.#workerUrl);
    worker.unref();
    const forget = () => {
      if (this.#ready === worker) this.#ready = undefined;
    };
    worker.on('error', forget); // the next program starts a thread of its own, and hears what is wrong there
    worker.on('exit', forget);
    this.#ready = worker;
  }

  /** Ends what was prepared and not used. */
  async close(): Promise<void> {
    await this.#ready?.terminate();
  }

  async run(program: ProgramDescriptor, events: DriverEvents, signal: AbortSignal): Promise<void> {
    const worker = this.#start({ program });
    const end = () => void worker.terminate();
    signal.addEventListener('abort', end, { once: true });
    try {
      await new RunningProgram(worker, events, signal).ended;
    } finally {
      signal.removeEventListener('abort', end);
      await worker.terminate();
    }
  }

  /**
   * The entry classes of a bundled program; only its modules are loaded.
   * @param timeoutMs a program whose modules did not load by then is ended
   */
  async listEntries(bundlePath: string, timeoutMs: number): Promise<readonly ProgramEntry[]> {
    const worker = this.#start({ program: { ...NO_PROGRAM, bundlePath }, listEntries: true });
    const abort = new AbortController();
    const timeout = setTimeout(() => {
      abort.abort(appError('PROGRAM_TOO_SLOW', ['loading its modules', timeoutMs]));
      void worker.terminate();
    }, timeoutMs);
    try {
      return await new Promise((resolve, reject) => {
        const { ended } = new RunningProgram(worker, { onExecute: neverExecutes, onEntries: resolve }, abort.signal);
        ended.catch(reject);
      });
    } finally {
      clearTimeout(timeout);
      await worker.terminate();
    }
  }

  /**
   * The graph that the program would execute first; nothing is run.
   * @param timeoutMs a program that did not get there by then is ended
   */
  async plan(program: ProgramDescriptor, timeoutMs: number): Promise<JobGraphDescription> {
    const abort = new AbortController();
    const timeout = setTimeout(() => abort.abort(appError('PROGRAM_TOO_SLOW', [program.entry, timeoutMs])), timeoutMs);
    try {
      return await new Promise<JobGraphDescription>((resolve, reject) => {
        const onExecute = (graph: JobGraphDescription): Promise<never> => {
          resolve(graph);
          return new Promise<never>(() => undefined);
        };
        this.run(program, { onExecute }, abort.signal).then(
          () => reject(appError('NO_JOB_EXECUTED', [program.entry])),
          reject,
        );
      });
    } finally {
      clearTimeout(timeout);
      abort.abort();
    }
  }

  #start(start: DriverStart): Worker {
    const worker = this.#ready ?? new Worker(this.#workerUrl);
    this.#ready = undefined;
    worker.ref();
    worker.postMessage(start);
    return worker;
  }
}

const NO_PROGRAM = {
  entry: 'default',
  args: [],
  parallelism: undefined,
  defaults: { parallelism: 1, stateBackend: 'heap', checkpointIntervalMs: undefined },
  executeIndex: 0,
  earlierResults: [],
} as const;

const neverExecutes = (): Promise<never> => new Promise<never>(() => undefined);

interface ProgramEvents extends DriverEvents {
  readonly onEntries?: (entries: readonly ProgramEntry[]) => void;
}

class RunningProgram {
  /** Resolves when the program returned; rejects when it threw, exited or was aborted. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #events: ProgramEvents;
  readonly #jobIds = new Map<number, string>();
  #onDone!: () => void;
  #onFailed!: (error: Error) => void;

  constructor(worker: Worker, events: ProgramEvents, signal: AbortSignal) {
    this.#worker = worker;
    this.#events = events;
    this.ended = new Promise((resolve, reject) => {
      this.#onDone = resolve;
      this.#onFailed = reject;
    });
    worker.on('message', (message: FromDriver) => void this.#onMessage(message));
    worker.on('error', (error) => {
      this.#onFailed(appError('PROGRAM_FAILED', [toError(error).message], { cause: error }));
    });
    worker.on('exit', (code) => {
      this.#onFailed(signal.aborted ? toError(signal.reason) : appError('PROGRAM_EXITED', [code]));
    });
  }

  async #onMessage(message: FromDriver): Promise<void> {
    switch (message.type) {
      case 'submit':
        await this.#execute(message.graph, message.executeIndex);
        break;
      case 'cancel':
        await this.#events.cancel?.(this.#jobIds.get(message.executeIndex) ?? '');
        break;
      case 'status': {
        const status = this.#events.status?.(this.#jobIds.get(message.executeIndex) ?? '') ?? 'CREATED';
        this.#send({ type: 'status', requestId: message.requestId, status });
        break;
      }
      case 'ask':
        await this.#answer(message);
        break;
      case 'print':
        this.#events.print?.(message.text, message.stream);
        break;
      case 'entries':
        this.#events.onEntries?.(message.entries);
        break;
      case 'done':
        this.#onDone();
        break;
      case 'failed':
        this.#onFailed(deserializeError(message.error));
        break;
    }
  }

  async #execute(graph: JobGraphDescription, executeIndex: number): Promise<void> {
    const listener: ExecuteListener = {
      onAccepted: (jobId) => {
        this.#jobIds.set(executeIndex, jobId);
        this.#send({ type: 'accepted', executeIndex, jobId });
      },
      onCollected: (values) => this.#send({ type: 'collected', executeIndex, values }),
    };
    try {
      this.#send({ type: 'result', executeIndex, result: await this.#events.onExecute(graph, executeIndex, listener) });
    } catch (error) {
      const type = this.#jobIds.has(executeIndex) ? 'job-failed' : 'rejected';
      this.#send({ type, executeIndex, error: serializeError(error) });
    }
  }

  async #answer({ executeIndex, requestId, request }: Extract<FromDriver, { type: 'ask' }>): Promise<void> {
    try {
      const value = await this.#events.ask?.(this.#jobIds.get(executeIndex) ?? '', request);
      this.#send({ type: 'answer', requestId, value });
    } catch (error) {
      this.#send({ type: 'refused', requestId, error: serializeError(error) });
    }
  }

  #send(message: ToDriver): void {
    this.#worker.postMessage(message);
  }
}
