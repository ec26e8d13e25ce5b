// Live pages over the wire: what a reader is told, when, and how streams end.
import { TestCluster } from '@yeoul/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RunningServer, type StartServerOptions, startServer, Tokens } from '../../src/index.ts';
import { ticks } from '../support/test-server.ts';

interface ReadEvent {
  readonly id: string;
  readonly type: string;
  readonly data: any;
}

let cluster: TestCluster;
let server: RunningServer;

beforeAll(async () => {
  cluster = await TestCluster.open({ slots: 2 });
});

afterAll(() => cluster.close());
afterEach(() => server.close());

async function serve(options: Partial<StartServerOptions> = {}): Promise<void> {
  server = await startServer({ cluster: cluster.cluster, engineVersion: '0.0.0-test', port: 0, ...options });
}

async function startJob(): Promise<string> {
  const jobId = await cluster.submit(ticks);
  await cluster.awaitRunning(jobId);
  return jobId;
}

async function cancel(jobId: string): Promise<void> {
  await cluster.cluster.cancel(jobId);
  await cluster.cluster.awaitResult(jobId).catch(() => undefined);
}

const listen = (jobId: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/jobs/${jobId}/events`, { headers });

/** Events as they come; ends with the stream. */
async function* read(response: Response): AsyncGenerator<ReadEvent> {
  let text = '';
  for await (const bytes of response.body!) {
    text += Buffer.from(bytes).toString('utf8');
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
      if (fields.event !== undefined) yield { id: fields.id, type: fields.event, data: JSON.parse(fields.data) };
    }
  }
}

async function take(events: AsyncGenerator<ReadEvent>, isLast: (event: ReadEvent) => boolean): Promise<ReadEvent[]> {
  const taken: ReadEvent[] = [];
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) return taken;
    taken.push(value);
    if (isLast(value)) return taken;
  }
}

test('a reader is told what is so, then every change, then the end', async () => {
  await serve();
  const jobId = await startJob();
  const response = await listen(jobId);
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
    200,
    'text/event-stream; charset=UTF-8',
    'no-store',
  ]);
  const events = read(response);
  const first = await take(events, ({ type }) => type === 'checkpoints');
  expect(first.map(({ type }) => type)).toEqual(['job', 'vertices', 'checkpoints']);
  expect(first[0]?.data).toMatchObject({ jid: jobId, name: 'Ticks', state: 'RUNNING', tasks: { running: 2 } });
  expect(first[1]?.data.vertices.map(({ status }: { status: string }) => status)).toEqual(['RUNNING', 'RUNNING']);
  const { completed } = first[2]!.data.counts;
  await take(events, ({ type, data }) => type === 'checkpoints' && data.counts.completed > completed);
  const cancelled = cancel(jobId);
  const rest = await take(events, () => false);
  await cancelled;
  const states = rest.filter(({ type }) => type === 'job').map(({ data }) => data.state);
  expect(states.at(-1)).toBe('CANCELED');
  expect(rest.at(-1)).toEqual({ id: 'end', type: 'end', data: {} });
  expect(new Set([...first, ...rest].map(({ id }) => id)).size).toBe(first.length + rest.length);
});

test('who has seen the end is told to stay away; who has not gets the last state and the end', async () => {
  await serve();
  const jobId = await startJob();
  await cancel(jobId);
  const events = await take(read(await listen(jobId, { 'last-event-id': 'abc.7' })), () => false);
  expect(events.map(({ type }) => type)).toEqual(['job', 'vertices', 'checkpoints', 'end']);
  expect((await listen(jobId, { 'last-event-id': 'end' })).status).toBe(204);
});

test('who comes back to the same feed gets only what is newer; a wrong id gets everything', async () => {
  await serve();
  const jobId = await startJob();
  const [staying, leaving] = await Promise.all([listen(jobId), listen(jobId)]);
  const [job, vertices] = await take(read(leaving!), ({ type }) => type === 'vertices');
  const back = await take(read(await listen(jobId, { 'last-event-id': vertices!.id })), () => true);
  expect(back[0]?.type).toBe('checkpoints');
  const lost = await take(read(await listen(jobId, { 'last-event-id': '<script>.-1' })), () => true);
  expect(lost[0]).toEqual({ ...job, data: expect.anything() });
  await staying!.body!.cancel();
  await cancel(jobId);
});

test('streams are bounded, and one that ends makes room', async () => {
  await serve({ limits: { maxEventStreams: 1 } });
  const jobId = await startJob();
  const first = await listen(jobId);
  const refused = await listen(jobId);
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
    503,
    '1',
    { errors: [expect.stringContaining('rest.max-event-streams')] },
  ]);
  await first.body!.cancel();
  await expect.poll(async () => (await listen(jobId)).status).toBe(200);
  await cancel(jobId);
});

test('an unknown job is 404, no token is 401', async () => {
  const token = 'viewer-token-viewer-token-1234567';
  await serve({ tokens: new Tokens([{ role: 'viewer', token }]) });
  const unknown = 'a'.repeat(32);
  expect([
    (await listen(unknown)).status,
    (await listen(unknown, { authorization: `Bearer ${token}` })).status,
  ]).toEqual([401, 404]);
});

const holderOf = async (jobId: string, token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${server.url}/jobs/${jobId}/events/ticket`, { method: 'POST', headers });
  return { status: answer.status, body: (await answer.json()) as { ticket: string; expires: number } };
};
const listenWith = (jobId: string, ticket: string) => fetch(`${server.url}/jobs/${jobId}/events?ticket=${ticket}`);

test('a ticket stands for the token in the address, once, and for events alone', async () => {
  const token = 'viewer-token-viewer-token-1234567';
  await serve({ tokens: new Tokens([{ role: 'viewer', token }]) });
  const jobId = await startJob();
  expect((await fetch(`${server.url}/jobs/${jobId}/events/ticket`, { method: 'POST' })).status).toBe(401);
  const { status, body } = await holderOf(jobId, token);
  expect([status, body.expires]).toEqual([200, expect.any(Number)]);
  expect((await fetch(`${server.url}/jobs/${jobId}?ticket=${body.ticket}`)).status).toBe(401);
  expect((await fetch(`${server.url}/jobs/${jobId}/events?ticket=${body.ticket}&ticket=${body.ticket}`)).status).toBe(
    401,
  );
  const response = await listenWith(jobId, body.ticket);
  expect([response.status, response.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
  expect((await take(read(response), () => true))[0]?.type).toBe('job');
  const again = await listenWith(jobId, body.ticket);
  expect([again.status, await again.json()]).toEqual([
    401,
    { errors: [expect.stringContaining('POST /jobs/:jobid/events/ticket')] },
  ]);
  expect((await holderOf('a'.repeat(32), token)).status).toBe(404);
  await cancel(jobId);
});

test('a token that is revoked ends what it opened, by itself or by a ticket; others read on', async () => {
  const [gone, staying] = ['gone-token-gone-token-gone-token-', 'stay-token-stay-token-stay-token-'];
  const tokens = new Tokens([
    { role: 'viewer', token: gone },
    { role: 'viewer', token: staying },
  ]);
  await serve({ tokens });
  const jobId = await startJob();
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const { ticket } = (await holderOf(jobId, gone)).body;
  const { ticket: unused } = (await holderOf(jobId, gone)).body;
  const [byHeader, byTicket, other] = await Promise.all([
    listen(jobId, bearer(gone)),
    listenWith(jobId, ticket),
    listen(jobId, bearer(staying)),
  ]);
  const ended = Promise.all([byHeader, byTicket].map((response) => take(read(response), () => false)));
  const rest = read(other);
  tokens.become(new Tokens([{ role: 'viewer', token: staying }]));
  expect((await ended).map((events) => events.some(({ type }) => type === 'end'))).toEqual([false, false]);
  expect([(await listen(jobId, bearer(gone))).status, (await listenWith(jobId, unused)).status]).toEqual([401, 401]);
  await cancel(jobId);
  expect((await take(rest, ({ type }) => type === 'end')).at(-1)?.type).toBe('end');
});

test('closing the server ends streams at once, and the job goes on', async () => {
  await serve();
  const jobId = await startJob();
  const rest = take(read(await listen(jobId)), () => false);
  const startMs = performance.now();
  await server.close();
  await rest;
  expect(performance.now() - startMs).toBeLessThan(2000);
  expect(cluster.cluster.jobDetail(jobId).state).toBe('RUNNING');
  await cancel(jobId);
});
