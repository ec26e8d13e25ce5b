// A server with a job of its own, in a process of its own, and the client that asks it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { DriverCommand } from './driver-process.ts';

const CONNECTIONS = 16;

export interface RestServer extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  readonly jobId: string;
  /** Emitted by the job's source so far. */
  records(): Promise<number>;
}

export interface Answered {
  readonly answers: number;
  readonly refusals: number;
  readonly seconds: number;
}

/** @param rate requests a second; 0: as fast as they are answered */
export type AskRest = (url: string, seconds: number, rate: number) => Promise<Answered>;

/** @param command of rest-driver.ts */
export async function startRestServer({ program, args }: DriverCommand): Promise<RestServer> {
  const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The server ended before its time');
    return JSON.parse(value);
  };
  const { url, jobId } = (await next()) as { url: string; jobId: string };
  return {
    pid: child.pid!,
    url,
    jobId,
    records: async () => {
      child.stdin.write('\n');
      return ((await next()) as { records: number }).records;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** @param root of the repository */
export async function prepareRestClient(root: string): Promise<AskRest> {
  const client = join(root, '.cache', 'bench', 'rest-client.mjs');
  await build({
    entryPoints: [join(root, 'bench', 'src', 'rest-client.ts')],
    outfile: client,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    tsconfigRaw: '{}',
  });
  return (url, seconds, rate) => {
    const args = [client, url, String(CONNECTIONS), String(seconds), String(rate)];
    return readAnswer(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout);
  };
}

async function readAnswer(stream: NodeJS.ReadableStream): Promise<Answered> {
  for await (const line of createInterface({ input: stream })) return JSON.parse(line) as Answered;
  throw new Error('The client ended without an answer');
}
