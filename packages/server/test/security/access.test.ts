// Who may do what, for every endpoint of the contract.
import { endpoints } from '@yeoul/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpServer } from '../../src/http/http-server.ts';
import { Role, roleFor } from '../../src/security/role.ts';
import { Tokens } from '../../src/security/tokens.ts';

const tokenOf = { viewer: 'v'.repeat(32), operator: 'o'.repeat(32), admin: 'a'.repeat(32) } as const;
const tokens = new Tokens(Object.values(Role).map((role) => ({ role, token: tokenOf[role] })));
const REACHED = 418;
let app: Awaited<ReturnType<typeof createHttpServer>>;

beforeAll(async () => {
  const routes = endpoints.map((endpoint) => ({
    endpoint: { ...endpoint, pathParameters: {}, queryParameters: {}, body: undefined, status: REACHED },
    handle: () => ({}),
  }));
  app = await createHttpServer({ groups: [{ routes }], tokens, allowedOrigins: ['http://localhost:5173'] });
});

afterAll(() => app.close());

async function ask(method: string, path: string, headers: Record<string, string> = {}) {
  const url = path.replace(/:\w+/g, 'x');
  const answer = await app.inject({ method: method as 'GET', url, headers: { host: 'localhost', ...headers } });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const byRole = (wanted: Role) => endpoints.filter((endpoint) => roleFor(endpoint) === wanted).map(({ id }) => id);

test('every endpoint has the role that its harm asks for', () => {
  expect(byRole(Role.Admin).sort()).toEqual(['deleteJar', 'disposeSavepoint', 'shutDownCluster', 'uploadJar']);
  const operator = byRole(Role.Operator).sort();
  expect(operator).toEqual(
    expect.arrayContaining([
      'cancelJob',
      'cancelJobByGet',
      'planJar',
      'runJar',
      'stopWithSavepoint',
      'triggerSavepoint',
    ]),
  );
  const acting = endpoints.filter(({ method, id }) => method !== 'GET' && byRole(Role.Viewer).includes(id));
  // It is as good for looking as the viewer's token, for less long.
  expect(acting.map(({ id }) => id)).toEqual(['createEventTicket']);
});

describe.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
  '%s',
  (_title, endpoint) => {
    test('needs a token of its role, under both of its paths', async () => {
      const wanted = roleFor(endpoint);
      for (const prefix of ['', '/v1']) {
        const url = `${prefix}${endpoint.path}`;
        expect((await ask(endpoint.method, url)).status).toBe(401);
        expect((await ask(endpoint.method, url, bearer('x'.repeat(32)))).status).toBe(401);
        const statuses = [];
        for (const role of Object.values(Role))
          statuses.push((await ask(endpoint.method, url, bearer(tokenOf[role]))).status);
        const allowed = Object.values(Role).indexOf(wanted);
        expect(statuses).toEqual(Object.values(Role).map((_, i) => (i < allowed ? 403 : REACHED)));
      }
    });
  },
);

test('refusals are errors that say what is missing, and how to bring it', async () => {
  const missing = await ask('GET', '/jobs');
  expect([missing.headers['www-authenticate'], missing.headers['content-type'], JSON.parse(missing.text)]).toEqual([
    'Bearer realm="yeoul"',
    'application/json; charset=UTF-8',
    { errors: ['This server needs a token: send the header "Authorization: Bearer TOKEN".'] },
  ]);
  const wrong = await ask('GET', '/jobs', bearer('wrong-token-of-somebody'));
  expect([wrong.headers['www-authenticate'], wrong.text.includes('wrong-token')]).toEqual([
    'Bearer realm="yeoul", error="invalid_token"',
    false,
  ]);
  const weak = await ask('POST', '/jars/x/run', bearer(tokenOf.viewer));
  expect([weak.headers['www-authenticate'], JSON.parse(weak.text)]).toEqual([
    'Bearer realm="yeoul", error="insufficient_scope", scope="operator"',
    { errors: ['The token is of role viewer, this needs operator.'] },
  ]);
});

test('without a token nobody learns which paths there are', async () => {
  for (const [method, path] of [
    ['GET', '/nope'],
    ['HEAD', '/jobs'],
    ['OPTIONS', '/jobs'],
    ['POST', '/nope'],
  ] as const) {
    expect((await ask(method, path)).status).toBe(401);
  }
  expect((await ask('GET', '/nope', bearer(tokenOf.viewer))).status).toBe(404);
});

test('a token does not help a foreign page, and needs none in its address', async () => {
  const evil = { ...bearer(tokenOf.admin), origin: 'https://evil.example' };
  expect((await ask('GET', '/jobs', evil)).status).toBe(403);
  expect((await ask('GET', `/jobs?token=${tokenOf.admin}`)).status).toBe(401);
});

describe('pages of an allowed origin', () => {
  const origin = 'http://localhost:5173';

  test('may ask first, without a token', async () => {
    const answer = await ask('OPTIONS', '/jobs/x', { origin, 'access-control-request-method': 'PATCH' });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': expect.stringContaining('PATCH'),
      'access-control-allow-headers': expect.stringContaining('Authorization'),
      vary: 'Origin',
    });
  });

  test('may read answers', async () => {
    const answer = await ask('GET', '/jobs', { origin, ...bearer(tokenOf.viewer) });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([REACHED, origin]);
    expect((await ask('GET', '/jobs', { origin: 'http://localhost:1' })).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });
});

test('public routes need none', async () => {
  const [endpoint] = endpoints.filter(({ id }) => id === 'getConfig');
  if (endpoint === undefined) throw new Error('no such endpoint');
  const routes = [{ endpoint, handle: () => ({}) }];
  const open = await createHttpServer({ groups: [{ routes, isPublic: true }], tokens });
  const answer = await open.inject({ url: '/config', headers: { host: 'localhost' } });
  await open.close();
  expect(answer.statusCode).toBe(200);
});
