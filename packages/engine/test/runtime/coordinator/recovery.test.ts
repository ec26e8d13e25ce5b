import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NodeDurableFiles } from '../../../src/checkpoint/durable-files.ts';
import { ClusterLock, type ProcessTable } from '../../../src/runtime/coordinator/cluster-lock.ts';
import { systemProcessTable } from '../../../src/runtime/coordinator/system-process-table.ts';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from './support/cluster-fixture.ts';
import { inlineState } from './support/scripted-slots.ts';

describe('a new process', () => {
  test('resumes what a shutdown left, from the newest checkpoint, and keeps ended jobs in the archive', async () => {
    const machine = new Machine();
    const first = await machine.open();
    const ended = await first.submitGraph(twoVertexGraph(), program);
    await settle();
    await first.cancel(ended);
    await first.submitGraph(twoVertexGraph({ intervalMs: 1000 }), program, { jobId: JOB_ID });
    await machine.clock.advance(2000);
    const result = first.awaitResult(JOB_ID).catch((error: unknown) => error);
    await first.shutdown();
    expect(await result).toMatchObject({ code: 'CLUSTER_CLOSED' });
    await expect(first.submitGraph(twoVertexGraph(), program)).rejects.toMatchObject({ code: 'CLUSTER_CLOSED' });
    const second = await machine.open();
    await settle();
    expect(second.listJobs().map(({ jobId, state }) => [jobId, state])).toEqual([
      [JOB_ID, 'RUNNING'],
      [ended, 'CANCELED'],
    ]);
    expect(second.jobDetail(JOB_ID).checkpoints.latest.restored).toMatchObject({ id: 2 });
    await expect(second.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID })).rejects.toMatchObject({
      code: 'JOB_ALREADY_EXISTS',
    });
    await expect(second.submitGraph(twoVertexGraph(), program, { jobId: ended })).rejects.toMatchObject({
      code: 'JOB_ALREADY_EXISTS',
    });
  });

  test('with too few slots suspends the job and keeps it for a start with enough', async () => {
    const machine = new Machine();
    const first = await machine.open();
    await first.submitGraph(twoVertexGraph({ parallelism: 4 }), program, { jobId: JOB_ID });
    await first.shutdown();
    const second = await machine.open({ slots: 2 });
    expect(second.jobDetail(JOB_ID)).toMatchObject({
      state: 'SUSPENDED',
      exceptions: { root: { code: 'SLOTS_SHORT' } },
    });
    await second.shutdown();
    const third = await machine.open();
    expect(third.jobDetail(JOB_ID).state).toBe('RUNNING');
  });

  test('what a resumed job prints while the cluster opens is heard', async () => {
    const machine = new Machine();
    const first = await machine.open();
    await first.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
    await first.shutdown();
    const heard: string[] = [];
    await machine.open({ onOutput: ({ text }) => heard.push(text) });
    machine.slots.slot(0).say({ type: 'output', stream: 'stdout', text: 'early' });
    expect(heard).toEqual(['early']);
  });

  test('cancels a job that could not be resumed, at once', async () => {
    const machine = new Machine();
    const first = await machine.open();
    await first.submitGraph(twoVertexGraph({ intervalMs: 1000 }), program, { jobId: JOB_ID });
    await machine.clock.advance(2000);
    await first.shutdown();
    const [metadata] = [...machine.disk.files.keys()].filter((path) => path.endsWith('_metadata'));
    machine.disk.files.set(metadata!, Buffer.from('damaged'));
    const second = await machine.open();
    expect(second.jobDetail(JOB_ID).state).toBe('SUSPENDED');
    await second.cancel(JOB_ID);
    await settle();
    expect(second.jobDetail(JOB_ID).state).toBe('CANCELED');
    expect([...machine.disk.files.keys()].filter((path) => /jobs.*json|chk-/.test(path))).toEqual([]);
    await expect(second.cancel(JOB_ID)).rejects.toMatchObject({ code: 'JOB_TERMINATED' });
  });

  test('never starts a job without state that had a checkpoint; put back, it goes on', async () => {
    const machine = new Machine();
    const first = await machine.open();
    const graph = twoVertexGraph({ intervalMs: 1000 });
    await first.submitGraph(graph, program, { jobId: JOB_ID });
    await machine.clock.advance(2000);
    await first.shutdown();
    const isMetadata = (path: string) => path.endsWith('/_metadata');
    const path = [...machine.disk.files.keys()].find(isMetadata) as string;
    const content = machine.disk.files.get(path) as Uint8Array;
    machine.disk.files.delete(path);
    const second = await machine.open();
    await settle();
    const { state, exceptions } = second.jobDetail(JOB_ID);
    expect([state, exceptions.root?.code, exceptions.root?.message]).toEqual([
      'SUSPENDED',
      'CHECKPOINTS_LOST',
      expect.stringContaining(`/data/checkpoints/${JOB_ID}`),
    ]);
    await second.shutdown();
    machine.disk.files.set(path, content);
    const third = await machine.open();
    await settle();
    expect(third.jobDetail(JOB_ID).checkpoints.latest.restored).toMatchObject({ id: 2 });
    await third.shutdown();
  });

  test('a job that lost its checkpoints can be cancelled', async () => {
    const machine = new Machine();
    const first = await machine.open();
    await first.submitGraph(twoVertexGraph({ intervalMs: 1000 }), program, { jobId: JOB_ID });
    await machine.clock.advance(1000);
    await first.shutdown();
    for (const path of [...machine.disk.files.keys()]) if (path.includes('/chk-')) machine.disk.files.delete(path);
    const second = await machine.open();
    await settle();
    expect(second.jobDetail(JOB_ID).state).toBe('SUSPENDED');
    await second.cancel(JOB_ID);
    await second.shutdown();
    const third = await machine.open();
    await settle();
    expect(third.jobDetail(JOB_ID).state).toBe('CANCELED');
  });

  test('suspends a job whose newest checkpoint is damaged: an older one would repeat output', async () => {
    const machine = new Machine();
    const first = await machine.open({ retainedCheckpoints: 3 });
    machine.slots.stateOf = (task) => inlineState(task, Uint8Array.of(1));
    await first.submitGraph(twoVertexGraph({ intervalMs: 1000 }), program, { jobId: JOB_ID });
    await machine.clock.advance(3000);
    await first.shutdown();
    const path = `/data/checkpoints/${JOB_ID}/chk-3/_metadata`;
    const whole = machine.disk.files.get(path)!;
    machine.disk.files.set(path, whole.subarray(0, 100));
    const second = await machine.open({ retainedCheckpoints: 3 });
    expect(second.jobDetail(JOB_ID)).toMatchObject({
      state: 'SUSPENDED',
      exceptions: { root: { code: 'METADATA_CORRUPT' } },
    });
    await second.shutdown();
    machine.disk.files.set(path, whole);
    const third = await machine.open({ retainedCheckpoints: 3 });
    await settle();
    expect(third.jobDetail(JOB_ID).checkpoints.latest.restored?.id).toBe(3);
  });

  test('does not go back behind a newest checkpoint that somebody removed, unless it is told that it may', async () => {
    const machine = new Machine();
    const first = await machine.open({ retainedCheckpoints: 3 });
    await first.submitGraph(twoVertexGraph({ intervalMs: 1000 }), program, { jobId: JOB_ID });
    await machine.clock.advance(3000);
    await first.shutdown();
    const newest = `/data/checkpoints/${JOB_ID}/chk-3`;
    const removed = [...machine.disk.files].filter(([path]) => path.startsWith(`${newest}/`));
    for (const [path] of removed) machine.disk.files.delete(path);
    const second = await machine.open({ retainedCheckpoints: 3 });
    await settle();
    expect(second.jobDetail(JOB_ID)).toMatchObject({
      state: 'SUSPENDED',
      exceptions: {
        root: {
          code: 'CHECKPOINT_NEWEST_LOST',
          message: expect.stringMatching(/chk-3\/_metadata.*chk-2.*allow-older-checkpoint/s),
        },
      },
    });
    await second.shutdown();
    const third = await machine.open({ retainedCheckpoints: 3, allowOlderCheckpoint: true });
    await settle();
    expect(third.jobDetail(JOB_ID).checkpoints.latest.restored?.id).toBe(2);
    expect(machine.problems.join()).toMatch(/newest checkpoint.*chk-3.*goes on from .*chk-2/);
    await machine.clock.advance(1000);
    // Its number is not given twice: transactions bear it.
    expect(third.jobDetail(JOB_ID).checkpoints.latest.completed?.id).toBe(4);
    await third.shutdown();
    const fourth = await machine.open({ retainedCheckpoints: 3 });
    await settle();
    expect(fourth.jobDetail(JOB_ID).checkpoints.latest.restored?.id).toBe(4);
  });

  test('a newest checkpoint that is put back is gone on from', async () => {
    const machine = new Machine();
    const first = await machine.open({ retainedCheckpoints: 2 });
    await first.submitGraph(twoVertexGraph({ intervalMs: 1000 }), program, { jobId: JOB_ID });
    await machine.clock.advance(3000);
    await first.shutdown();
    const removed = [...machine.disk.files].filter(([path]) => path.includes('/chk-3/'));
    for (const [path] of removed) machine.disk.files.delete(path);
    const second = await machine.open({ retainedCheckpoints: 2 });
    await settle();
    expect(second.jobDetail(JOB_ID).state).toBe('SUSPENDED');
    await second.shutdown();
    for (const [path, content] of removed) machine.disk.files.set(path, content);
    const third = await machine.open({ retainedCheckpoints: 2 });
    await settle();
    expect(third.jobDetail(JOB_ID).checkpoints.latest.restored?.id).toBe(3);
  });

  test('says what is wrong with a data directory that cannot be written', async () => {
    const root = await mkdtemp(join(tmpdir(), 'yeoul-unusable-'));
    const dataDirectory = join(root, 'a-file');
    await writeFile(dataDirectory, '');
    await expect(new Machine().open({ dataDirectory, files: new NodeDurableFiles() })).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringMatching(/a-file.*EEXIST|a-file.*ENOTDIR/),
    });
    await rm(root, { recursive: true });
  });

  test('reports a record that cannot be read and goes on with the others', async () => {
    const machine = new Machine();
    const first = await machine.open();
    await first.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
    await first.shutdown();
    machine.disk.files.set('/data/jobs/broken.json', Buffer.from('{"half'));
    const second = await machine.open();
    expect(second.listJobs()).toHaveLength(1);
    expect(machine.problems.join()).toContain('broken.json');
    expect(second.unreadableRecords).toEqual(['/data/jobs/broken.json']);
    expect(machine.disk.files.has('/data/jobs/broken.json')).toBe(true);
  });

  test.each([
    ['NO_EXTERNALIZED_CHECKPOINTS', 'cancel', 0],
    ['DELETE_ON_CANCELLATION', 'cancel', 0],
    ['DELETE_ON_CANCELLATION', 'fail', 1],
    ['RETAIN_ON_CANCELLATION', 'cancel', 1],
    ['RETAIN_ON_CANCELLATION', 'fail', 1],
    ['RETAIN_ON_CANCELLATION', 'finish', 0],
  ] as const)('checkpoints with %s after %s: %d kept', async (externalized, end, kept) => {
    const machine = new Machine();
    const cluster = await machine.open();
    const graph = twoVertexGraph({ intervalMs: 1000, restart: { kind: 'none' }, checkpointing: { externalized } });
    await cluster.submitGraph(graph, program, { jobId: JOB_ID });
    await machine.clock.advance(1000);
    if (end === 'cancel') await cluster.cancel(JOB_ID);
    const [first] = machine.slots.tasks();
    if (end === 'fail') first!.slot.state(first!, 'FAILED', 'boom');
    if (end === 'finish') for (const task of machine.slots.tasks()) task.slot.state(task, 'FINISHED');
    await settle();
    const found = [...machine.disk.files.keys()].filter((path) => path.startsWith('/data/checkpoints'));
    expect(found).toHaveLength(kept);
    expect(cluster.jobDetail(JOB_ID).checkpoints.latest.completed?.discarded).toBe(kept === 0);
  });
});

describe('the archive', () => {
  test('is bounded in number and age', async () => {
    const machine = new Machine();
    const limits = { maxArchivedJobs: 2, maxArchiveAgeMs: 10_000 };
    const cluster = await machine.open({ limits });
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push(await cluster.submitGraph(twoVertexGraph(), program));
      await settle();
      await cluster.cancel(ids[i]!);
      await machine.clock.advance(1000);
    }
    expect(cluster.listJobs().map(({ jobId }) => jobId)).toEqual(ids.slice(1));
    await cluster.shutdown();
    await machine.clock.advance(8500);
    const next = await machine.open({ limits });
    expect(next.listJobs().map(({ jobId }) => jobId)).toEqual(ids.slice(2));
  });

  test('that cannot be written is tried again until it can', async () => {
    const machine = new Machine();
    const cluster = await machine.open();
    const jobId = await cluster.submitGraph(twoVertexGraph(), program);
    await settle();
    machine.files.failWrites = (path) => path.includes('/archive/');
    await cluster.cancel(jobId);
    await machine.clock.advance(10_000);
    expect(cluster.listJobs().map(({ state }) => state)).toEqual(['CANCELED']);
    machine.files.failWrites = undefined;
    await machine.clock.advance(3000);
    expect(cluster.requestJobResult(jobId)).toMatchObject({ state: 'CANCELED' });
    expect(machine.disk.files.has(`/data/jobs/${jobId}.json`)).toBe(false);
  });
});

describe('the lock of the data directory', () => {
  const files = new NodeDurableFiles();

  test('is held by one living process; a stale one is taken over; a half-written one, too', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'yeoul-lock-'));
    const alive = new Map([
      [1, 'a'],
      [2, 'b'],
    ]);
    const table = (pid: number): ProcessTable => ({
      self: { pid, startedAt: alive.get(pid) },
      lookup: (other) => (alive.has(other) ? { pid: other, startedAt: alive.get(other) } : undefined),
    });
    const first = await ClusterLock.acquire(directory, files, table(1), 'first');
    await expect(ClusterLock.acquire(directory, files, table(2), 'second')).rejects.toThrow(/in use by process 1/);
    // The pid now belongs to another process.
    alive.set(1, 'later');
    const second = await ClusterLock.acquire(directory, files, table(2), 'second');
    await first.release();
    await expect(ClusterLock.acquire(directory, files, table(1), 'third')).rejects.toThrow(/in use by process 2/);
    await second.release();
    await files.writeAtomic(join(directory, 'lock-9'), Buffer.from('{"pi'));
    await (await ClusterLock.acquire(directory, files, table(1), 'fourth')).release();
    expect(await readdir(directory)).toEqual(['lock-10']);
    await rm(directory, { recursive: true });
  });

  test('knows this process and tells it from none', () => {
    const { self, lookup } = systemProcessTable;
    expect(lookup(self.pid)).toEqual(self);
    expect(lookup(2 ** 22 + 1)).toBeUndefined();
  });
});
