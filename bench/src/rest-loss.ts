// What a job that runs at full speed loses by the requests that its process answers. The same requests are answered by another process in
// turn: client and machine have the same to do both times, so what is lost is lost inside the engine, and to the thread that answers.
import { availableParallelism } from 'node:os';
import type { AskRest, RestServer } from './rest-server.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { readThreadCpu } from './thread-cpu.ts';

/** Short, and many of them: what the machine does beside changes more slowly. */
const SECONDS = 2;
const ROUNDS_PER_REPEAT = 4;

export interface LossMeasurement {
  /** Its job runs at full speed, in as many threads as its parallelism. */
  readonly busy: RestServer;
  /** Its job has next to nothing to do. */
  readonly idle: RestServer;
  readonly parallelism: number;
  readonly ask: AskRest;
  /** Requests a second. */
  readonly rate: number;
  readonly repeats: number;
  readonly log: (line: string) => void;
}

export interface ThroughputLoss {
  readonly parallelism: number;
  /** Answered, a second, by the busy job's process. */
  readonly requestsPerSecond: Spread;
  /** Of the thread that answers, µs. */
  readonly cpuPerRequestUs: Spread;
  /** Records for each second of CPU that the slots got: what answering beside them costs the slots themselves. */
  readonly slotsPercent: Spread;
  /**
   * Of throughput. With a core left for the server it is what the slots lose; where slots and server share all cores, also the share of the
   * cores that answering takes at the full rate.
   */
  readonly percent: Spread;
  /** The same by the clock: true on a machine with nothing else to do. */
  readonly clockPercent: Spread;
}

/** One span of time in which requests were answered somewhere. */
export interface Period {
  readonly records: number;
  readonly seconds: number;
  readonly slotSeconds: number;
  readonly mainSeconds: number;
  readonly answers: number;
}

type Round = Record<'requestsPerSecond' | 'cpuPerRequestUs' | 'slotsPercent' | 'percent' | 'clockPercent', number>;

export async function measureLoss(measurement: LossMeasurement): Promise<ThroughputLoss> {
  const { parallelism, log, repeats } = measurement;
  const results: Round[] = [];
  // The first one warms up.
  for (let round = 0; round <= repeats * ROUNDS_PER_REPEAT; round++) {
    const result = await measureRound(measurement, round);
    if (round === 0) continue;
    results.push(result);
    log(
      `  parallelism ${parallelism}, ${result.requestsPerSecond.toFixed()} requests/s: lost ${describeRound(result)}`,
    );
  }
  const spread = (name: keyof Round) => spreadOf(results.map((result) => result[name]));
  return {
    parallelism,
    requestsPerSecond: spread('requestsPerSecond'),
    cpuPerRequestUs: spread('cpuPerRequestUs'),
    slotsPercent: spread('slotsPercent'),
    percent: spread('percent'),
    clockPercent: spread('clockPercent'),
  };
}

function describeRound({ clockPercent, cpuPerRequestUs, percent, slotsPercent }: Round): string {
  return `${percent.toFixed(1)} % (slots ${slotsPercent.toFixed(1)} %, by the clock ${clockPercent.toFixed(1)} %), ${cpuPerRequestUs.toFixed(1)} µs a request`;
}

/** Here and elsewhere in turn, so that the machine's drift cancels. */
async function measureRound(measurement: LossMeasurement, round: number): Promise<Round> {
  const { busy, idle, parallelism, rate } = measurement;
  const first = await measurePeriod(measurement, round % 2 === 0 ? idle : busy);
  const second = await measurePeriod(measurement, round % 2 === 0 ? busy : idle);
  const [elsewhere, here] = round % 2 === 0 ? [first, second] : [second, first];
  return comparePeriods(elsewhere, here, { parallelism, rate, cores: availableParallelism() });
}

async function measurePeriod({ ask, busy, rate }: LossMeasurement, answering: RestServer): Promise<Period> {
  const records = await busy.records();
  const before = readThreadCpu(busy.pid);
  const startMs = performance.now();
  const { answers } = await ask(`${answering.url}/jobs/${answering.jobId}`, SECONDS, rate);
  const seconds = (performance.now() - startMs) / 1000; // with the client's start, in which nothing is asked
  const after = readThreadCpu(busy.pid);
  return {
    records: (await busy.records()) - records,
    seconds,
    slotSeconds: after.otherSeconds - before.otherSeconds,
    mainSeconds: after.mainSeconds - before.mainSeconds,
    answers,
  };
}

/** @param cores of the machine */
export function comparePeriods(
  elsewhere: Period,
  here: Period,
  { cores, parallelism, rate }: Pick<LossMeasurement, 'parallelism' | 'rate'> & { readonly cores: number },
): Round {
  const slots = 1 - here.records / here.slotSeconds / (elsewhere.records / elsewhere.slotSeconds);
  const clock = 1 - here.records / here.seconds / (elsewhere.records / elsewhere.seconds);
  // What the thread does for the job all the same is not the requests'.
  const answering = here.mainSeconds - (elsewhere.mainSeconds / elsewhere.seconds) * here.seconds;
  const cpuPerRequest = answering / here.answers;
  const shareOfCores = parallelism < cores ? 0 : (cpuPerRequest * rate) / cores;
  return {
    requestsPerSecond: here.answers / here.seconds,
    cpuPerRequestUs: cpuPerRequest * 1e6,
    slotsPercent: slots * 100,
    percent: (1 - (1 - slots) * (1 - shareOfCores)) * 100,
    clockPercent: clock * 100,
  };
}
