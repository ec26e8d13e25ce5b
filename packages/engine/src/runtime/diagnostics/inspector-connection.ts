// The inspector of this process, for its worker threads. Its questions interrupt a thread, so that one that spins answers as well.
//   I1. Every question has a time limit; a thread that is in native code does not answer, and is told so.
//   I2. Closing leaves no thread paused and no profiler running: V8 ends both with the session.
import type { Session } from 'node:inspector';

/** Answer of a thread. Undefined: none within the limit. */
type Answer = { readonly result?: any; readonly error?: { readonly message: string } } | undefined;

interface FromWorker {
  readonly id?: number;
  readonly method?: string;
  readonly params?: any;
  readonly result?: any;
  readonly error?: { readonly message: string };
}

/** Threads are told to us before the call that asks for them returns; so much time is for those that come up just now. */
const ATTACH_MS = 20;

export class InspectorConnection {
  readonly #session: Session;
  /** Session of each thread, by thread id. */
  readonly #sessions = new Map<number, string>();
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #listeners = new Map<string, (method: string, params: any) => void>();
  #nextId = 1;

  private constructor(session: Session) {
    this.#session = session;
    session.on('NodeWorker.attachedToWorker', ({ params }) => {
      const threadId = /^\[worker (\d+)\]/.exec(params.workerInfo.title)?.[1];
      if (threadId !== undefined) this.#sessions.set(Number(threadId), params.sessionId);
    });
    session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      this.#onMessage(params.sessionId, JSON.parse(params.message) as FromWorker);
    });
  }

  /** Undefined: this Node has no inspector. */
  static async open(): Promise<InspectorConnection | undefined> {
    const inspector = await import('node:inspector').catch(() => undefined);
    if (inspector === undefined) return undefined;
    const session = new inspector.Session();
    session.connect();
    const connection = new InspectorConnection(session);
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    await new Promise((resolve) => setTimeout(resolve, ATTACH_MS));
    return connection;
  }

  get threadIds(): readonly number[] {
    return [...this.#sessions.keys()];
  }

  /** I1. @returns undefined: no answer; the thread is not there, or busy with what cannot be interrupted */
  ask(threadId: number, method: string, params: object, timeoutMs: number): Promise<Answer> {
    const sessionId = this.#sessions.get(threadId);
    if (sessionId === undefined) return Promise.resolve(undefined);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => settle(undefined), timeoutMs);
      this.#waiting.set(id, settle);
      this.#send(sessionId, { id, method, params }, () => settle(undefined));
    });
  }

  /** Events of a thread; one listener each. */
  listen(threadId: number, listener: (method: string, params: any) => void): void {
    const sessionId = this.#sessions.get(threadId);
    if (sessionId !== undefined) this.#listeners.set(sessionId, listener);
  }

  close(): void {
    this.#session.post('NodeWorker.disable', () => undefined);
    this.#session.disconnect();
    for (const settle of [...this.#waiting.values()]) settle(undefined);
  }

  #send(sessionId: string, message: object, onFailed: () => void): void {
    this.#session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify(message) }, (error) => {
      if (error !== null) onFailed();
    });
  }

  #onMessage(sessionId: string, { id, method, params, result, error }: FromWorker): void {
    if (method !== undefined) this.#listeners.get(sessionId)?.(method, params);
    else if (id !== undefined) this.#waiting.get(id)?.({ result, ...(error === undefined ? {} : { error }) });
  }
}
