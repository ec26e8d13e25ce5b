// Thousands of ended jobs cost neither start nor memory, and each is there with its pages; what is damaged hurts nobody else.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ServerProcess } from './server-process.ts';

const JOBS = 5000;
const jarFile = fileURLToPath(new URL('../../../../examples/jars/state-machine.jar', import.meta.url));
let directory = '';
let server: ServerProcess;
/** Of a job that really ran. */
let realJob = '';

const archive = () => join(directory, 'data', 'archive');
const idOf = (number: number) => number.toString(16).padStart(32, '0');

interface Start {
  readonly cpuMs: number;
  readonly residentMiB: number;
}

async function start(): Promise<Start> {
  server = await ServerProcess.start('--data-dir', join(directory, 'data'), '--slots', '2');
  await server.get('/overview');
  return { cpuMs: server.cpuMs ?? 0, residentMiB: server.residentMiB ?? 0 };
}

async function runJob(): Promise<void> {
  const jar = await server.upload(jarFile);
  realJob = (await server.ask('POST', `/jars/${jar}/run?entry-class=StateMachineExample`)).body.jobid;
  await server.poll(`/jobs/${realJob}/checkpoints`, ({ counts }) => counts?.completed >= 1);
  await server.ask('PATCH', `/jobs/${realJob}`);
  await server.poll(`/jobs/${realJob}`, ({ state }) => state === 'CANCELED');
}

/** Archives as the real one, a second apart, the first being the oldest. */
async function copyArchives(): Promise<void> {
  const text = await readFile(join(archive(), `${realJob}.json`), 'utf8');
  const { archivedMs } = JSON.parse(text);
  for (let number = 1; number < JOBS; number++) {
    const at = String(archivedMs - (JOBS - number) * 1000);
    const copy = text.replaceAll(realJob, idOf(number)).replaceAll(String(archivedMs), at);
    await writeFile(join(archive(), `${idOf(number)}.json`), copy);
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-ended-'));
});

afterAll(async () => {
  await server.end('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

describe(`${JOBS} ended jobs`, () => {
  let empty: Start;

  test('are found, and the index is made where there is none', async () => {
    empty = await start();
    await runJob();
    await server.end('SIGTERM');
    await copyArchives();
    await rm(join(archive(), 'index.jsonl'));
    await start();
    expect((await server.get('/jobs')).jobs).toHaveLength(JOBS);
    await server.end('SIGKILL');
  });

  test('do not delay the start, nor take memory', async () => {
    const full = await start();
    // Reading 5,000 archives takes seconds and some hundred MiB; the bounds leave room for other machines.
    expect(full.cpuMs - empty.cpuMs, JSON.stringify({ empty, full })).toBeLessThan(500);
    expect(full.residentMiB - empty.residentMiB).toBeLessThan(40);
  });

  test('are all in the overview, and each has its pages', async () => {
    const { jobs } = await server.get('/jobs/overview');
    expect(jobs.map(({ jid }: { jid: string }) => jid)).toEqual([
      ...Array.from({ length: JOBS - 1 }, (_, i) => idOf(i + 1)),
      realJob,
    ]);
    expect(await server.get('/overview')).toMatchObject({ 'jobs-cancelled': JOBS, 'jobs-running': 0 });
    const { now, ...page } = await server.get(`/jobs/${realJob}`);
    for (const number of [1, 2500, JOBS - 1]) {
      const old = await server.get(`/jobs/${idOf(number)}`);
      expect(old.vertices.map(({ id }: { id: string }) => id)).toEqual(page.vertices.map(({ id }: any) => id));
      expect((await server.get(`/jobs/${idOf(number)}/checkpoints`)).counts.completed).toBeGreaterThan(0);
    }
    expect(now).toBeGreaterThan(0);
  });

  test('may all be asked for without the memory growing by more than the cache', async () => {
    for (let number = 1; number < JOBS; number++) await server.ask('GET', `/jobs/${idOf(number)}`);
    const grown = server.residentMiB! - empty.residentMiB;
    expect(grown).toBeLessThan(150);
  });

  test('are there after kill -9 between an archive and its line in the index', async () => {
    await server.end('SIGKILL');
    const index = join(archive(), 'index.jsonl');
    const lines = (await readFile(index, 'utf8')).split('\n');
    // The last line was cut short, and that before it never written.
    const cut = lines.slice(0, -3);
    await writeFile(index, [...cut, lines.at(-2)!.slice(0, 100)].join('\n'));
    await start();
    expect((await server.get('/jobs')).jobs).toHaveLength(JOBS);
    expect((await server.get(`/jobs/${realJob}`)).state).toBe('CANCELED');
  });

  test('are there beside one whose archive is damaged, which says so', async () => {
    await writeFile(join(archive(), `${idOf(7)}.json`), '{"archivedMs": 1');
    const answer = await server.ask('GET', `/jobs/${idOf(7)}`);
    expect(answer.status).toBe(500);
    expect(answer.body.errors[0]).toMatch(new RegExp(`job ${idOf(7)} cannot be read from .*${idOf(7)}.json`));
    expect((await server.ask('GET', `/jobs/${idOf(8)}`)).status).toBe(200);
    expect((await server.get('/jobs/overview')).jobs).toHaveLength(JOBS);
  });

  test('go as the limits say', async () => {
    await server.end('SIGTERM');
    const limits = ['-D', 'jobstore.max-capacity=100', '-D', 'jobstore.expiration-time=60'];
    server = await ServerProcess.start('--data-dir', join(directory, 'data'), ...limits);
    expect((await server.get('/jobs')).jobs.length).toBeLessThanOrEqual(60);
    await expect.poll(async () => (await readdir(archive())).length, { timeout: 120_000 }).toBeLessThanOrEqual(61);
    expect((await server.ask('GET', `/jobs/${idOf(7)}`)).status).toBe(404);
  });
});
