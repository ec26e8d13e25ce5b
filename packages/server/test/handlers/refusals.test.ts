// What is refused, and how: Flink's statuses and words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestServer, ticks } from '../support/test-server.ts';

const none = '0'.repeat(32);
let server: TestServer;
let job: string;
let vertex: string;

beforeAll(async () => {
  server = await TestServer.open();
  job = await server.cluster.submit(ticks);
  await server.cluster.awaitRunning(job);
  vertex = (await server.get(`/jobs/${job}`)).body.vertices[0].id;
});

afterAll(() => server.close());

const cannotResolve = (place: string, name: string, value: string) =>
  `Bad request, could not parse parameters: Cannot resolve ${place} parameter (${name}) from value "${value}".`;

describe('refusals', () => {
  test.each([
    ['GET', '/jobs/deadbeef', 400, cannotResolve('path', 'jobid', 'deadbeef')],
    ['GET', `/jobs/${none}`, 404, `Job ${none} not found`],
    ['GET', `/jobs/${none}/plan`, 404, `Job ${none} not found`],
    ['GET', `/jobs/${none}/status`, 404, `Job ${none} not found`],
    ['GET', `/jobs/${none}/checkpoints`, 404, `Job ${none} not found`],
    ['GET', `/jobs/${none}/vertices/${none}`, 404, `Job ${none} not found`],
    ['GET', `/jobs/${none}/vertices/${none}/backpressure`, 404, `Job ${none} not found`],
    [
      'GET',
      `/jobs/${none}/execution-result`,
      404,
      `org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (${none})`,
    ],
    [
      'GET',
      `/jobs/${none}/savepoints/${none}`,
      404,
      'Operation not found under key: org.apache.flink.runtime.rest.handler.job.AsynchronousJobOperationKey@782',
    ],
    [
      'GET',
      `/savepoint-disposal/${none}`,
      404,
      'Operation not found under key: org.apache.flink.runtime.rest.handler.async.OperationKey@1f',
    ],
    ['GET', '/savepoint-disposal/xyz', 400, cannotResolve('path', 'triggerid', 'xyz')],
    ['GET', '/no/such/path?a=1', 404, 'Unable to load requested file /no/such/path.'],
    ['GET', '/v1/no/such/path', 404, 'Unable to load requested file /v1/no/such/path.'],
    ['GET', '/v2/jobs', 404, 'Unable to load requested file /v2/jobs.'],
    ['POST', '/config', 404, 'Not found.'],
    ['DELETE', '/jobs', 404, 'Not found.'],
    ['OPTIONS', '/overview', 404, 'Not found.'],
    ['PATCH', `/jobs/${none}?mode=cancel`, 404, 'Job could not be found.'],
    ['GET', `/jobs/${none}/yarn-cancel`, 404, 'Job could not be found.'],
    ['PATCH', `/jobs/${none}?mode=explode`, 400, cannotResolve('query', 'mode', 'explode')],
    ['PATCH', `/jobs/${none}/rescaling?parallelism=2`, 503, 'Rescaling is temporarily disabled. See FLINK-12312.'],
    ['PATCH', `/jobs/${none}/rescaling?parallelism=x`, 400, cannotResolve('query', 'parallelism', 'x')],
    ['GET', `/jobs/${none}/rescaling/${none}`, 503, 'Rescaling is temporarily disabled. See FLINK-12312.'],
    ['GET', `/jobs/${none}/exceptions?maxExceptions=1,2`, 400, 'Expected only one value [1, 2].'],
    ['DELETE', '/cluster', 404, 'Not found.'],
    ['GET', '/jobmanager/log', 404, 'Unable to load requested file /jobmanager/log.'],
  ])('%s %s', async (method, path, status, message) => {
    const answer = await server.ask(method, path);
    expect([answer.status, answer.contentType]).toEqual([status, 'application/json; charset=UTF-8']);
    expect(answer.body).toEqual({ errors: [message] });
  });

  test.each([
    ['/vertices/zzz', 400, () => cannotResolve('path', 'vertexid', 'zzz')],
    [`/vertices/${none}`, 404, () => `JobVertex ${none} not found`],
    [`/vertices/${none}/taskmanagers`, 404, () => `JobVertex ${none} not found`],
    [`/vertices/${none}/subtasktimes`, 404, () => `No vertex with ID '${none}' exists.`],
    ['/vertices/VERTEX/subtasks/7', 404, () => `Invalid subtask index for vertex ${vertex}`],
    ['/vertices/VERTEX/subtasks/x', 400, () => cannotResolve('path', 'subtaskindex', 'x')],
    ['/vertices/VERTEX/subtasks/-1', 400, () => cannotResolve('path', 'subtaskindex', '-1')],
    ['/vertices/VERTEX/subtasks/0/attempts/5', 404, () => 'Invalid attempt num 5'],
    ['/vertices/VERTEX/subtasks/metrics?get=a&agg=median', 400, () => cannotResolve('query', 'agg', 'median')],
    ['/checkpoints/details/999999', 404, () => 'Could not find checkpointing statistics for checkpoint 999999.'],
  ])('of a running job: %s', async (page, status, message) => {
    const answer = await server.get(`/jobs/${job}${page.replace('VERTEX', vertex)}`);
    expect([answer.status, answer.body]).toEqual([status, { errors: [message()] }]);
  });

  test.each([
    ['/savepoints', '{', 'Request did not match expected format SavepointTriggerRequestBody.'],
    ['/savepoints', '[]', 'Request did not match expected format SavepointTriggerRequestBody.'],
    ['/savepoints', '{"nope":1}', 'Request did not match expected format SavepointTriggerRequestBody.'],
    ['/savepoints', '{"cancel-job":"x"}', 'Request did not match expected format SavepointTriggerRequestBody.'],
    ['/savepoints', '{"triggerId":"x"}', 'Request did not match expected format SavepointTriggerRequestBody.'],
    ['/savepoints', '', 'Bad request received. Request did not conform to expected format.'],
    ['/stop', '{"drain":"maybe"}', 'Request did not match expected format StopWithSavepointRequestBody.'],
  ])('body of %s: %s', async (page, text, message) => {
    const answer = await server.ask('POST', `/jobs/${job}${page}`, { text });
    expect([answer.status, answer.body]).toEqual([400, { errors: [message] }]);
  });

  test('a body where there is none to be', async () => {
    const message = 'Request did not match expected format EmptyRequestBody.';
    expect((await server.ask('PATCH', `/jobs/${job}`, { json: { a: 1 } })).body).toEqual({ errors: [message] });
    expect((await server.get('/jobs', { text: 'x' })).body).toEqual({ errors: [message] });
    expect((await server.get('/jobs', { json: {} })).status).toBe(200);
  });

  test('files where none can be uploaded', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await server.ask('POST', '/savepoint-disposal', { text: '--x--', headers });
    expect([answer.status, answer.body]).toEqual([400, { errors: ['File uploads not allowed.'] }]);
  });

  test('a body above the limit', async () => {
    const small = await TestServer.open({ limits: { maxBodyBytes: 10 } });
    const answer = await small.ask('POST', '/savepoint-disposal', { json: { 'savepoint-path': 'x'.repeat(100) } });
    await small.close();
    expect(answer.status).toBe(413);
    expect(answer.body.errors).toEqual([expect.stringContaining('exceeds 10 bytes (rest.max-body-bytes)')]);
  });

  test('malformed addresses', async () => {
    for (const path of ['/jobs/%', '/jobs/%zz/plan', `/jobs/${'a'.repeat(10_000)}`]) {
      const { status, body } = await server.get(path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body.errors).toHaveLength(1);
    }
  });

  test('unknown metrics and jobs have no metrics, which is no failure', async () => {
    const asked = [
      `/jobs/${none}/metrics`,
      `/jobs/${job}/metrics?get=nope`,
      `/jobs/${job}/metrics?get=`,
      `/jobs/${job}/vertices/${none}/metrics`,
      `/jobs/${job}/vertices/${vertex}/subtasks/9/metrics`,
      `/jobs/metrics?get=uptime,nope`,
      '/taskmanagers/nope/metrics',
    ];
    expect(await Promise.all(asked.map(async (path) => (await server.get(path)).text))).toEqual(asked.map(() => '[]'));
  });
});

describe('addresses', () => {
  test('extra slashes, unknown parameters and the case of ids do not matter', async () => {
    for (const path of ['//overview', '/jobs/', '/overview?x=1', `/jobs/${job.toUpperCase()}/config`]) {
      expect((await server.get(path)).status).toBe(200);
    }
  });
});
