// What answering costs: CPU time of each cached page, while a job idles and while one runs at full speed, and what that job loses.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { BenchArguments } from './arguments.ts';
import { checkAtLeast, checkAtMost } from './bars.ts';
import type { BenchContext } from './bench-context.ts';
import { prepareYeoul } from './engines.ts';
import type { Outcome } from './outcome.ts';
import { spreadOf } from './statistics.ts';
import { formatTable } from './table.ts';
import { readThreadCpu } from './thread-cpu.ts';

const CONNECTIONS = 16;
const WARM_UP_SECONDS = 2;
const SECONDS = 4;

/** By the name in the report; `:job` is the job's id. */
const PAGES: Readonly<Record<string, string>> = {
  overview: '/overview',
  jobs: '/jobs/overview',
  'job detail': '/jobs/:job',
  checkpoints: '/jobs/:job/checkpoints',
  metrics: '/jobs/:job/metrics?get=uptime,numberOfCompletedCheckpoints,lastCheckpointSize',
};

type Mode = 'idle' | 'busy';

export interface PageCost {
  readonly page: string;
  readonly mode: Mode;
  readonly requestsPerSecond: number;
  /** Of the thread that answers, user and kernel, µs. */
  readonly cpuPerRequestUs: number;
  /** Requests a second that one core could answer. */
  readonly perCore: number;
  readonly refusals: number;
}

interface Server {
  readonly pid: number;
  readonly url: string;
  readonly jobId: string;
  /** Emitted by the job's source so far. */
  records(): Promise<number>;
  close(): Promise<void>;
}

type Answered = { readonly answers: number; readonly refusals: number; readonly seconds: number };

export async function runRest(given: BenchArguments, { bars, root, log }: BenchContext): Promise<Outcome> {
  const driver = await prepareYeoul('rest-driver', root);
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
  // One slot each: a core for the job, one for requests.
  const idle = await startDriver(driver(['idle', '1']));
  const busy = await startDriver(driver(['busy', '1']));
  try {
    const costs = [
      ...(await measurePages(idle, 'idle', client, log)),
      ...(await measurePages(busy, 'busy', client, log)),
    ];
    const losses: number[] = [];
    for (let round = 0; round < given.repeats; round++) {
      losses.push(await measureLoss({ busy, idle, client, rate: bars.rest.requestsPerSecond, log }));
    }
    return toOutcome(costs, losses, bars.rest);
  } finally {
    await Promise.all([idle.close(), busy.close()]);
  }
}

async function measurePages(server: Server, mode: Mode, client: string, log: (line: string) => void) {
  const costs: PageCost[] = [];
  for (const [page, path] of Object.entries(PAGES)) {
    const cost = await measurePage(server, { client, mode, page, path });
    log(`  ${mode} ${page}: ${cost.cpuPerRequestUs.toFixed(1)} µs, ${Math.round(cost.requestsPerSecond)} requests/s`);
    costs.push(cost);
  }
  return costs;
}

async function measurePage(
  server: Server,
  { client, mode, page, path }: { client: string; mode: Mode; page: string; path: string },
): Promise<PageCost> {
  const url = `${server.url}${path.replace(':job', server.jobId)}`;
  await ask(client, url, WARM_UP_SECONDS, 0);
  const before = readThreadCpu(server.pid).mainSeconds;
  const { answers, refusals, seconds } = await ask(client, url, SECONDS, 0);
  const cpuSeconds = readThreadCpu(server.pid).mainSeconds - before;
  return {
    page,
    mode,
    requestsPerSecond: answers / seconds,
    cpuPerRequestUs: (cpuSeconds / answers) * 1e6,
    perCore: answers / cpuSeconds,
    refusals,
  };
}

interface LossMeasurement {
  readonly busy: Server;
  readonly idle: Server;
  readonly client: string;
  /** Requests a second. */
  readonly rate: number;
  readonly log: (line: string) => void;
}

/**
 * Records per CPU second of the slots while their own process answers, against while another one does: the same work is done on the same
 * cores both times, so what is lost is lost inside the engine.
 * @returns percent
 */
async function measureLoss({ busy, idle, client, rate, log }: LossMeasurement): Promise<number> {
  let asked = 0;
  const answerFrom = async (server: Server) => {
    const { answers, seconds } = await ask(client, `${server.url}/jobs/${server.jobId}`, SECONDS, rate);
    asked = Math.round(answers / seconds);
  };
  const elsewhere = await recordsPerCpuSecond(busy, () => answerFrom(idle));
  const here = await recordsPerCpuSecond(busy, () => answerFrom(busy));
  const lossPercent = (1 - here / elsewhere) * 100;
  log(`  lost at ${asked} requests/s: ${lossPercent.toFixed(1)} %`);
  return lossPercent;
}

async function recordsPerCpuSecond(server: Server, during: () => Promise<unknown>): Promise<number> {
  const records = await server.records();
  const { otherSeconds } = readThreadCpu(server.pid);
  await during();
  const spent = readThreadCpu(server.pid).otherSeconds - otherSeconds;
  return ((await server.records()) - records) / spent;
}

function toOutcome(
  costs: readonly PageCost[],
  losses: readonly number[],
  limits: BenchContext['bars']['rest'],
): Outcome {
  const lossPercent = spreadOf(losses);
  const rows = costs.map(({ page, mode, requestsPerSecond, cpuPerRequestUs, perCore }) => [
    `${page}, ${mode}`,
    String(Math.round(requestsPerSecond)),
    cpuPerRequestUs.toFixed(1),
    (cpuPerRequestUs / 1000).toFixed(4),
    String(Math.round(perCore)),
  ]);
  const header = ['page', 'requests/s', 'CPU µs/request', 'CPU s/1000', 'requests/core-s'];
  const result = { bench: 'rest', pages: costs, lossPercent };
  return {
    name: 'rest',
    text: `${formatTable(header, rows)}\nthroughput lost at ${limits.requestsPerSecond} requests/s: ${lossPercent.median.toFixed(1)} % (${lossPercent.min.toFixed(1)}–${lossPercent.max.toFixed(1)})`,
    summary: result,
    result,
    svg: undefined,
    checks: [
      ...costs.map(({ page, mode, perCore }) =>
        checkAtLeast(`rest, ${page}, ${mode}`, perCore, limits.requestsPerSecond, ' requests per core second'),
      ),
      checkAtMost('rest, throughput lost', lossPercent.median, limits.maxThroughputLossPercent, ' %'),
    ],
    isCorrect: costs.every(({ refusals }) => refusals === 0),
  };
}

function ask(client: string, url: string, seconds: number, rate: number): Promise<Answered> {
  const args = [client, url, String(CONNECTIONS), String(seconds), String(rate)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return readAnswer(child.stdout);
}

async function startDriver({ program, args }: { program: string; args: readonly string[] }): Promise<Server> {
  const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse(String((await lines.next()).value));
  const { url, jobId } = (await next()) as { url: string; jobId: string };
  return {
    pid: child.pid!,
    url,
    jobId,
    records: async () => {
      child.stdin.write('\n');
      return ((await next()) as { records: number }).records;
    },
    close: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function readAnswer(stream: NodeJS.ReadableStream): Promise<Answered> {
  for await (const line of createInterface({ input: stream })) return JSON.parse(line) as Answered;
  throw new Error('The client ended without an answer');
}
