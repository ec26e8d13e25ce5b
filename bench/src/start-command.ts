// One start of the server as `npm start` does it, seen from outside: its process, its REST API.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const ADDRESS = /^REST API at (\S+)$/;
const POLL_MS = 10;

interface Vertex {
  readonly id: string;
  readonly subtasks: readonly { readonly timestamps: { readonly RUNNING: number } }[];
}

interface JobOverview {
  readonly jid: string;
  readonly state: string;
  readonly tasks: { readonly total: number; readonly running: number };
}

export class StartCommand implements AsyncDisposable {
  readonly pid: number;
  /** Requests are accepted. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #dataDirectory: string;

  private constructor(child: ChildProcess, url: string, dataDirectory: string) {
    this.pid = child.pid!;
    this.url = url;
    this.#child = child;
    this.#dataDirectory = dataDirectory;
  }

  /** @param root of the repository @param args beside the port and the data directory, which is a new one */
  static async run(root: string, args: readonly string[]): Promise<StartCommand> {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'yeoul-bench-'));
    const command = [join(root, 'packages', 'yeoul', 'bin', 'yeoul.js'), 'start', '--port', '0', '--data-dir'];
    const child = spawn(process.execPath, [...command, dataDirectory, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
    return new StartCommand(child, await readAddress(child), dataDirectory);
  }

  /** Resolves when every task of a job runs. @returns when the last of them began to, epoch ms */
  async runningAtMs(): Promise<number> {
    for (;;) {
      const { jobs } = await this.#get<{ jobs: readonly JobOverview[] }>('/jobs/overview');
      const job = jobs.find(({ state, tasks }) => state === 'RUNNING' && tasks.running === tasks.total);
      if (job !== undefined) return this.#lastBegin(job.jid);
      await delay(POLL_MS);
    }
  }

  async #lastBegin(jobId: string): Promise<number> {
    const { vertices } = await this.#get<{ vertices: readonly { id: string }[] }>(`/jobs/${jobId}`);
    const times = vertices.map(({ id }) => this.#get<Vertex>(`/jobs/${jobId}/vertices/${id}/subtasktimes`));
    const begins = (await Promise.all(times)).flatMap(({ subtasks }) =>
      subtasks.map((each) => each.timestamps.RUNNING),
    );
    return Math.max(...begins);
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`);
    return (await response.json()) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGKILL');
    await exited;
    await rm(this.#dataDirectory, { recursive: true, force: true });
  }
}

async function readAddress(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr! })) {
    const url = ADDRESS.exec(line)?.[1];
    if (url !== undefined) return url;
    said.push(line);
  }
  throw new Error(`The server ended before it answered\n  ${said.join('\n  ')}`);
}
