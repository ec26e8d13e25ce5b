// The handlers of job jars: upload, list, plan, run, delete; and of what only a JVM could run.
import { jarEndpoints, jobEndpoints, restError } from '@yeoul/contract';
import { appError } from '@yeoul/engine';
import type { JobGraphDescription, ProgramDefaults, ProgramDescriptor, SubmitJobOptions } from '@yeoul/engine/runtime';
import { type Route, type RouteGroup, route } from '../http/route.ts';
import type { SavepointPlaces } from '../security/savepoint-places.ts';
import { SubmissionRate } from '../security/submission-rate.ts';
import { EvaluationTurns } from './evaluation-turns.ts';
import { decideProgram, decideRun, type ProgramRequest } from './jar-request.ts';
import type { JarStore, StoredJar, StoredProgram } from './jar-store.ts';
import { toProgramFailure } from './program-failure.ts';
import { addMultipart, receiveJar } from './receive-jar.ts';
import { defaultSubmissionLimits, type SubmissionLimits } from './submission-limits.ts';

export interface JarRoutesOptions {
  readonly store: JarStore;
  /** EmbeddedEngine's driver. */
  readonly planner: { plan(program: ProgramDescriptor, timeoutMs: number): Promise<JobGraphDescription> };
  /** LocalCluster. */
  readonly cluster: { submitJob(options: SubmitJobOptions): Promise<string> };
  /** The cluster's. */
  readonly defaults: ProgramDefaults;
  readonly nowMs: () => number;
  /** 32 hex digits. */
  readonly createJobId: () => string;
  /** A program that has not executed a job by then is ended. Default 30 s. */
  readonly programTimeoutMs?: number;
  /** Where savepoints may be read from; without it anywhere. */
  readonly savepointPlaces?: SavepointPlaces | undefined;
  /** How many programs are evaluated at once, and how many jobs submitted in a minute. */
  readonly limits?: Partial<SubmissionLimits>;
}

/** Longer than the slowest start of a thread that was seen (2.5 s on a loaded machine) and most reading of configuration. */
const PROGRAM_TIMEOUT_MS = 30_000;

export function createJarRoutes(options: JarRoutesOptions): RouteGroup {
  const { store } = options;
  const limits = { ...defaultSubmissionLimits, ...options.limits };
  const turns = new EvaluationTurns(limits);
  const rate = new SubmissionRate(limits.maxSubmissionsPerMinute, options.nowMs);
  return {
    setUp: (scope) => addMultipart(scope, store),
    routes: [
      route(jarEndpoints.uploadJar, async ({ raw }) => ({
        filename: (await receiveJar(raw, store)).path,
        status: 'success' as const,
      })),
      route(jarEndpoints.listJars, async ({ baseUrl }) => ({
        address: baseUrl,
        files: (await store.list()).map(toWire),
      })),
      route(jobEndpoints.submitJobGraph, () => {
        throw appError('JAVA_JOB_GRAPH', []);
      }),
      ...planRoutes(options, turns),
      runRoute(options, turns, rate),
      route(jarEndpoints.deleteJar, async ({ path }) => {
        if (await store.remove(path.jarid)) return {};
        throw restError(400, `File ${path.jarid} does not exist in ${store.directory}.`);
      }),
    ],
  };
}

function planRoutes(options: JarRoutesOptions, turns: EvaluationTurns): Route[] {
  const { planner, defaults, nowMs, createJobId, programTimeoutMs = PROGRAM_TIMEOUT_MS } = options;
  const plan = async (jarId: string, request: ProgramRequest) => {
    const { bundlePath, entry } = await openProgram(options.store, jarId, request);
    const { args, parallelism, jobId = createJobId() } = request;
    const submittedAtMs = nowMs();
    const program = {
      bundlePath,
      entry,
      args,
      parallelism,
      submittedAtMs,
      defaults,
      executeIndex: 0,
      earlierResults: [],
    };
    const graph = await turns.take(() => planner.plan(program, programTimeoutMs)).catch(toProgramFailure);
    const { name, nodes } = graph.type === 'BATCH' ? withOwnIds(graph.plan, createJobId) : graph.plan;
    return { plan: { jid: jobId, name, nodes: [...nodes] } };
  };
  return [
    route(jarEndpoints.planJar, ({ path, query, body }) =>
      plan(path.jarid, decideProgram(query, body, 'JarPlanRequestBody')),
    ),
    route(jarEndpoints.planJarByPost, ({ path, query, body }) =>
      plan(path.jarid, decideProgram(query, body, 'JarPlanRequestBody')),
    ),
  ];
}

type Plan = JobGraphDescription['plan'];

/** In Flink the vertices of a batch job have new ids in every plan: nobody may take those of a preview for those of a job. */
function withOwnIds(plan: Plan, createId: () => string): Plan {
  const ids = new Map(plan.nodes.map(({ id }) => [id, createId()]));
  const own = (id: string) => ids.get(id) ?? id;
  const nodes = plan.nodes.map((node) => {
    const { inputs } = node;
    if (inputs === undefined) return { ...node, id: own(node.id) };
    return { ...node, id: own(node.id), inputs: inputs.map((input) => ({ ...input, id: own(input.id) })) };
  });
  return { ...plan, nodes };
}

function runRoute(options: JarRoutesOptions, turns: EvaluationTurns, rate: SubmissionRate): Route {
  const { store, cluster, savepointPlaces, programTimeoutMs = PROGRAM_TIMEOUT_MS } = options;
  return route(jarEndpoints.runJar, async ({ path, query, body }) => {
    const request = decideRun(query, body);
    const { args, parallelism, jobId, savepointPath, allowNonRestoredState } = request;
    if (savepointPath !== undefined) await savepointPlaces?.check(savepointPath);
    const { bundlePath, entry } = await openProgram(store, path.jarid, request);
    rate.take();
    const submission = { bundlePath, entry, args, parallelism, jobId, savepointPath, allowNonRestoredState };
    const submit = () => submitInTime(cluster, submission, programTimeoutMs);
    return { jobid: await turns.take(submit).catch(toProgramFailure) };
  });
}

/** A program that goes on without executing a job is ended. */
async function submitInTime(
  cluster: JarRoutesOptions['cluster'],
  submission: SubmitJobOptions,
  timeoutMs: number,
): Promise<string> {
  const abort = new AbortController();
  const tooSlow = () => abort.abort(appError('PROGRAM_TOO_SLOW', [submission.entry, timeoutMs]));
  const timeout = setTimeout(tooSlow, timeoutMs);
  try {
    return await cluster.submitJob({ ...submission, untilAccepted: abort.signal });
  } finally {
    clearTimeout(timeout);
  }
}

interface OpenedProgram extends StoredProgram {
  readonly entry: string;
}

async function openProgram(store: JarStore, jarId: string, request: ProgramRequest): Promise<OpenedProgram> {
  const jar = await store.find(jarId);
  if (jar === undefined) throw restError(400, `Jar file ${store.directory}/${jarId} does not exist`);
  const program = await store.openProgram(jar);
  const entry = request.entryClass ?? program.description.entries[0]?.name ?? 'default';
  return { ...program, entry };
}

function toWire({ id, name, uploadedMs, entries }: StoredJar) {
  return {
    id,
    name,
    uploaded: Math.floor(uploadedMs),
    entry: entries.map((entry) => ({ name: entry.name, description: entry.description })),
  };
}
