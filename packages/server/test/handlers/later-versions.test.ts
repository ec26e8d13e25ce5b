// What later versions of Flink added, where the engine has the facts; the rest is answered as 1.9 answers it.
import { RestartStrategies } from '@yeoul/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestServer, ticks } from '../support/test-server.ts';

const UNKNOWN = 'f'.repeat(32);
let server: TestServer;
let job: string;
let vertex: string;

beforeAll(async () => {
  server = await TestServer.open();
  job = await server.cluster.submit(ticks, { parallelism: 2 });
  await server.cluster.awaitRunning(job);
  await server.cluster.awaitCheckpoints(job, 3);
  vertex = (await server.get(`/jobs/${job}`)).body.vertices.at(-1).id;
  await server.poll(`/jobs/${job}/vertices/${vertex}`, ({ body }) =>
    body.subtasks.every((subtask: any) => subtask.metrics['accumulated-idle-time'] > 0),
  );
});

afterAll(() => server.close());

describe('the page of a vertex', () => {
  test('says where subtasks run, how long they were in each state, and sums them up', async () => {
    const { body } = await server.get(`/jobs/${job}/vertices/${vertex}`);
    const [taskManager] = (await server.get('/taskmanagers')).body.taskmanagers;
    for (const subtask of body.subtasks) {
      expect(subtask).toMatchObject({ endpoint: subtask.host, 'taskmanager-id': taskManager.id });
      const durations = subtask['status-duration'];
      expect(Object.keys(durations)).toEqual(['CREATED', 'SCHEDULED', 'DEPLOYING', 'INITIALIZING', 'RUNNING']);
      const sinceStart = durations.DEPLOYING + durations.INITIALIZING + durations.RUNNING;
      // The clock may go on between two looks at it, and the task's own is another.
      expect(Math.abs(sinceStart - subtask.duration)).toBeLessThan(1000);
      const { metrics } = subtask;
      const accounted = metrics['accumulated-idle-time'] + metrics['accumulated-busy-time'];
      expect(accounted).toBeLessThan(sinceStart + 1000);
    }
    const reads = body.subtasks.map(({ metrics }: any) => metrics['read-records']);
    expect(body.aggregated.metrics['read-records']).toMatchObject({
      min: Math.min(...reads),
      max: Math.max(...reads),
      sum: reads[0] + reads[1],
      median: Math.trunc((reads[0] + reads[1]) / 2),
    });
    expect(Object.keys(body.aggregated['status-duration'])).toHaveLength(5);
  });

  test('and those of its subtasks, their times and their task managers say it as well', async () => {
    const page = `/jobs/${job}/vertices/${vertex}`;
    const place = { endpoint: expect.stringMatching(/^localhost:\d+$/) };
    for (const path of [`${page}/subtasks/1`, `${page}/subtasks/1/attempts/0`]) {
      expect((await server.get(path)).body).toMatchObject({ host: 'localhost', ...place, 'status-duration': {} });
    }
    expect((await server.get(`${page}/subtasktimes`)).body.subtasks[0]).toMatchObject(place);
    expect((await server.get(`${page}/subtasks/accumulators`)).body.subtasks[0]).toMatchObject(place);
    expect((await server.get(`${page}/taskmanagers`)).body.taskmanagers[0]).toMatchObject({ ...place, aggregated: {} });
  });
});

describe('checkpoints', () => {
  test('say what was written, what kind they are, and percentiles', async () => {
    const { summary, latest } = (await server.get(`/jobs/${job}/checkpoints`)).body;
    for (const name of ['state_size', 'end_to_end_duration', 'checkpointed_size']) {
      const { min, max, p50, p999 } = summary[name];
      expect([min <= p50, p50 <= p999, p999 <= max], name).toEqual([true, true, true]);
    }
    expect(latest.completed).toMatchObject({
      checkpointed_size: latest.completed.state_size,
      persisted_data: 0,
      checkpoint_type: 'CHECKPOINT',
      savepointFormat: null,
    });
    const details = `/jobs/${job}/checkpoints/details/${latest.completed.id}/subtasks/${vertex}`;
    expect((await server.get(details)).body).toMatchObject({
      summary: { start_delay: { p50: expect.any(Number) }, checkpointed_size: {} },
      subtasks: [{ unaligned_checkpoint: false, aborted: false }, { alignment: { persisted: 0 } }],
    });
    expect((await server.get(`/jobs/${job}/checkpoints/config`)).body).toMatchObject({
      state_backend: 'heap',
      unaligned_checkpoints: false,
    });
  });

  test('are taken when asked for', async () => {
    const trigger = (json: object) => server.ask('POST', `/jobs/${job}/checkpoints`, { json });
    const { status, body } = await trigger({ checkpointType: 'CONFIGURED', triggerId: 'A'.repeat(32) });
    expect([status, body]).toEqual([202, { 'request-id': 'a'.repeat(32) }]);
    const path = `/jobs/${job}/checkpoints/${body['request-id']}`;
    const done = await server.poll(path, (answer) => answer.body.status.id === 'COMPLETED');
    expect(done.body.operation).toEqual({ checkpointId: expect.any(Number) });
    expect((await server.ask('POST', `/jobs/${job}/checkpoints`)).status).toBe(202);
    expect((await trigger({ checkpointType: 'FULL' })).status).toBe(202);
  });

  test('are refused with the reason', async () => {
    const refusals = [
      [job, { checkpointType: 'INCREMENTAL' }, 400, 'Checkpoints of state in memory are FULL'],
      [
        job,
        { checkpointType: 'sometimes' },
        400,
        'Request did not match expected format CheckpointTriggerRequestBody.',
      ],
      [job, { triggerId: 'x' }, 400, 'Request did not match expected format CheckpointTriggerRequestBody.'],
      [UNKNOWN, {}, 404, `Job ${UNKNOWN} not found`],
    ] as const;
    for (const [id, json, status, message] of refusals) {
      const answer = await server.ask('POST', `/jobs/${id}/checkpoints`, { json });
      expect([answer.status, answer.body.errors[0]]).toEqual([status, expect.stringContaining(message)]);
    }
    const unknown = await server.get(`/jobs/${job}/checkpoints/${UNKNOWN}`);
    const message = `There is no checkpoint operation with triggerId=${UNKNOWN} for job ${job}.`;
    expect([unknown.status, unknown.body.errors]).toEqual([404, [message]]);
  });

  test('that were asked for are no savepoints, and savepoints no checkpoints', async () => {
    const { body } = await server.ask('POST', `/jobs/${job}/checkpoints`, { json: {} });
    expect((await server.get(`/jobs/${job}/savepoints/${body['request-id']}`)).status).toBe(404);
  });
});

describe('the parallelism of a running job', () => {
  const bounds = (lowerBound: number, upperBound: number) => ({ parallelism: { lowerBound, upperBound } });
  const put = (json: object) => server.ask('PUT', `/jobs/${job}/resource-requirements`, { json });
  const all = async (lowerBound: number, upperBound: number) =>
    Object.fromEntries(
      Object.keys((await server.get(`/jobs/${job}/resource-requirements`)).body).map((id) => [
        id,
        bounds(lowerBound, upperBound),
      ]),
    );

  test('is what it is', async () => {
    const { vertices } = (await server.get(`/jobs/${job}`)).body;
    const { body } = await server.get(`/jobs/${job}/resource-requirements`);
    expect(body).toEqual(
      Object.fromEntries(vertices.map(({ id, parallelism }: any) => [id, bounds(parallelism, parallelism)])),
    );
    expect((await put(body)).body).toEqual({});
    expect((await put(await all(1, 4))).status).toBe(200);
  });

  test('is not changed; who asks is told how to', async () => {
    const refused = await put(await all(3, 4));
    expect([refused.status, refused.body.errors[0]]).toEqual([409, expect.stringMatching(/stop it with a savepoint/)]);
    expect((await put({})).body.errors).toEqual(['Request body does not specify resource requirements.']);
    expect((await put({ [vertex]: bounds(1, 2) })).body.errors[0]).toMatch(/missing job vertex \[[0-9a-f]{32}\]/);
    const unknown = await put({ ...(await all(1, 4)), [UNKNOWN]: bounds(1, 2) });
    expect([unknown.status, unknown.body.errors[0]]).toEqual([400, expect.stringContaining(UNKNOWN)]);
    for (const json of [{ [vertex]: { parallelism: 2 } }, { x: bounds(1, 2) }, [1]]) {
      expect((await put(json)).body.errors).toEqual([
        'Request did not match expected format JobResourceRequirementsBody.',
      ]);
    }
  });
});

describe('the job manager of a job', () => {
  test.each(['config', 'environment'])('has the %s of the cluster', async (page) => {
    const { status, body } = await server.get(`/jobs/${job}/jobmanager/${page}`);
    expect([status, body]).toEqual([200, (await server.get(`/jobmanager/${page}`)).body]);
  });

  test('says where its log is', async () => {
    const { body } = await server.get(`/jobs/${job}/jobmanager/log-url`);
    expect(body).toEqual({ url: 'http://localhost:8081/jobmanager/log' });
  });
});

describe('applications', () => {
  test('are one for each job, with its id', async () => {
    const { applications } = (await server.get('/applications/overview')).body;
    expect(applications).toContainEqual(expect.objectContaining({ id: job, status: 'RUNNING', jobs: { RUNNING: 1 } }));
    expect((await server.get(`/jobs/${job}`)).body['application-id']).toBe(job);
    const { body } = await server.get(`/applications/${job}`);
    expect(body).toMatchObject({ id: job, name: 'Ticks', status: 'RUNNING', jobs: [{ jid: job, state: 'RUNNING' }] });
    expect(body.timestamps).toMatchObject({ CREATED: body['start-time'], FINISHED: 0, CANCELING: 0 });
    expect((await server.get(`/applications/${job}/exceptions`)).body).toEqual({ exceptionHistory: { entries: [] } });
    const config = await server.get(`/applications/${job}/jobmanager/config`);
    expect(config.body).toEqual((await server.get('/jobmanager/config')).body);
  });

  test('are cancelled once', async () => {
    const id = await server.cluster.submit(ticks);
    await server.cluster.awaitRunning(id);
    expect(await server.ask('POST', `/applications/${id}/cancel`)).toMatchObject({ status: 202, body: {} });
    await server.poll(`/applications/${id}`, ({ body }) => body.status === 'CANCELED');
    for (const unknown of [id, UNKNOWN]) {
      const { status, body } = await server.ask('POST', `/applications/${unknown}/cancel`);
      expect([status, body.errors]).toEqual([404, ['Application could not be found.']]);
    }
  });

  test('that failed say of what; unknown ones are not found', async () => {
    const id = await server.cluster.submit(async (env) => {
      env.setRestartStrategy(RestartStrategies.noRestart());
      const fail = (): number => {
        throw new Error('number 1 is too much');
      };
      env.fromElements(1).map(fail).print();
      await env.execute('Fails');
    });
    await server.poll(`/applications/${id}`, ({ body }) => body.status === 'FAILED');
    const { entries } = (await server.get(`/applications/${id}/exceptions`)).body.exceptionHistory;
    expect(entries).toEqual([expect.objectContaining({ jobId: id, stacktrace: expect.stringContaining('too much') })]);
    const missing = await server.get(`/applications/${UNKNOWN}`);
    expect([missing.status, missing.body.errors]).toEqual([404, [`Could not find Flink application (${UNKNOWN})`]]);
  });
});

test('clients may say that they are there', async () => {
  const beat = (json: object) => server.ask('PATCH', `/jobs/${job}/clientHeartbeat`, { json });
  expect(await beat({ expiredTimestamp: 1 })).toMatchObject({ status: 202, body: {} });
  expect((await beat({})).body.errors[0]).toBe('Request did not match expected format JobClientHeartbeatRequestBody.');
});

test('lines of jobs say their type; an ended job has name and times in its result', async () => {
  const short = await server.cluster.submit(ticks, { name: 'Short' });
  await server.cluster.awaitRunning(short);
  await server.ask('PATCH', `/jobs/${short}`);
  const { body } = await server.poll(
    `/jobs/${short}/execution-result`,
    (answer) => answer.body.status.id !== 'IN_PROGRESS',
  );
  const { jobs } = (await server.get('/jobs/overview')).body;
  const line = jobs.find(({ jid }: any) => jid === short);
  expect(line).toMatchObject({ jobType: 'STREAMING', schedulerType: 'Default' });
  expect(body['job-execution-result']).toMatchObject({
    name: 'Short',
    'start-time': line['start-time'],
    'end-time': line['end-time'],
  });
});

test.each([
  ['GET', `/jobs/${UNKNOWN}/rescales/overview`],
  ['GET', '/datasets'],
  ['GET', '/jobmanager/profiler'],
])('%s %s is no route, as in 1.9', async (method, path) => {
  const { status, body } = await server.ask(method, path);
  expect([status, body]).toEqual([404, { errors: [`Unable to load requested file ${path}.`] }]);
});

test.each([
  ['POST', '/jobs'],
  ['POST', '/jars/x.jar/run-application'],
])('%s %s is no route, as in 1.9', async (method, path) => {
  const { status, body } = await server.ask(method, path);
  expect([status, body]).toEqual([404, { errors: ['Not found.'] }]);
});
