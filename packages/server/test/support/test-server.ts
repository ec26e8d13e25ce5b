// A server over an in-process cluster, asked without a socket.
import { type Collector, type Program, RichFlatMapFunction, type SourceContext } from '@yeoul/engine';
import { TestCluster } from '@yeoul/testing';
import type { FastifyInstance } from 'fastify';
import { type CreateServerOptions, createServer } from '../../src/index.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly body: any;
}

export interface AskOptions {
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Cluster and server of one test file. */
export class TestServer {
  readonly cluster: TestCluster;
  readonly #app: FastifyInstance;

  private constructor(cluster: TestCluster, app: FastifyInstance) {
    this.cluster = cluster;
    this.#app = app;
  }

  static async open(options: Partial<CreateServerOptions> = {}): Promise<TestServer> {
    const cluster = await TestCluster.open({ slots: 4 });
    const app = await createServer({ cluster: cluster.cluster, engineVersion: '0.0.0-test', ...options });
    return new TestServer(cluster, app);
  }

  get(path: string, options?: AskOptions): Promise<Answer> {
    return this.ask('GET', path, options);
  }

  async ask(method: string, path: string, { json, text, headers = {} }: AskOptions = {}): Promise<Answer> {
    const payload = text ?? (json === undefined ? undefined : JSON.stringify(json));
    const response = await this.#app.inject({
      method: method as 'GET',
      url: path,
      headers: { host: 'localhost:8081', ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    return {
      status: response.statusCode,
      contentType: String(response.headers['content-type']),
      text: response.body,
      body:
        response.body !== '' && response.headers['content-type']?.toString().startsWith('application/json')
          ? response.json()
          : undefined,
    };
  }

  /** Asks until the answer is as wanted. */
  async poll(path: string, isDone: (answer: Answer) => boolean): Promise<Answer> {
    const deadlineMs = performance.now() + 15_000;
    for (;;) {
      const answer = await this.get(path);
      if (isDone(answer)) return answer;
      if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${path}: ${answer.text}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.cluster.close();
  }
}

/** A source that goes on until it is cancelled. */
export class TickSource {
  async *run(context: SourceContext<number>): AsyncGenerator<void> {
    for (let tick = 0; context.isRunning(); tick++) {
      context.collect(tick);
      yield;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

class CountTicks extends RichFlatMapFunction<number, string> {
  flatMap(value: number, out: Collector<string>): void {
    if (value < 0) out.collect(String(value));
  }
}

/** Source → (hash) → flat map and sink, with a checkpoint every 20 ms. */
export const ticks: Program = async (env) => {
  env.enableCheckpointing(20);
  env
    .addSource(new TickSource())
    .keyBy((value) => value % 10)
    .flatMap(new CountTicks())
    .print();
  await env.execute('Ticks');
};
