// Thread dumps and flame graphs of a cluster whose tasks run in no threads of their own, and of one that says what its threads do.
import type { ThreadInspector } from '@yeoul/engine/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestServer, ticks } from '../support/test-server.ts';

const threads = {
  dump: async () => [
    { name: 'main', slotIndex: undefined, text: '"main" Id=0 RUNNABLE\n\n' },
    { name: 'slot 0 of x', slotIndex: 0, text: '"slot 0 of x" Id=1 RUNNABLE\n\tat map (job.ts:1:1)\n\n' },
  ],
  sampleJob: async () => ({
    endedAtMs: 77,
    taskSamples: (_vertexId: string, subtaskIndex: number) => [
      { activity: 'on-cpu', count: subtaskIndex + 1, frames: [{ functionName: 'f', url: 'a.ts', line: 1, column: 1 }] },
    ],
  }),
} as unknown as ThreadInspector;

let server: TestServer;
let job = '';
let vertex = '';
let taskManager = '';

beforeAll(async () => {
  server = await TestServer.open({ threads });
  job = await server.cluster.submit(ticks, { parallelism: 2 });
  await server.cluster.awaitRunning(job);
  vertex = (await server.get(`/jobs/${job}`)).body.vertices[1].id;
  taskManager = (await server.get('/taskmanagers')).body.taskmanagers[0].id;
});

afterAll(() => server.close());

test('threads of slots are the task manager, all others the job manager', async () => {
  expect((await server.get('/jobmanager/thread-dump')).body).toEqual({
    threadInfos: [{ threadName: 'main', stringifiedThreadInfo: '"main" Id=0 RUNNABLE\n\n' }],
  });
  const { body } = await server.get(`/taskmanagers/${taskManager}/thread-dump`);
  expect(body.threadInfos.map(({ threadName }: { threadName: string }) => threadName)).toEqual(['slot 0 of x']);
  expect((await server.get(`/taskmanagers/${'f'.repeat(32)}/thread-dump`)).status).toBe(404);
});

test('a flame graph is being sampled at first, then it is there, for all subtasks or one', async () => {
  const path = `/jobs/${job}/vertices/${vertex}/flamegraph`;
  expect((await server.get(path)).body).toEqual({ endTimestamp: -3 });
  const child = (value: number) => ({ name: 'f (a.ts:1)', value, children: [] });
  const graph = (value: number) => ({ endTimestamp: 77, data: { name: 'root', value, children: [child(value)] } });
  const all = await server.poll(path, ({ body }) => body.data !== undefined);
  expect(all.body).toEqual(graph(3));
  expect((await server.get(`${path}?subtaskindex=1&type=ON_CPU`)).body).toEqual(graph(2));
  expect((await server.get(`${path}?type=off_cpu`)).body.data).toEqual({ name: 'root', value: 0, children: [] });
});

test.each([
  ['?type=half', 400],
  ['?subtaskindex=-1', 400],
  ['?subtaskindex=9', 404],
])('a flame graph of %s is refused with %i', async (query, status) => {
  expect((await server.get(`/jobs/${job}/vertices/${vertex}/flamegraph${query}`)).status).toBe(status);
});

test('flame graphs can be off; without threads there are none, and dumps are empty', async () => {
  const plain = await TestServer.open();
  try {
    const own = await plain.cluster.submit(ticks, { parallelism: 1 });
    await plain.cluster.awaitRunning(own);
    const [first] = (await plain.get(`/jobs/${own}`)).body.vertices;
    expect((await plain.get(`/jobs/${own}/vertices/${first.id}/flamegraph`)).body).toEqual({ endTimestamp: -2 });
    expect((await plain.get('/jobmanager/thread-dump')).body).toEqual({ threadInfos: [] });
  } finally {
    await plain.close();
  }
});
