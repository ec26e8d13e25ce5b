// What operations send, and what they make of answers.
import { describe, expect, test } from 'vitest';
import { FlinkClient } from '../src/index.ts';
import { splitArguments } from '../src/operations/split-arguments.ts';

const jobId = 'a'.repeat(32);

/** A server that answers everything with {} and keeps what it was sent. */
function recording(config: Record<string, unknown>) {
  const sent: { call: string; body: unknown }[] = [];
  const send: typeof fetch = async (input, init) => {
    const path = String(input).slice('http://flink.test'.length);
    if (path === '/config') return new Response(JSON.stringify(config));
    sent.push({
      call: `${init?.method} ${path}`,
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : init?.body,
    });
    return new Response(JSON.stringify({ 'request-id': '0', filename: 'C:\\up\\1_a.jar', status: 'success' }));
  };
  const createId = () => 'c'.repeat(32);
  return { sent, client: new FlinkClient({ baseUrl: 'http://flink.test', fetch: send, createId }) };
}

function fileOf([first]: readonly { body: unknown }[]): File {
  if (!(first?.body instanceof FormData)) throw new Error('no form');
  return first.body.get('jarfile') as File;
}

const flink = (version: string) => recording({ 'flink-version': version });
const yeoul = () => recording({ 'flink-version': '1.9.1', 'yeoul-version': '0.1.0' });

describe('savepoints', () => {
  test.each([
    ['1.9.1', flink('1.9.1'), { 'cancel-job': false }],
    ['1.14', flink('1.14.6'), { 'cancel-job': false }],
    ['1.15', flink('1.15-SNAPSHOT'), { 'cancel-job': false, triggerId: 'c'.repeat(32) }],
    ['2.3', flink('2.3.0'), { 'cancel-job': false, triggerId: 'c'.repeat(32) }],
    ['Yeoul', yeoul(), { 'cancel-job': false, triggerId: 'c'.repeat(32) }],
  ])('are triggered with the fields that %s knows', async (_, { client, sent }, body) => {
    await client.jobs.savepoint(jobId);
    expect(sent).toEqual([{ call: `POST /jobs/${jobId}/savepoints`, body }]);
  });

  test('a stop has its own names', async () => {
    const { client, sent } = flink('1.9.1');
    await client.jobs.stop(jobId, { targetDirectory: '/s', drain: true });
    expect(sent).toEqual([{ call: `POST /jobs/${jobId}/stop`, body: { targetDirectory: '/s', drain: true } }]);
  });

  test('what the version does not know is refused before anything is sent', async () => {
    const { client, sent } = flink('1.9.1');
    await expect(client.jobs.savepoint(jobId, { formatType: 'NATIVE' })).rejects.toThrow(
      'Flink 1.9.1 at http://flink.test has no choice of formatType',
    );
    await expect(client.jobs.savepoint(jobId, { triggerId: jobId })).rejects.toThrow('has no choice of triggerId');
    expect(sent).toEqual([]);
  });
});

describe('runs', () => {
  test('have a job id, and arguments as a list', async () => {
    const { client, sent } = flink('1.9.1');
    await client.jars.run('a.jar', { programArgs: `--a "b c" 'd'`, parallelism: 2, savepointPath: '/s' });
    const body = { programArgsList: ['--a', 'b c', 'd'], parallelism: 2, savepointPath: '/s', jobId: 'c'.repeat(32) };
    expect(sent).toEqual([{ call: 'POST /jars/a.jar/run', body }]);
  });

  test.each([
    ['1.15.0', 'restoreMode'],
    ['1.19.3', 'restoreMode'],
    ['1.20.5', 'claimMode'],
    ['2.3.0', 'claimMode'],
  ])('%s calls the claim mode %s', async (version, name) => {
    const { client, sent } = flink(version);
    await client.jars.run('a.jar', { claimMode: 'CLAIM' });
    expect(sent[0]?.body).toEqual({ jobId: 'c'.repeat(32), [name]: 'CLAIM' });
  });

  test('configuration is refused where there is none', async () => {
    const { client, sent } = yeoul();
    await expect(client.jars.run('a.jar', { flinkConfiguration: {} })).rejects.toThrow(
      'Yeoul 0.1.0 at http://flink.test has',
    );
    expect(sent).toEqual([]);
  });
});

describe('plans', () => {
  test('are asked for with GET where that carries everything', async () => {
    const { client, sent } = flink('2.3.0');
    await client.jars.plan('a.jar', { programArgs: ['a b', 'c&d'], entryClass: 'x.Y', parallelism: 2 });
    const call = 'GET /jars/a.jar/plan?programArg=a%20b%2Cc%26d&entry-class=x.Y&parallelism=2';
    expect(sent).toEqual([{ call, body: undefined }]);
  });

  test.each([{ programArgs: ['a,b'] }, { programArgs: [''] }, { jobId }])(
    'with %j they take a body',
    async (options) => {
      const { client, sent } = flink('1.20.5');
      await client.jars.plan('a.jar', options);
      expect(sent[0]?.call).toBe('POST /jars/a.jar/plan');
    },
  );
});

describe('uploads', () => {
  test.each([
    ['bytes', new Uint8Array([80, 75])],
    ['a buffer', new Uint8Array([80, 75]).buffer],
    ['a blob', new Blob([new Uint8Array([80, 75])])],
  ])('%s', async (_, content) => {
    const { client, sent } = flink('2.3.0');
    const { id } = await client.jars.upload(content, { fileName: 'a.jar' });
    expect(id).toBe('1_a.jar');
    const file = fileOf(sent);
    expect([file.name, new Uint8Array(await file.arrayBuffer())]).toEqual(['a.jar', new Uint8Array([80, 75])]);
  });

  test('a file keeps its name', async () => {
    const { client, sent } = flink('2.3.0');
    await client.jars.upload(Object.assign(new Blob(['x']), { name: 'mine.jar' }));
    expect(fileOf(sent).name).toBe('mine.jar');
  });
});

test.each([
  ['', []],
  ['  a   b ', ['a', 'b']],
  ['"a b" \'c d\' e', ['a b', 'c d', 'e']],
  ['--x="y z"', ['--x=y', 'z']],
])('arguments %j are split as Flink splits them', (text, expected) => {
  expect(splitArguments(text)).toEqual(expected);
});
