// A job's life through REST: savepoints, cancel and stop with one, resume, disposal.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SavepointPlaces } from '../../src/index.ts';
import { TestServer, ticks } from '../support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.open();
});

afterAll(() => server.close());

async function startJob(options = {}): Promise<string> {
  const job = await server.cluster.submit(ticks, options);
  await server.cluster.awaitRunning(job);
  return job;
}

/** @returns the operation, completed */
async function trigger(path: string, statusPath: string, json: unknown, status = 202): Promise<any> {
  const triggered = await server.ask('POST', path, { json });
  expect([triggered.status, Object.keys(triggered.body)]).toEqual([status, ['request-id']]);
  const answer = await server.poll(
    `${statusPath}/${triggered.body['request-id']}`,
    ({ body }) => body.status.id === 'COMPLETED',
  );
  expect(answer.status).toBe(200);
  return answer.body.operation;
}

describe('savepoints', () => {
  test('one while the job goes on, then with cancel; a job resumed from it says so; then a stop', async () => {
    const job = await startJob();
    const target = `file://${join(server.cluster.dataDirectory, 'elsewhere')}`;
    const first = await trigger(`/jobs/${job}/savepoints`, `/jobs/${job}/savepoints`, {
      'target-directory': target,
      'cancel-job': false,
    });
    expect(first).toEqual({
      location: expect.stringMatching(new RegExp(`^file:/[^/].*/elsewhere/savepoint-${job.slice(0, 6)}-[0-9a-f]{12}$`)),
    });
    const { latest } = (await server.get(`/jobs/${job}/checkpoints`)).body;
    expect(latest.savepoint).toMatchObject({ is_savepoint: true, external_path: first.location, discarded: false });

    const second = await trigger(`/jobs/${job}/savepoints`, `/jobs/${job}/savepoints`, { 'cancel-job': true });
    expect((await server.get(`/jobs/${job}`)).body.state).toBe('CANCELED');
    const result = (await server.get(`/jobs/${job}/execution-result`)).body;
    expect(result['job-execution-result']).toMatchObject({ id: job, 'application-status': 'CANCELED' });

    const resumed = await startJob({ savepointPath: second.location, parallelism: 2 });
    const { restored, counts } = {
      ...(await server.get(`/jobs/${resumed}/checkpoints`)).body.latest,
      ...(await server.get(`/jobs/${resumed}/checkpoints`)).body,
    };
    expect(restored).toMatchObject({ is_savepoint: true, external_path: second.location });
    expect(counts.restored).toBe(1);

    const stopped = await trigger(`/jobs/${resumed}/stop`, `/jobs/${resumed}/savepoints`, { drain: false });
    expect(stopped.location).toMatch(/^file:\//);
    expect((await server.get(`/jobs/${resumed}`)).body.state).toBe('FINISHED');
  });

  test('disposal; a second one tells what is missing, in a form that Java reads', async () => {
    const job = await startJob();
    const { location } = await trigger(`/jobs/${job}/savepoints`, `/jobs/${job}/savepoints`, {});
    const dispose = () => trigger('/savepoint-disposal', '/savepoint-disposal', { 'savepoint-path': location }, 200);
    expect(await dispose()).toEqual({});
    const { 'failure-cause': cause } = await dispose();
    expect(cause.class).toBe('java.util.concurrent.CompletionException');
    expect(cause['stack-trace'].split('\n')[0]).toBe(
      `java.util.concurrent.CompletionException: org.apache.flink.util.FlinkException: Could not dispose savepoint ${location}.`,
    );
    const bytes = Buffer.from(cause['serialized-throwable'], 'base64');
    expect(bytes.subarray(0, 4).toString('hex')).toBe('aced0005');
    await server.ask('PATCH', `/jobs/${job}`);
  });

  test('a repeated trigger with its own id is one operation', async () => {
    const job = await startJob();
    const triggerId = 'ab'.repeat(16);
    const ask = () => server.ask('POST', `/jobs/${job}/savepoints`, { json: { triggerId } });
    expect([(await ask()).body, (await ask()).body]).toEqual([
      { 'request-id': triggerId },
      { 'request-id': triggerId },
    ]);
    const path = `/jobs/${job}/savepoints/${triggerId}`;
    await server.poll(path, ({ body }) => body.status.id === 'COMPLETED');
    expect((await server.get(`/jobs/${job}/checkpoints`)).body.history.filter((c: any) => c.is_savepoint)).toHaveLength(
      1,
    );
    // Of another job, and of another kind.
    expect((await server.get(path.replace(job, 'f'.repeat(32)))).status).toBe(404);
    expect((await server.get(`/savepoint-disposal/${triggerId}`)).status).toBe(404);
    await server.ask('PATCH', `/jobs/${job}`);
  });

  test('none of a job that is not there or has ended', async () => {
    const job = await startJob();
    expect((await server.ask('PATCH', `/jobs/${job}?mode=cancel`)).status).toBe(202);
    await server.poll(`/jobs/${job}/execution-result`, ({ body }) => body.status.id === 'COMPLETED');
    for (const id of [job, '0'.repeat(32)]) {
      for (const page of ['savepoints', 'stop']) {
        const answer = await server.ask('POST', `/jobs/${id}/${page}`, { json: {} });
        expect([answer.status, answer.body.errors.length]).toEqual([404, 1]);
      }
    }
    const again = await server.ask('PATCH', `/jobs/${job}`);
    expect([again.status, again.body]).toEqual([404, { errors: ['Job could not be found.'] }]);
    const stop = await server.ask('PATCH', `/jobs/${job}?mode=stop`);
    expect([stop.status, stop.body.errors[0]]).toEqual([308, expect.stringContaining('"stop" has been removed')]);
  });
});

describe('places', () => {
  test('savepoints are neither written nor deleted outside of them', async () => {
    const allowed = join(server.cluster.dataDirectory, 'allowed');
    const narrow = await TestServer.open({ savepointPlaces: new SavepointPlaces([allowed]) });
    const job = await narrow.cluster.submit(ticks);
    await narrow.cluster.awaitRunning(job);
    const outside = join(server.cluster.dataDirectory, 'outside');
    const asked = [
      [`/jobs/${job}/savepoints`, { 'target-directory': outside }],
      [`/jobs/${job}/savepoints`, { 'target-directory': `file://${allowed}/%2e%2e/outside` }],
      [`/jobs/${job}/stop`, { targetDirectory: `${allowed}/../outside` }],
      ['/savepoint-disposal', { 'savepoint-path': `${outside}/savepoint-1` }],
    ] as const;
    for (const [path, json] of asked) {
      const answer = await narrow.ask('POST', path, { json });
      expect([answer.status, answer.body.errors]).toEqual([
        400,
        [expect.stringContaining(`places for savepoints (${allowed})`)],
      ]);
    }
    expect((await narrow.get(`/jobs/${job}`)).body.state).toBe('RUNNING');
    const taken = await narrow.ask('POST', `/jobs/${job}/savepoints`, { json: { 'target-directory': allowed } });
    const id = taken.body['request-id'];
    const done = await narrow.poll(`/jobs/${job}/savepoints/${id}`, ({ body }) => body.status.id === 'COMPLETED');
    expect(done.body.operation.location).toContain(allowed);
    await narrow.close();
  });
});

test.each([' ', '\t', '\u00a0'])('a target after %j is written where it was checked', async (blank) => {
  const job = await startJob();
  const target = join(server.cluster.dataDirectory, 'blank');
  const { location } = await trigger(`/jobs/${job}/savepoints`, `/jobs/${job}/savepoints`, {
    'target-directory': `${blank}${target}${blank}`,
    'cancel-job': true,
  });
  expect(location).toMatch(new RegExp(`^file:${target}/savepoint-`));
});
