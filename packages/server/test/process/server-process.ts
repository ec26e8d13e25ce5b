// `yeoul start` as a process of its own, asked over HTTP without a client that tidies addresses up.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../../yeoul/bin/yeoul.js', import.meta.url));
const START_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 30_000;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: any;
}

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
}

export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  private constructor(child: ChildProcess, ended: Promise<number | null>, url: string) {
    this.#child = child;
    this.#ended = ended;
    this.url = url;
  }

  /** @param args beside the port */
  static async start(...args: readonly string[]): Promise<ServerProcess> {
    const child = spawn(process.execPath, [bin, 'start', '--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let text = '';
    const address = new Promise<string>((resolve) => {
      const read = (data: Buffer) => {
        text += data;
        const found = /https?:\/\/[\w.[\]:]+:\d+/.exec(text)?.[0];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
    });
    const late = wait(START_TIMEOUT_MS, undefined, { ref: false });
    const url = await Promise.race([address, ended.then(() => undefined), late]);
    if (url === undefined) throw new Error(`yeoul start gave no address:\n${text}`);
    // An end that nobody asked for is told with what the process said last.
    child.once('exit', (code, signal) => {
      if (code !== 0 && signal === null) console.error(`yeoul start ended with ${code}:\n${text.slice(-3000)}`);
    });
    return new ServerProcess(child, ended, url);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  ask(method: string, path: string, { headers = {}, payload }: AskOptions = {}): Promise<Answer> {
    const { hostname, port } = new URL(this.url);
    // Node gives bodies of GET and HEAD no length of itself.
    const length = payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) };
    return new Promise((resolve, reject) => {
      const options = {
        hostname,
        port,
        method,
        path,
        headers: { ...headers, ...length },
        agent: this.#agent,
        timeout: ANSWER_TIMEOUT_MS,
      };
      const sent = request(options, (response) => {
        let text = '';
        response.on('data', (data) => {
          text += data;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, body: parse(text) }));
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path} in ${ANSWER_TIMEOUT_MS} ms`)));
      sent.on('error', (cause) =>
        reject(
          Object.assign(new Error(`${method} ${path}: ${cause.message}`, { cause }), {
            code: (cause as NodeJS.ErrnoException).code,
          }),
        ),
      );
      sent.end(payload);
    });
  }

  async get(path: string): Promise<any> {
    return (await this.ask('GET', path)).body;
  }

  /** @returns id of the jar */
  async upload(path: string): Promise<string> {
    const head = '--cut\r\nContent-Disposition: form-data; name="jarfile"; filename="program.jar"\r\n\r\n';
    const payload = Buffer.concat([Buffer.from(head), readFileSync(path), Buffer.from('\r\n--cut--\r\n')]);
    const headers = { 'content-type': 'multipart/form-data; boundary=cut' };
    const { body } = await this.ask('POST', '/jars/upload', { headers, payload });
    return body.filename.split('/').at(-1);
  }

  async poll(path: string, isDone: (body: any) => boolean): Promise<any> {
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const body = await this.get(path);
      if (isDone(body)) return body;
      if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${path}: ${JSON.stringify(body)}`);
      await wait(50);
    }
  }

  /** @returns the exit code */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.hasEnded();
  }

  async hasEnded(): Promise<number | null> {
    const code = await this.#ended;
    this.#agent.destroy();
    return code;
  }

  /** Undefined where the system does not say. */
  get openHandles(): number | undefined {
    const folder = `/proc/${this.pid}/fd`;
    return existsSync(folder) ? readdirSync(folder).length : undefined;
  }

  /** CPU time that it has used so far: unlike time, it does not depend on what else runs. */
  get cpuMs(): number | undefined {
    const file = `/proc/${this.pid}/stat`;
    if (!existsSync(file)) return undefined;
    // After the name, which may hold blanks; utime and stime in ticks of 10 ms.
    const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  get residentMiB(): number | undefined {
    const file = `/proc/${this.pid}/status`;
    if (!existsSync(file)) return undefined;
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
