// A small Flink behind a scripted fetch: it acts as the versions do, counts what it did, and fails as it is told.
import type { FlinkClientOptions } from '../../src/index.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What happens to one call. */
export type Fault =
  /** The request never arrives. */
  | 'refused'
  /** The connection breaks before the server acts, */
  | 'broken before'
  /** or after it. */
  | 'broken after'
  /** No answer for ever: the server does not act, */
  | 'silent before'
  /** or it does. */
  | 'silent after'
  | 'unavailable 503'
  /** A gateway that gave up; the server acted. */
  | 'gateway 504'
  /** A success that is no JSON; the server acted. */
  | 'garbage'
  /** Half an answer; the server acted. */
  | 'truncated';

export const faults: readonly Fault[] = [
  'refused',
  'broken before',
  'broken after',
  'silent before',
  'silent after',
  'unavailable 503',
  'gateway 504',
  'garbage',
  'truncated',
];

interface FakeJob {
  status: string;
  readonly savepointPath: string | undefined;
}

interface Operation {
  polls: number;
  readonly result: Record<string, unknown>;
  readonly onDone: () => void;
  /** When it was begun, of the server's clock. */
  readonly atMillis: number;
}

type Answer = { readonly status: number; readonly body: unknown };

/** The server's clock when the test begins. */
const EPOCH = 1_600_000_000_000;

const TOTAL = { total: 1, created: 0, scheduled: 0, deploying: 0, finished: 0, canceling: 0, canceled: 0, failed: 0 };

export class FakeFlink {
  readonly clock = new VirtualClock();
  /** Every call that was sent, also those that never arrived. */
  readonly calls: string[] = [];
  readonly jobs = new Map<string, FakeJob>();
  /** Savepoints and stops that were begun, by trigger id. */
  readonly operations = new Map<string, Operation>();
  readonly disposals = new Map<string, Operation>();
  starts = 0;
  /** By number of the call, from 0. */
  readonly faults = new Map<number, Fault>();
  /** Called before a call is handled. */
  onCall: (index: number) => void = () => undefined;
  readonly #version: string;
  #ids = 0;

  constructor(version: string) {
    this.#version = version;
  }

  get options(): FlinkClientOptions {
    return {
      baseUrl: 'http://flink.test:8081',
      fetch: this.fetch,
      clock: this.clock,
      random: () => 0.5,
      createId: () => this.#nextId('c'),
    };
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const index = this.calls.length;
    const path = String(input).replace('http://flink.test:8081', '');
    const method = init?.method ?? 'GET';
    this.calls.push(`${method} ${path}`);
    this.onCall(index);
    init?.signal?.throwIfAborted();
    const fault = this.faults.get(index);
    if (fault === 'refused') throw failure('ECONNREFUSED');
    if (fault === 'broken before') throw failure('ECONNRESET');
    if (fault === 'silent before') return silence(init?.signal);
    if (fault === 'unavailable 503')
      return toResponse({ status: 503, body: { errors: ['Service temporarily unavailable'] } });
    const answer = this.#handle(method, path, typeof init?.body === 'string' ? JSON.parse(init.body) : undefined);
    return answerWith(answer, fault, init?.signal);
  };

  #handle(method: string, path: string, body: any): Answer {
    const [, first = '', id = '', third = '', fourth = ''] = path.split('?')[0]?.split('/') ?? [];
    switch (`${method} ${first}/${third}`) {
      case 'GET config/':
        return ok({ 'flink-version': this.#version, 'refresh-interval': 3000 });
      case 'GET jobs/':
        if (id === '') return ok({ jobs: this.#list() });
        return id === 'overview'
          ? ok({ jobs: this.#overview() })
          : this.#withJob(id, () => ok({ now: EPOCH + this.clock.nowMillis() }));
      case 'GET jobs/checkpoints':
        return ok({ history: this.#history(id) });
      case 'GET jobs/status':
        return this.#withJob(id, (job) => ok({ status: job.status }));
      case 'POST jars/run':
        return this.#run(body);
      case 'PATCH jobs/':
        return this.#withJob(id, (job) => {
          job.status = 'CANCELED';
          return accepted({});
        });
      case 'POST jobs/savepoints':
        return this.#trigger(id, body, body['cancel-job'] === true ? 'CANCELED' : undefined);
      case 'POST jobs/stop':
        return this.#trigger(id, body, 'FINISHED');
      case 'GET jobs/savepoints':
        return poll(this.operations.get(`${id} ${fourth}`));
      case 'POST savepoint-disposal/': {
        const triggerId = this.#nextId('d');
        this.disposals.set(triggerId, { polls: 0, result: {}, onDone: () => undefined, atMillis: 0 });
        return ok({ 'request-id': triggerId });
      }
      case 'GET savepoint-disposal/':
        return poll(this.disposals.get(id));
      default:
        return { status: 404, body: { errors: [`Not found: ${path}`] } };
    }
  }

  #list() {
    return [...this.jobs].map(([id, { status }]) => ({ id, status }));
  }

  #overview() {
    return [...this.jobs].map(([jid, { status }]) => ({ jid, state: status, tasks: { ...TOTAL, running: 1 } }));
  }

  /** A question for this page counts as one for the operation. */
  #history(jobId: string) {
    const mine = [...this.operations].filter(([key]) => key.startsWith(jobId)).map(([, operation]) => operation);
    return mine.map((operation) => {
      const isDone = poll(operation).status === 200 && operation.polls >= 3;
      const { location: external_path } = operation.result;
      const shared = { is_savepoint: true, trigger_timestamp: operation.atMillis };
      return isDone ? { '@class': 'completed', ...shared, external_path } : { '@class': 'in_progress', ...shared };
    });
  }

  #withJob(id: string, act: (job: FakeJob) => Answer): Answer {
    const job = this.jobs.get(id);
    return job === undefined ? { status: 404, body: { errors: [`Job ${id} not found`] } } : act(job);
  }

  #run(body: any): Answer {
    const jobId = body.jobId ?? this.#nextId('b');
    if (this.jobs.has(jobId)) return { status: 400, body: { errors: ['Job has already been submitted.'] } };
    this.jobs.set(jobId, { status: 'RUNNING', savepointPath: body.savepointPath });
    this.starts += 1;
    return ok({ jobid: jobId });
  }

  #trigger(jobId: string, body: any, statusAfter: string | undefined): Answer {
    const knowsIds = !this.#version.startsWith('1.9');
    if (!knowsIds && 'triggerId' in body) {
      return { status: 400, body: { errors: ['Request did not match expected format SavepointTriggerRequestBody.'] } };
    }
    const triggerId = body.triggerId ?? this.#nextId('e');
    const location = `file:/savepoints/savepoint-${this.operations.size + 1}`;
    const onDone = () => {
      const job = this.jobs.get(jobId);
      if (job !== undefined && statusAfter !== undefined) job.status = statusAfter;
    };
    this.operations.set(`${jobId} ${triggerId}`, {
      polls: 0,
      result: { location },
      onDone,
      atMillis: EPOCH + this.clock.nowMillis(),
    });
    return accepted({ 'request-id': triggerId });
  }

  #nextId(kind: string): string {
    this.#ids += 1;
    return `${kind}${this.#ids}`.padEnd(32, '0').replace(/[^0-9a-f]/g, '0');
  }
}

/** Done at the third question. */
function poll(operation: Operation | undefined): Answer {
  if (operation === undefined) return { status: 404, body: { errors: ['There is no savepoint operation'] } };
  operation.polls += 1;
  if (operation.polls < 3) return ok({ status: { id: 'IN_PROGRESS' }, operation: null });
  operation.onDone();
  return ok({ status: { id: 'COMPLETED' }, operation: operation.result });
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function accepted(body: unknown): Answer {
  return { status: 202, body };
}

function toResponse({ status, body }: Answer): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

function answerWith(answer: Answer, fault: Fault | undefined, signal: AbortSignal | null | undefined) {
  switch (fault) {
    case 'broken after':
      throw failure('ECONNRESET');
    case 'silent after':
      return silence(signal);
    case 'gateway 504':
      return new Response('<html>Gateway Timeout</html>', { status: 504, headers: { 'content-type': 'text/html' } });
    case 'garbage':
      return new Response('<html>Sign in</html>', { status: 200, headers: { 'content-type': 'text/html' } });
    case 'truncated':
      return new Response(truncated(JSON.stringify(answer.body)), { status: answer.status });
    default:
      return toResponse(answer);
  }
}

function truncated(text: string): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)));
    },
    pull(controller) {
      controller.error(failure('UND_ERR_SOCKET'));
    },
  });
}

function silence(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

function failure(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
