// Cached pages on the wire: they look like the others, end with the state they show, and are for those only who may have them.
import { clusterEndpoints, endpoints, jobEndpoints } from '@yeoul/contract';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { isCachedEndpoint } from '../../src/http/cached-endpoints.ts';
import { createHttpServer, type HttpServerOptions } from '../../src/http/http-server.ts';
import { PageCache } from '../../src/http/page-cache.ts';
import { route } from '../../src/http/route.ts';
import { Tokens } from '../../src/security/tokens.ts';
import { exchange } from '../support/raw-request.ts';

let app: FastifyInstance | undefined;
let url = '';
let revision = 0;
let nowMs = 1_000_000;
let made = 0;

async function serve(options: Partial<HttpServerOptions> = {}): Promise<void> {
  revision = 0;
  made = 0;
  const routes = [
    route(jobEndpoints.listJobs, () => ({ jobs: [], made: ++made, name: '여울' }) as any),
    route(clusterEndpoints.shutDownCluster, () => ({})),
    route(jobEndpoints.cancelJobByGet, () => ({ made: ++made }) as any),
  ];
  const pages = { revision: () => revision, nowMs: () => nowMs };
  app = await createHttpServer({ groups: [{ routes }], pages, ...options });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
}

const ask = (path = '/jobs', headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers });
const madeBy = async (response: Promise<Response>) => ((await (await response).json()) as { made: number }).made;

afterEach(() => app?.close());

test('a page is made once for as long as nothing changes and it is young', async () => {
  await serve();
  const seen = [await madeBy(ask()), await madeBy(ask())];
  nowMs += 99;
  seen.push(await madeBy(ask()));
  nowMs += 1;
  seen.push(await madeBy(ask()));
  expect(seen).toEqual([1, 1, 1, 2]);
});

test('a change of a state is seen at once', async () => {
  await serve();
  const seen = [await madeBy(ask()), await madeBy(ask())];
  revision += 1;
  seen.push(await madeBy(ask()));
  expect(seen).toEqual([1, 1, 2]);
});

test('a state that changes while its page is made makes that page old', () => {
  const pages = new PageCache({ revision: () => revision, nowMs: () => nowMs });
  const before = pages.revision();
  revision += 1;
  pages.keep('/jobs', '{}', before);
  expect(pages.find('/jobs')).toBe(undefined);
});

test('a clock that is set back ends what was kept', () => {
  const pages = new PageCache({ revision: () => revision, nowMs: () => nowMs });
  pages.keep('/jobs', '{}', pages.revision());
  nowMs -= 5000;
  expect(pages.find('/jobs')).toBe(undefined);
});

test('status, headers and body are those of a page that is made anew', async () => {
  await serve();
  const describeAnswer = async (response: Response) => {
    const { date: _date, ...headers } = Object.fromEntries(response.headers);
    return [response.status, headers, await response.text()];
  };
  const first = await describeAnswer(await ask());
  expect(await describeAnswer(await ask())).toEqual(first);
});

test('pipelined requests get cached and other pages in their order', async () => {
  await serve();
  await ask();
  const get = (path: string, end = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${end}\r\n`;
  const text = await exchange(
    url,
    `${get('/jobs')}${get('/nope')}${get('/jobs')}${get('/jobs', 'Connection: close\r\n')}`,
  );
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))).toEqual([200, 404, 200, 200]);
});

test('each address has its own page', async () => {
  await serve();
  expect([
    await madeBy(ask()),
    await madeBy(ask('/v1/jobs')),
    await madeBy(ask('/jobs?a=1')),
    await madeBy(ask()),
  ]).toEqual([1, 2, 3, 1]);
});

test('what acts is never answered from what was kept', async () => {
  await serve();
  const path = `/jobs/${'a'.repeat(32)}/yarn-cancel`;
  expect([await madeBy(ask(path)), await madeBy(ask(path))]).toEqual([1, 2]);
});

test('a foreign host, a foreign origin, a body or a missing token meets the guards all the same', async () => {
  await serve({ tokens: new Tokens([{ role: 'viewer', token: 'viewer-token-viewer-token-1234567' }]) });
  const authorization = 'Authorization: Bearer viewer-token-viewer-token-1234567\r\n';
  const get = (headers: string, end = '') => `GET /jobs HTTP/1.1\r\n${headers}Connection: close\r\n\r\n${end}`;
  const statusOf = async (request: string) => Number((await exchange(url, request)).split(' ')[1]);
  expect([
    await statusOf(get(`Host: localhost\r\n${authorization}`)),
    await statusOf(get(`Host: localhost\r\n${authorization}`)),
    await statusOf(get('Host: localhost\r\n')),
    await statusOf(get(`Host: evil.example\r\n${authorization}`)),
    await statusOf(get(`Host: localhost\r\nOrigin: http://evil.example\r\n${authorization}`)),
    await statusOf(get(`Host: localhost\r\n${authorization}Content-Length: 7\r\n`, '{"a":1}')),
  ]).toEqual([200, 200, 401, 403, 403, 400]);
  expect(made).toBe(1);
});

test('an allowed origin may read cached pages, too', async () => {
  await serve({ allowedOrigins: ['http://localhost:5173'] });
  await ask();
  const response = await ask('/jobs', { origin: 'http://localhost:5173' });
  expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
});

test('entries and bytes are bounded, whatever addresses are asked for', () => {
  const pages = new PageCache({ revision: () => 0, nowMs: () => nowMs });
  for (let i = 0; i < 5000; i++) pages.keep(`/jobs?${i}`, '{}', 0);
  expect(pages.size).toBeLessThanOrEqual(1000);
  pages.keep('/large', 'x'.repeat(20 * 1024 * 1024), 0);
  expect([pages.find('/large'), pages.find('/jobs?4999')]).toEqual([undefined, expect.anything()]);
  for (let i = 0; i < 20; i++) pages.keep(`/page${i}`, 'y'.repeat(2 * 1024 * 1024), 0);
  expect(pages.size).toBeLessThanOrEqual(8);
});

test('only pages of GET that are JSON are kept', () => {
  const kept = endpoints.filter(isCachedEndpoint);
  expect(kept.length).toBeGreaterThan(30);
  expect(kept.filter(({ method, kind, status }) => method !== 'GET' || kind !== 'json' || status !== 200)).toEqual([]);
});
