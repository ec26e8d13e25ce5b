// Verbs from their arguments to what they print, against recorded answers.
import { expect, test } from 'vitest';
import { createProgram } from '../src/index.ts';
import { UsageError } from '../src/usage-error.ts';
import { type FakeContext, fakeContext } from './support/fake-context.ts';

process.env.TZ = 'UTC';

const first = '7bf83cc75065683e8e97b12cd94ff774';
const second = '0931f96bc925c932d83ad6cfdded32e5';
const source = 'cbc357ccb763df2852fee8c4fc7d55f2';
const startMs = Date.UTC(2026, 0, 2, 3, 4, 5);

function overviewLine(jid: string, name: string, state: string) {
  const tasks = {
    total: 4,
    created: 0,
    scheduled: 0,
    deploying: 0,
    running: 4,
    finished: 0,
    canceling: 0,
    canceled: 0,
    failed: 0,
    reconciling: 0,
  };
  return {
    jid,
    name,
    state,
    'start-time': startMs,
    'end-time': -1,
    duration: 61_500,
    'last-modification': startMs,
    tasks,
  };
}

const checkpoint = {
  '@class': 'completed',
  id: 7,
  status: 'COMPLETED',
  is_savepoint: true,
  trigger_timestamp: startMs,
  latest_ack_timestamp: startMs + 12,
  state_size: 8527,
  end_to_end_duration: 12,
  alignment_buffered: 0,
  num_subtasks: 4,
  num_acknowledged_subtasks: 4,
  tasks: {},
  external_path: 'file:/data/savepoints/savepoint-7bf83c-a3c8c5190b01',
  discarded: false,
};
const zero = { min: 0, max: 0, avg: 0 };

const answers = {
  'GET /config': { 'flink-version': '1.9.1', 'flink-revision': 'x', 'yeoul-version': '0.1.0', features: {} },
  'GET /jobs/overview': {
    jobs: [
      overviewLine(first, 'State machine job', 'RUNNING'),
      overviewLine(second, '주문을 세는 아주 긴 이름의 스트림 처리 잡', 'FAILED'),
    ],
  },
  [`GET /jobs/${first}`]: {
    ...overviewLine(first, 'State machine job', 'RUNNING'),
    vertices: [
      {
        id: source,
        name: 'Source: Custom Source -> Flat Map -> Sink: Print to Std. Out',
        parallelism: 2,
        status: 'RUNNING',
        'start-time': startMs,
        'end-time': -1,
        duration: 61_000,
        tasks: {},
        metrics: { 'read-bytes': 0, 'write-bytes': 2048, 'read-records': 0, 'write-records': 12_345 },
      },
    ],
  },
  [`GET /jobs/${first}/exceptions`]: {
    'root-exception': null,
    timestamp: null,
    'all-exceptions': [],
    truncated: false,
  },
  [`GET /jobs/${first}/checkpoints`]: {
    counts: { restored: 0, total: 7, in_progress: 0, completed: 7, failed: 0 },
    summary: {
      state_size: { ...zero, avg: 8000 },
      end_to_end_duration: { ...zero, avg: 11 },
      alignment_buffered: zero,
    },
    latest: { completed: checkpoint, savepoint: checkpoint, failed: null, restored: null },
    history: [checkpoint],
  },
  [`GET /jobs/${second}/checkpoints`]: {
    counts: { restored: 0, total: 0, in_progress: 0, completed: 0, failed: 0 },
    summary: { state_size: zero, end_to_end_duration: zero, alignment_buffered: zero },
    latest: { completed: null, savepoint: null, failed: null, restored: null },
    history: [],
  },
  [`GET /jobs/${first}/checkpoints/config`]: {
    mode: 'exactly_once',
    interval: 2000,
    timeout: 600_000,
    min_pause: 0,
    max_concurrent: 1,
    externalization: { enabled: true, delete_on_cancellation: false },
  },
};

async function call(
  args: readonly string[],
  width?: number,
  more: Readonly<Record<string, unknown>> = {},
): Promise<FakeContext> {
  const context = fakeContext({ answers: { ...answers, ...more }, width });
  await createProgram('0.1.0', context).parseAsync(args, { from: 'user' });
  return context;
}

test.each([60, 100, 200])('list -a at %i columns', async (width) => {
  const context = await call(['list', '-a'], width);
  expect(context.out()).toMatchSnapshot();
});

test('list in a pipe has whole ids and names; --quiet ids; --json what the server said', async () => {
  expect((await call(['list', '-a'])).out()).toContain(`${second}  주문을 세는 아주 긴 이름의 스트림 처리 잡`);
  expect((await call(['list', '-q'])).out()).toBe(`${first}\n`);
  expect(JSON.parse((await call(['list', '--json'])).out()).jobs).toEqual([answers['GET /jobs/overview'].jobs[0]]);
});

test.each([60, 100, 200])('info JOB at %i columns', async (width) => {
  expect((await call(['info', '7bf8'], width)).out()).toMatchSnapshot();
});

test.each([
  ['checkpoint', []],
  ['checkpoints', ['trigger']],
])('%s %j takes one and says its number', async (verb, words) => {
  const id = 'f'.repeat(32);
  const asked: unknown[] = [];
  const triggered = {
    ...answers,
    [`POST /jobs/${first}/checkpoints`]: (body: unknown) => {
      asked.push(JSON.parse(String(body)));
      return { 'request-id': id };
    },
    [`GET /jobs/${first}/checkpoints/${id}`]: { status: { id: 'COMPLETED' }, operation: { checkpointId: 17 } },
  };
  const taken = fakeContext({ answers: triggered });
  await createProgram('0.1.0', taken).parseAsync([verb, ...words, '--full', 'state'], { from: 'user' });
  expect([taken.exitCode, taken.out(), taken.err()]).toEqual([
    0,
    `Checkpoint 17 of State machine job (${first}) completed\n`,
    '',
  ]);
  expect(asked).toEqual([{ checkpointType: 'FULL' }]);
  const failed = fakeContext({
    answers: {
      ...triggered,
      [`GET /jobs/${first}/checkpoints/${id}`]: {
        status: { id: 'COMPLETED' },
        operation: {
          failureCause: { class: 'E', 'stack-trace': 'java.lang.Exception: declined', 'serialized-throwable': '' },
        },
      },
    },
  });
  await createProgram('0.1.0', failed).parseAsync([verb, ...words, 'state'], { from: 'user' });
  expect([failed.exitCode, failed.err()]).toEqual([1, expect.stringContaining('declined')]);
});

test.each([60, 100])('checkpoints at %i columns', async (width) => {
  expect((await call(['checkpoints', 'state'], width)).out()).toMatchSnapshot();
});

test('savepoint list has each savepoint once', async () => {
  expect((await call(['savepoint', 'list'])).out().split('\n').length).toBe(3);
});

const trigger = 'aabbccddeeff00112233445566778899';
const completed = { status: { id: 'COMPLETED' }, operation: { location: 'file:/sp/1' } };

test.each([
  [['-s', '/sp', first], '/sp'],
  [['-s', first], undefined],
  [[first, '-s'], undefined],
  [['--withSavepoint', '/sp', 'State machine job'], '/sp'],
] as const)('cancel %j has the directory %s', async (args, directory) => {
  const bodies: unknown[] = [];
  const context = await call(['cancel', ...args], undefined, {
    [`POST /jobs/${first}/savepoints`]: (body: string) => {
      bodies.push(JSON.parse(body));
      return { 'request-id': trigger };
    },
    [`GET /jobs/${first}/savepoints/${trigger}`]: completed,
    [`GET /jobs/${first}/status`]: { status: 'CANCELED' },
  });
  expect(bodies[0]).toMatchObject({ 'cancel-job': true });
  expect((bodies[0] as { 'target-directory'?: string })['target-directory']).toBe(directory);
  expect(context.err()).toBe('');
  expect(context.out()).toBe(`Cancelled State machine job (${first}). Savepoint: file:/sp/1\n`);
  expect(context.exitCode).toBe(0);
});

test('cancel without a job says what is missing; of a job that is not there what there is', async () => {
  await expect(call(['cancel'])).rejects.toThrow(UsageError);
  await expect(call(['cancel', 'nothing'])).rejects.toThrow('There is no job "nothing". These are there:');
});
