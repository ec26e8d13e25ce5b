import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestServer } from '../support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.open({ allowedHosts: ['flink.example'], allowedOrigins: ['http://localhost:5173'] });
});

afterAll(() => server.close());

describe('requests that a foreign page may have sent', () => {
  test.each([
    [{ host: 'evil.example' }, 403],
    [{ host: 'evil.example:8081' }, 403],
    [{ host: '127.0.0.1.evil.example' }, 403],
    [{ host: 'localhost' }, 200],
    [{ host: 'LOCALHOST:1' }, 200],
    [{ host: '127.0.0.1:8081' }, 200],
    [{ host: '[::1]:8081' }, 200],
    [{ host: 'flink.example' }, 200],
    [{ host: 'localhost:8081', origin: 'http://localhost:8081' }, 200],
    [{ host: 'localhost:8081', origin: 'http://localhost:5173' }, 200],
    [{ host: 'localhost:8081', origin: 'http://localhost:3000' }, 403],
    [{ host: 'localhost:8081', origin: 'http://127.0.0.1:8081' }, 403],
    [{ host: 'localhost:8081', origin: 'https://evil.example' }, 403],
    [{ host: 'localhost:8081', origin: 'null' }, 403],
  ])('%o: %i', async (headers, status) => {
    const answer = await server.get('/overview', { headers });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.errors).toEqual([expect.stringContaining('is not')]);
  });

  test('are refused on paths that are no routes, too', async () => {
    expect((await server.get('/nope', { headers: { host: 'evil.example' } })).status).toBe(403);
  });
});
