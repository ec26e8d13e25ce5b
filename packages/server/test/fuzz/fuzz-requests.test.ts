// Every endpoint asked in every wrong way, from the contract. A failure is printed with its seed: FUZZ_SEED=… plays it again.
import { endpoints } from '@yeoul/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SavepointPlaces } from '../../src/index.ts';
import { TestServer, ticks } from '../support/test-server.ts';
import { checkAnswer } from './check-answer.ts';
import { type FuzzRequest, type KnownIds, requestFor } from './request-arbitrary.ts';

const seed = Number(process.env.FUZZ_SEED ?? 20_191_108);
const RUNS_PER_ENDPOINT = Number(process.env.FUZZ_RUNS ?? 15);
/** Of one answer; nothing here takes long by itself. */
const MAX_ANSWER_MS = 5000;

/** A stream of events goes on for as long as the job does. */
const asked = endpoints.filter(({ kind }) => kind !== 'events');

let server: TestServer;
let job = '';
let known: KnownIds = {};

beforeAll(async () => {
  server = await TestServer.open({ savepointPlaces: new SavepointPlaces([]) });
  job = await server.cluster.submit(ticks);
  await server.cluster.awaitRunning(job);
  const page = (await server.get(`/jobs/${job}`)).body;
  const taskManager = (await server.get('/taskmanagers')).body.taskmanagers[0].id;
  known = {
    jobid: [job],
    vertexid: page.vertices.map(({ id }: { id: string }) => id),
    subtaskindex: ['0'],
    attempt: ['0'],
    checkpointid: ['1', '2'],
    taskmanagerid: [taskManager],
  };
});

afterAll(() => server.close());

async function ask({ method, url, headers, body }: FuzzRequest): Promise<void> {
  const started = performance.now();
  const answer = await server.ask(method, url, { headers, ...(body === undefined ? {} : { text: body }) });
  checkAnswer(method, answer);
  expect(performance.now() - started).toBeLessThan(MAX_ANSWER_MS);
}

describe('no endpoint fails, hangs or does harm', () => {
  test.each(asked.map((endpoint) => [endpoint.id, endpoint] as const))('%s', async (_id, endpoint) => {
    await fc.assert(fc.asyncProperty(requestFor(endpoint, known), ask), { seed, numRuns: RUNS_PER_ENDPOINT });
  });

  test('the job runs on as if nothing had been', async () => {
    const page = (await server.get(`/jobs/${job}`)).body;
    expect([page.state, page.vertices.map(({ status }: { status: string }) => status)]).toEqual([
      'RUNNING',
      ['RUNNING', 'RUNNING'],
    ]);
    expect((await server.get(`/jobs/${job}/exceptions`)).body['root-exception']).toBeNull();
    const before = (await server.get(`/jobs/${job}/checkpoints`)).body.counts.completed;
    await server.poll(`/jobs/${job}/checkpoints`, ({ body }) => body.counts.completed > before);
    expect((await server.get('/jobs')).body.jobs).toEqual([{ id: job, status: 'RUNNING' }]);
  });
});
