// yeoul start in a process of its own: configuration, log, output, thread dumps and flame graphs, as users see them.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../yeoul/bin/yeoul.js', import.meta.url));
const spinning = fileURLToPath(new URL('programs/spinning.ts', import.meta.url));
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-diagnostics-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

class Started {
  readonly #child: ChildProcess;
  readonly url: string;
  stderr: string;

  constructor(child: ChildProcess, url: string, stderr: string) {
    this.#child = child;
    this.url = url;
    this.stderr = stderr;
    child.stderr?.on('data', (data) => (this.stderr += data));
  }

  static start(args: readonly string[]): Promise<Started> {
    const child = spawn(process.execPath, [bin, 'start', '--port', '0', ...args], { cwd: directory });
    return new Promise((resolve, reject) => {
      let stderr = '';
      child.stderr.on('data', (data) => {
        stderr += data;
        const url = /REST API at (\S+)/.exec(stderr)?.[1];
        if (url !== undefined) resolve(new Started(child, url, stderr));
      });
      child.on('close', (code) => reject(new Error(`ended with ${code}: ${stderr}`)));
    });
  }

  async get(path: string): Promise<any> {
    const response = await fetch(`${this.url}${path}`);
    const text = await response.text();
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  }

  async poll(path: string, isDone: (body: any) => boolean): Promise<any> {
    for (;;) {
      const body = await this.get(path);
      if (isDone(body)) return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async runningJob(): Promise<{ job: string; taskManager: string; vertex: string }> {
    const { jobs } = await this.poll('/jobs', (body) => body.jobs.some((job: any) => job.status === 'RUNNING'));
    const { vertices } = await this.poll(`/jobs/${jobs[0].id}`, (body) => body.vertices[0].status === 'RUNNING');
    const { taskmanagers } = await this.get('/taskmanagers');
    return { job: jobs[0].id, vertex: vertices[0].id, taskManager: taskmanagers[0].id };
  }

  stop(signal: NodeJS.Signals): Promise<void> {
    return new Promise((resolve) => {
      this.#child.on('close', () => resolve());
      this.#child.kill(signal);
    });
  }
}

test('a task that spins shows where, in its source, and in a flame graph', async () => {
  const dataDir = join(directory, 'spin');
  const quick = ['-D', 'rest.flamegraph.num-samples=20', '-D', 'rest.flamegraph.delay-between-samples=10 ms'];
  const server = await Started.start(['--data-dir', dataDir, ...quick, '--program', spinning, '--', 'spin']);
  try {
    const { job, taskManager, vertex } = await server.runningJob();
    const dump = await server.poll(`/taskmanagers/${taskManager}/thread-dump`, (body) =>
      JSON.stringify(body).includes('spinForEver'),
    );
    expect(dump.threadInfos).toHaveLength(1);
    const [{ threadName, stringifiedThreadInfo }] = dump.threadInfos;
    expect(threadName).toMatch(/^slot 0 of Spinning: .*\(1\/1\)$/);
    expect(stringifiedThreadInfo).toMatch(
      /^"slot 0 of .*" Id=\d+ RUNNABLE\n\tat spinForEver \(spinning\.ts:\d+:\d+\)\n/,
    );
    const path = `/jobs/${job}/vertices/${vertex}/flamegraph?type=on_cpu`;
    const graph = await server.poll(path, (body) => body.data !== undefined);
    expect(graph.data.value).toBeGreaterThan(0);
    const main = await server.get('/jobmanager/thread-dump');
    expect(main.threadInfos[0].stringifiedThreadInfo).toMatch(/^"main" Id=0 RUNNABLE\n\tat /);
  } finally {
    await server.stop('SIGKILL');
  }
});

test('a task in native code is said to be there, in bounded time', async () => {
  const server = await Started.start(['--data-dir', join(directory, 'wait'), '--program', spinning, '--', 'wait']);
  try {
    const { taskManager } = await server.runningJob();
    const startedMs = performance.now();
    const dump = await server.poll(`/taskmanagers/${taskManager}/thread-dump`, (body) =>
      JSON.stringify(body).includes('no answer within'),
    );
    expect(performance.now() - startedMs).toBeLessThan(30_000);
    expect(dump.threadInfos[0].stringifiedThreadInfo).toContain('the thread is in native code');
    expect((await server.get('/overview'))['jobs-running']).toBe(1);
  } finally {
    await server.stop('SIGKILL');
  }
});

test('the log tells start, settings, jobs and end, without secrets; output is in files', async () => {
  const dataDir = join(directory, 'log');
  const config = join(directory, 'config.yaml');
  await writeFile(config, 'fs:\n  s3:\n    secret-key: hunter2\nparallelism.defualt: 2\n');
  const args = ['--data-dir', dataDir, '--config', config, '-D', 'db.password=hunter2', '-D', 'yeoul.log.max-files=3'];
  const server = await Started.start([...args, '--program', spinning, '--', 'run']);
  const shown = await server.get('/jobmanager/config');
  const value = (key: string) => shown.find((entry: any) => entry.key === key)?.value;
  expect([value('fs.s3.secret-key'), value('db.password'), value('yeoul.log.max-files')]).toEqual([
    '******',
    '******',
    '3',
  ]);
  await server.runningJob();
  const output = await server.poll('/jobmanager/stdout', (text) => text.includes('printed'));
  expect(output).toBe('token=hunter2 printed by the program\n');
  const { logs } = await server.get('/jobmanager/logs');
  expect(logs.map(({ name }: any) => name)).toEqual([
    'yeoul-engine.log',
    'yeoul-jobmanager.out',
    'yeoul-taskmanager.out',
  ]);
  expect(await server.get('/jobmanager/log')).toContain('INFO  REST API url=');
  await server.stop('SIGINT');
  expect(server.stderr).toContain(
    'Warning: Setting parallelism.defualt has no effect: did you mean parallelism.default?',
  );
  const log = await readFile(join(dataDir, 'log', 'yeoul-engine.log'), 'utf8');
  expect(log).toMatch(/INFO {2}Starting version=.*\n.*INFO {2}Setting key=fs\.s3\.secret-key value=\*{6}\n/);
  expect(log).toMatch(/INFO {2}Job status jobId=\w{32} from=CREATED to=RUNNING/);
  expect(log).not.toContain('hunter2');
  expect(server.stderr).not.toContain('hunter2');
  expect(await readdir(join(dataDir, 'log'))).toHaveLength(3);
});

test.each([
  [['-D', 'yeoul.log.levl=info'], 'There is no setting yeoul.log.levl: did you mean yeoul.log.level?'],
  [['-D', 'rest.port=eighty'], 'Setting rest.port is "eighty", which is not a whole number, 0 to 65535'],
  [['-D', 'nothing'], '"nothing" is no setting: write key=value.'],
  [['--config', 'missing.yaml'], 'missing.yaml cannot be used'],
])('%j is an error of usage', async (args, message) => {
  const child = spawn(process.execPath, [bin, 'start', ...args], { cwd: directory });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += data));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
