// Uploads of every kind: refused or kept, never half, and nothing is left behind.
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from '../../src/http/http-server.ts';
import { createJarRoutes } from '../../src/jars/jar-routes.ts';
import { JarStore } from '../../src/jars/jar-store.ts';
import { checkAnswer } from './check-answer.ts';
import { type FuzzUpload, makeJars, uploadOf } from './upload-arbitrary.ts';

const seed = Number(process.env.FUZZ_SEED ?? 20_191_108);
const numRuns = Number(process.env.FUZZ_RUNS ?? 10) * 10;
const jars = await makeJars();
let base = '';
let directory = '';
let server: FastifyInstance;
let uploads = 0;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'yeoul-uploads-'));
  directory = join(base, 'data', 'jars');
  const limits = { maxJarBytes: 1024 * 1024, maxProgramBytes: 1024 * 1024, maxEntries: 2000 };
  const createUuid = () => `${String(uploads++).padStart(8, '0')}-9d0b-4b5e-8b0e-6c8e6a1f0c0d`;
  const routes = createJarRoutes({
    store: await JarStore.open({ directory, createUuid, limits }),
    planner: { plan: () => Promise.reject(new Error('not asked')) },
    cluster: { submitJob: () => Promise.reject(new Error('not asked')) },
    defaults: { parallelism: 1, stateBackend: 'heap', checkpointIntervalMs: undefined },
    nowMs: () => 0,
    createJobId: () => 'ab'.repeat(16),
  });
  server = await createHttpServer({ groups: [routes] });
});

afterAll(async () => {
  await server.close();
  await rm(base, { recursive: true, force: true });
});

async function upload({ payload, contentType }: FuzzUpload) {
  const headers = { host: 'localhost', 'content-type': contentType };
  const answer = await server.inject({ method: 'POST', url: '/jars/upload', payload, headers });
  return { status: answer.statusCode, text: answer.body };
}

const handles = () => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0);

/** What a program holds is found out when it is run. */
const TAKEN = ['good', 'nested with manifest'];

test.each([...jars.keys()])('%s', async (name) => {
  const contents = jars.get(name) as Buffer;
  const head = Buffer.from('--cut\r\nContent-Disposition: form-data; name="jarfile"; filename="a.jar"\r\n\r\n');
  const payload = Buffer.concat([head, contents, Buffer.from('\r\n--cut--\r\n')]);
  const answer = await upload({ payload, contentType: 'multipart/form-data; boundary=cut' });
  checkAnswer('POST', answer);
  expect(answer.status).toBe(TAKEN.includes(name) ? 200 : name === 'too large' ? 413 : 400);
});

test('any upload is kept whole or leaves nothing', async () => {
  const before = handles();
  await fc.assert(
    fc.asyncProperty(uploadOf(jars), async (given) => {
      const kept = (await readdir(directory)).filter((name) => !name.startsWith('.')).length;
      const answer = await upload(given);
      checkAnswer('POST', answer);
      const names = await readdir(directory);
      const ids = names.filter((name) => !name.startsWith('.'));
      expect(ids.length - kept).toBe(answer.status === 200 ? 1 : 0);
      expect(await readdir(join(directory, '.incoming'))).toEqual([]);
      expect((await readdir(join(directory, '.programs'))).sort()).toEqual(ids.sort());
    }),
    { seed, numRuns },
  );
  expect((await readdir(base, { recursive: true })).filter((name) => /evil/.test(name))).toEqual([]);
  expect(await readdir(base)).toEqual(['data']);
  await expect.poll(handles).toBeLessThanOrEqual(before + 3);
});
