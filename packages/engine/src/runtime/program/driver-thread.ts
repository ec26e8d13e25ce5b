// The driver: evaluates a program in a thread of its own and executes its jobs through the main thread, so that a program
// that spins, throws or exits hurts only itself.
import type { JobRequest, ProgramContext, SubmittedJob } from '../../api/program-context.ts';
import { describeJobGraph } from '../../graph/describe-job-graph.ts';
import type { JobGraph } from '../../graph/job-graph.ts';
import type { JobExecutionResultData, ProgramDescriptor } from '../messages.ts';
import { CallSites } from './call-sites.ts';
import type { FromDriver, ToDriver } from './driver-protocol.ts';
import { evaluateProgram } from './evaluate-program.ts';
import { describeEntries } from './find-entry.ts';
import { type EngineModules, loadProgram } from './load-program.ts';
import { createProgramConsole, type PrintText } from './program-console.ts';
import { deserializeError, serializeError } from './serialize-error.ts';
import { ValueQueue } from './value-queue.ts';

export interface DriverPort {
  send(message: FromDriver): void;
  onMessage(handler: (message: ToDriver) => void): void;
}

interface ExecutedJob {
  readonly accepted: PromiseWithResolversLike<string>;
  readonly result: PromiseWithResolversLike<JobExecutionResultData>;
  readonly values: ValueQueue;
}

interface PromiseWithResolversLike<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

export class DriverThread {
  readonly #port: DriverPort;
  readonly #jobs: ExecutedJob[] = [];
  readonly #statusRequests = new Map<number, (status: string) => void>();
  readonly #questions = new Map<number, PromiseWithResolversLike<unknown>>();
  #nextRequestId = 0;
  /** What the program called and may not have awaited: execute() up to its job's end, the others up to its acceptance. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(port: DriverPort) {
    this.#port = port;
    port.onMessage((message) => this.#onMessage(message));
  }

  async run(program: ProgramDescriptor, modules: EngineModules): Promise<void> {
    try {
      await evaluateProgram(program, modules, this.#context(), this.#print);
      await this.#settleAll();
      this.#port.send({ type: 'done', jobs: this.#jobs.length });
    } catch (error) {
      this.#port.send({ type: 'failed', error: new CallSites(program.bundlePath).inSource(serializeError(error)) });
    }
  }

  async listEntries({ bundlePath }: ProgramDescriptor, modules: EngineModules): Promise<void> {
    try {
      const exports = await loadProgram(bundlePath, modules, createProgramConsole(this.#print));
      this.#port.send({ type: 'entries', entries: describeEntries(exports) });
    } catch (error) {
      this.#port.send({ type: 'failed', error: new CallSites(bundlePath).inSource(serializeError(error)) });
    }
  }

  readonly #print: PrintText = (stream, text) => this.#port.send({ type: 'print', stream, text });

  #context(): Pick<ProgramContext, 'execute' | 'submit' | 'collect' | 'print'> {
    return {
      print: (text) => this.#print('stdout', text),
      execute: async (graph) => {
        const { job } = this.#start(graph);
        this.#awaitAtEnd(job.result.promise);
        await job.accepted.promise;
        return job.result.promise;
      },
      submit: async (graph) => this.#submitted(this.#start(graph)),
      collect: async (graph) => {
        const started = this.#start(graph);
        return { job: await this.#submitted(started), values: started.job.values };
      },
    };
  }

  #start(graph: JobGraph): { readonly job: ExecutedJob; readonly executeIndex: number } {
    const executeIndex = this.#jobs.length;
    const job: ExecutedJob = { accepted: withResolvers(), result: withResolvers(), values: new ValueQueue() };
    this.#jobs.push(job);
    this.#awaitAtEnd(job.accepted.promise);
    this.#port.send({ type: 'submit', executeIndex, graph: describeJobGraph(graph) });
    return { job, executeIndex };
  }

  async #settleAll(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.allSettled(this.#underWay);
      await nextTurn(); // what follows such a job may start the next one
    }
  }

  #awaitAtEnd(promise: Promise<unknown>): void {
    const settled = () => this.#underWay.delete(promise);
    this.#underWay.add(promise);
    promise.then(settled, settled);
  }

  async #submitted({
    job,
    executeIndex,
  }: {
    readonly job: ExecutedJob;
    readonly executeIndex: number;
  }): Promise<SubmittedJob> {
    return {
      jobId: await job.accepted.promise,
      result: job.result.promise,
      cancel: async () => this.#port.send({ type: 'cancel', executeIndex }),
      status: () => this.#status(executeIndex),
      ask: (request) => this.#ask(executeIndex, request),
    };
  }

  #status(executeIndex: number): Promise<string> {
    const requestId = this.#nextRequestId++;
    return new Promise((resolve) => {
      this.#statusRequests.set(requestId, resolve);
      this.#port.send({ type: 'status', executeIndex, requestId });
    });
  }

  #ask(executeIndex: number, request: JobRequest): Promise<unknown> {
    const question = withResolvers<unknown>();
    const requestId = this.#nextRequestId++;
    this.#questions.set(requestId, question);
    this.#port.send({ type: 'ask', executeIndex, requestId, request });
    return question.promise;
  }

  #onMessage(message: ToDriver): void {
    switch (message.type) {
      case 'status':
        take(this.#statusRequests, message.requestId)?.(message.status);
        break;
      case 'answer':
        take(this.#questions, message.requestId)?.resolve(message.value);
        break;
      case 'refused':
        take(this.#questions, message.requestId)?.reject(deserializeError(message.error));
        break;
      default:
        this.#onJobMessage(message);
    }
  }

  #onJobMessage(message: Extract<ToDriver, { readonly executeIndex: number }>): void {
    const job = this.#jobs[message.executeIndex] as ExecutedJob;
    switch (message.type) {
      case 'accepted':
        job.accepted.resolve(message.jobId);
        break;
      case 'rejected':
        job.accepted.reject(deserializeError(message.error));
        job.result.reject(deserializeError(message.error));
        break;
      case 'collected':
        job.values.push(message.values);
        break;
      case 'result':
        job.values.end();
        job.result.resolve(message.result);
        break;
      case 'job-failed':
        job.result.reject(deserializeError(message.error));
        job.values.fail(deserializeError(message.error));
        break;
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function withResolvers<T>(): PromiseWithResolversLike<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  promise.catch(() => undefined); // whoever awaits it sees the error; nobody may
  return { promise, resolve, reject };
}

/** A request is answered once. */
function take<T>(requests: Map<number, T>, requestId: number): T | undefined {
  const request = requests.get(requestId);
  requests.delete(requestId);
  return request;
}
