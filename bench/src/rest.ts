// What answering costs: CPU time of each cached page, while a job idles and while one runs at full speed, and what that job loses.
import { availableParallelism } from 'node:os';
import type { BenchArguments } from './arguments.ts';
import { checkAtLeast, checkAtMost } from './bars.ts';
import type { BenchContext } from './bench-context.ts';
import { prepareYeoul } from './engines.ts';
import type { Outcome } from './outcome.ts';
import { type LossMeasurement, measureLoss, type ThroughputLoss } from './rest-loss.ts';
import { type AskRest, prepareRestClient, type RestServer, startRestServer } from './rest-server.ts';
import type { Spread } from './statistics.ts';
import { formatTable } from './table.ts';
import { readThreadCpu } from './thread-cpu.ts';

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

export interface RestResult {
  readonly bench: 'rest';
  readonly pages: readonly PageCost[];
  /** A core is left for the server. */
  readonly spared: ThroughputLoss;
  /** The job's slots alone would use all cores. */
  readonly shared: ThroughputLoss;
}

export async function runRest(given: BenchArguments, { bars, root, log }: BenchContext): Promise<Outcome> {
  const driver = await prepareYeoul('rest-driver', root);
  const ask = await prepareRestClient(root);
  await using idle = await startRestServer(driver(['idle', '1']));
  const measure = async <T>(parallelism: number, use: (busy: RestServer) => Promise<T>): Promise<T> => {
    await using busy = await startRestServer(driver(['busy', String(parallelism)]));
    return await use(busy);
  };
  const lossOf = (busy: RestServer, parallelism: number): LossMeasurement => {
    return { busy, idle, parallelism, ask, rate: bars.rest.requestsPerSecond, repeats: given.repeats, log };
  };
  const idlePages = await measurePages(idle, 'idle', ask, log);
  const [busyPages, spared] = await measure(1, async (busy) => [
    await measurePages(busy, 'busy', ask, log),
    await measureLoss(lossOf(busy, 1)),
  ]);
  const cores = availableParallelism();
  const shared = await measure(cores, (busy) => measureLoss(lossOf(busy, cores)));
  return toOutcome({ bench: 'rest', pages: [...idlePages, ...busyPages], spared, shared }, bars.rest);
}

async function measurePages(server: RestServer, mode: Mode, ask: AskRest, log: (line: string) => void) {
  const costs: PageCost[] = [];
  for (const [page, path] of Object.entries(PAGES)) {
    const cost = await measurePage(server, { ask, mode, page, path });
    log(`  ${mode} ${page}: ${cost.cpuPerRequestUs.toFixed(1)} µs, ${Math.round(cost.requestsPerSecond)} requests/s`);
    costs.push(cost);
  }
  return costs;
}

async function measurePage(
  server: RestServer,
  { ask, mode, page, path }: { ask: AskRest; mode: Mode; page: string; path: string },
): Promise<PageCost> {
  const url = `${server.url}${path.replace(':job', server.jobId)}`;
  await ask(url, WARM_UP_SECONDS, 0);
  const before = readThreadCpu(server.pid).mainSeconds;
  const { answers, refusals, seconds } = await ask(url, SECONDS, 0);
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

function toOutcome(result: RestResult, limits: BenchContext['bars']['rest']): Outcome {
  const { pages, shared, spared } = result;
  const rate = limits.requestsPerSecond;
  const text = [
    describePages(pages),
    `Throughput lost at ${rate} requests/s:`,
    describeLoss('a core left for the server', spared),
    describeLoss('all cores busy', shared),
  ];
  return {
    name: 'rest',
    text: text.join('\n'),
    summary: result,
    result,
    svg: undefined,
    checks: [
      ...pages.map(({ page, mode, perCore }) =>
        checkAtLeast(`rest, ${page}, ${mode}`, perCore, rate, ' requests per core second'),
      ),
      checkAtMost(
        'rest, throughput lost, a core left for the server',
        spared.percent.median,
        limits.maxThroughputLossPercent,
        ' %',
      ),
    ],
    isCorrect: pages.every(({ refusals }) => refusals === 0),
  };
}

function describePages(pages: readonly PageCost[]): string {
  const rows = pages.map(({ page, mode, requestsPerSecond, cpuPerRequestUs, perCore }) => [
    `${page}, ${mode}`,
    String(Math.round(requestsPerSecond)),
    cpuPerRequestUs.toFixed(1),
    String(Math.round(perCore)),
  ]);
  return formatTable(['page', 'requests/s', 'CPU µs/request', 'requests/core-s'], rows);
}

function describeLoss(name: string, loss: ThroughputLoss): string {
  const { clockPercent, cpuPerRequestUs, parallelism, percent, requestsPerSecond, slotsPercent } = loss;
  return [
    `  ${name}, parallelism ${parallelism}: ${span(percent)} %`,
    `slots ${span(slotsPercent)} %`,
    `by the clock ${span(clockPercent)} %`,
    `${span(cpuPerRequestUs)} µs a request`,
    `${Math.round(requestsPerSecond.median)} requests/s reached`,
  ].join(', ');
}

function span({ min, median, max }: Spread): string {
  return `${median.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)})`;
}
