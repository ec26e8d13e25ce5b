// Certificates are made by the system's openssl; without one the tests of them are left out.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { jobEndpoints } from '@yeoul/contract';
import { TestCluster } from '@yeoul/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpServer } from '../../src/http/http-server.ts';
import { route } from '../../src/http/route.ts';
import { startServer } from '../../src/index.ts';
import { readTlsIdentity } from '../../src/security/read-tls-identity.ts';
import { Tokens } from '../../src/security/tokens.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const DAY_MS = 86_400_000;
let directory = '';
const inDirectory = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-tls-'));
  if (!hasOpenssl) return;
  for (const name of ['own', 'other']) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    spawnSync('openssl', ['req', '-x509', '-days', '2', '-out', `${name}.pem`, ...key, ...subject], { cwd: directory });
  }
  spawnSync('openssl', ['ec', '-aes256', '-passout', 'pass:x', '-in', 'own.key', '-out', 'locked.key'], {
    cwd: directory,
  });
  await writeFile(inDirectory('broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const read = (certificate: string, key: string, nowMs = Date.parse('2020-01-01')) =>
  readTlsIdentity({ certificateFile: inDirectory(certificate), keyFile: inDirectory(key) }, nowMs);

describe.skipIf(!hasOpenssl)('certificate and key', () => {
  test('are read when they belong together', async () => {
    expect(await read('own.pem', 'own.key')).toEqual({
      cert: await readFile(inDirectory('own.pem'), 'utf8'),
      key: await readFile(inDirectory('own.key'), 'utf8'),
    });
  });

  test.each([
    ['missing.pem', 'own.key', 'TLS_FILE_INVALID', /certificate .*missing\.pem cannot be used \(ENOENT/],
    ['own.pem', 'missing.key', 'TLS_FILE_INVALID', /key .*missing\.key cannot be used \(ENOENT/],
    ['own.key', 'own.key', 'TLS_FILE_INVALID', /certificate .*there is no certificate in it/],
    ['own.pem', 'own.pem', 'TLS_FILE_INVALID', /key .*there is no private key in it/],
    ['broken.pem', 'own.key', 'TLS_FILE_INVALID', /certificate .*broken\.pem cannot be used/],
    ['own.pem', 'locked.key', 'TLS_FILE_INVALID', /it has a passphrase/],
    ['own.pem', 'other.key', 'TLS_KEY_MISMATCH', /other\.key is not that of the certificate/],
  ])('%s with %s is refused', async (certificate, key, code, message) => {
    const error: Error = await read(certificate, key).then(
      () => new Error('taken'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/PRIVATE KEY/);
  });

  test('that has ended is refused', async () => {
    await expect(read('own.pem', 'own.key', Date.parse('2100-01-01') + DAY_MS)).rejects.toThrow('it ended on');
  });
});

describe.skipIf(!hasOpenssl)('a server with TLS', () => {
  test('answers a request that comes again without reading it anew', async () => {
    const tls = await read('own.pem', 'own.key');
    const pages = { revision: () => 0, nowMs: () => 1_000_000 };
    const routes = [route(jobEndpoints.listJobs, () => ({ jobs: [] }))];
    const app = await createHttpServer({ groups: [{ routes }], tls, pages });
    let requests = 0;
    app.server.on('request', () => requests++);
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const agent = new Agent({ keepAlive: true, ca: tls.cert });
    const bodies: string[] = [];
    for (let time = 0; time < 4; time++) {
      const response = await new Promise<IncomingMessage>((resolve) =>
        get({ host: 'localhost', port, path: '/jobs', agent }, resolve),
      );
      bodies.push(await text(response));
    }
    agent.destroy();
    await app.close();
    expect([bodies, requests]).toEqual([Array(4).fill('{"jobs":[]}'), 2]);
  });

  test('answers over TLS alone, with its tokens and its own address', async () => {
    await using cluster = await TestCluster.open({ slots: 1 });
    const token = 'v'.repeat(32);
    const tls = await read('own.pem', 'own.key');
    const tokens = new Tokens([{ role: 'viewer', token }]);
    const server = await startServer({ cluster: cluster.cluster, engineVersion: '0', port: 0, tls, tokens });
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const ask = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { ca: tls.cert, headers, agent: false };
        get(`${server.url}/overview`, options, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await ask({})).toBe(401);
    // Somebody who does not speak TLS.
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('GET /overview HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let plain = '';
    socket.on('data', (data) => {
      plain += data;
    });
    await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
    expect(plain).not.toContain('taskmanagers');
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
    await server.close();
  });
});
