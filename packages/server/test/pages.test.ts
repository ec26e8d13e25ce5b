// Every page of a running job, a finished batch job and the cluster: as the contract says, fields in Flink's order.
import { readFileSync } from 'node:fs';
import { findEndpoint } from '@yeoul/contract';
import { ExecutionEnvironment, type Program } from '@yeoul/engine';
import { Errors } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestServer, ticks } from './support/test-server.ts';

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** What a real Flink 1.9.2 answered. */
const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(new URL('../../contract/test/fixtures/flink-1.9-answers.json', import.meta.url), 'utf8'),
);

const words: Program = async () => {
  const env = ExecutionEnvironment.getExecutionEnvironment();
  await env.fromElements('a', 'b', 'a').collect();
};

let server: TestServer;
let running: string;
let finished: string;

beforeAll(async () => {
  server = await TestServer.open();
  finished = await server.cluster.submit(words);
  running = await server.cluster.submit(ticks, { parallelism: 2 });
  await server.cluster.awaitRunning(running);
  await server.cluster.awaitCheckpoints(running, 2);
  await server.poll(`/jobs/${finished}`, ({ body }) => body.state === 'FINISHED');
  const reported = ({ body }: { body: any }) =>
    body.subtasks.some((subtask: any) => subtask.metrics['write-records'] > 0);
  const source = (await server.get(`/jobs/${running}`)).body.vertices[0].id;
  await server.poll(`/jobs/${running}/vertices/${source}`, reported);
});

afterAll(() => server.close());

const pages = [
  '/config',
  '/overview',
  '/jobs',
  '/jobs/overview',
  '/jobs/metrics',
  '/jobmanager/config',
  '/jobmanager/metrics',
  '/taskmanagers',
  '/taskmanagers/TASKMANAGER',
  '/taskmanagers/TASKMANAGER/metrics',
  '/taskmanagers/metrics',
  '/jobs/JOB',
  '/jobs/JOB/status',
  '/jobs/JOB/plan',
  '/jobs/JOB/config',
  '/jobs/JOB/exceptions',
  '/jobs/JOB/accumulators?includeSerializedValue=true',
  '/jobs/JOB/execution-result',
  '/jobs/JOB/metrics',
  '/jobs/JOB/metrics?get=uptime,fullRestarts',
  '/jobs/JOB/vertices/VERTEX',
  '/jobs/JOB/vertices/VERTEX/accumulators',
  '/jobs/JOB/vertices/VERTEX/backpressure',
  '/jobs/JOB/vertices/VERTEX/metrics',
  '/jobs/JOB/vertices/VERTEX/subtasktimes',
  '/jobs/JOB/vertices/VERTEX/taskmanagers',
  '/jobs/JOB/vertices/VERTEX/subtasks/accumulators',
  '/jobs/JOB/vertices/VERTEX/subtasks/metrics',
  '/jobs/JOB/vertices/VERTEX/subtasks/0',
  '/jobs/JOB/vertices/VERTEX/subtasks/0/metrics',
  '/jobs/JOB/vertices/VERTEX/subtasks/0/attempts/0',
  '/jobs/JOB/vertices/VERTEX/subtasks/0/attempts/0/accumulators',
];
const streamingPages = [
  '/jobs/JOB/checkpoints',
  '/jobs/JOB/checkpoints/config',
  '/jobs/JOB/checkpoints/details/CHECKPOINT',
  '/jobs/JOB/checkpoints/details/CHECKPOINT/subtasks/VERTEX',
];

describe('pages of a running job', () => {
  test.each([...pages, ...streamingPages])('%s', async (page) => expectAsContract(page, running));
});

describe('pages of a finished batch job', () => {
  test.each(pages.filter((page) => page.includes('JOB')))('%s', async (page) => expectAsContract(page, finished));

  test('has no checkpoints', async () => {
    const none = await server.get(`/jobs/${finished}/checkpoints`);
    const config = await server.get(`/jobs/${finished}/checkpoints/config`);
    expect([none.status, none.body]).toEqual([404, { errors: ['Checkpointing has not been enabled.'] }]);
    expect(config.body.errors).toEqual([`Checkpointing is not enabled for this job (${finished}).`]);
  });
});

async function expectAsContract(page: string, jobId: string): Promise<void> {
  const path = await fillIn(page, jobId);
  const endpoint = findEndpoint('GET', path.split('?')[0] ?? '');
  if (endpoint === undefined) throw new Error(`no endpoint for ${path}`);
  for (const version of ['', '/v1']) {
    const { status, contentType, body } = await server.get(`${version}${path}`);
    expect([status, contentType]).toEqual([200, 'application/json; charset=UTF-8']);
    expect(Errors(endpoint.response, body)).toEqual([]);
    for (const golden of recorded.filter((answer) => isOf(answer, endpoint))) expectSameOrder(body, golden.body);
  }
}

async function fillIn(page: string, jobId: string): Promise<string> {
  const vertex = (await server.get(`/jobs/${jobId}`)).body.vertices.at(-1).id;
  const taskManager = (await server.get('/taskmanagers')).body.taskmanagers[0].id;
  const checkpoint = server.cluster.detail(jobId).checkpoints.latest.completed?.id;
  return page
    .replace('JOB', jobId)
    .replace('VERTEX', vertex)
    .replace('TASKMANAGER', taskManager)
    .replace('CHECKPOINT', String(checkpoint));
}

function isOf({ method, path, status }: Recorded, endpoint: unknown): boolean {
  return status === 200 && method === 'GET' && findEndpoint(method, path.split('?')[0] ?? '') === endpoint;
}

/** Fields that both have come in the same order. */
function expectSameOrder(actual: unknown, golden: unknown): void {
  if (!isObject(actual) || !isObject(golden)) return;
  if (Array.isArray(golden)) {
    expectSameOrder((actual as unknown as unknown[])[0], golden[0]);
    return;
  }
  const common = Object.keys(golden).filter((key) => key in actual);
  expect(Object.keys(actual).filter((key) => key in golden)).toEqual(common);
  for (const key of common) expectSameOrder(actual[key], golden[key]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
