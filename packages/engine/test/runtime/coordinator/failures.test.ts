import { describe, expect, test } from 'vitest';
import type { LocalClusterOptions } from '../../../src/runtime/coordinator/local-cluster-options.ts';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from './support/cluster-fixture.ts';

const restart = { kind: 'fixed-delay', attempts: 3, delayMs: 1000 } as const;

async function runningJob(
  graph: Parameters<typeof twoVertexGraph>[0] = { restart },
  options: Partial<LocalClusterOptions> = {},
) {
  const machine = new Machine();
  const cluster = await machine.open(options);
  await cluster.submitGraph(twoVertexGraph(graph), program, { jobId: JOB_ID });
  await settle();
  return { machine, cluster, state: () => cluster.jobDetail(JOB_ID).state };
}

describe('a task that fails', () => {
  test('restarts its region after the delay with new attempts; the first attempt stays in history', async () => {
    const { machine, cluster, state } = await runningJob();
    const task = machine.slots.slot(0).task('source', 0);
    task.slot.state(task, 'FAILED', 'boom');
    await settle();
    expect(state()).toBe('RESTARTING');
    expect(machine.problems).toEqual([`Job ${JOB_ID} restarts (1): boom`]);
    expect(machine.slots.tasks()).toEqual([]);
    await machine.clock.advance(999);
    expect(machine.slots.orders('deploy')).toHaveLength(2);
    await machine.clock.advance(1);
    expect(state()).toBe('RUNNING');
    const detail = cluster.jobDetail(JOB_ID);
    expect(detail.restarts).toBe(1);
    expect(detail.exceptions.root).toMatchObject({ message: 'boom', taskName: 'source (1/2)', attemptNumber: 0 });
    const subtask = detail.vertices[0]!.subtasks[0]!;
    expect(subtask).toMatchObject({ attempt: 1, status: 'RUNNING' });
    expect(subtask.priorAttempts.map(({ attempt, status, failure }) => [attempt, status, failure?.message])).toEqual([
      [0, 'FAILED', 'boom'],
    ]);
    expect(machine.slots.launched).toHaveLength(2);
  });

  test('restarts only its own region', async () => {
    const { machine } = await runningJob({ restart, partitioner: 'forward' });
    const untouched = machine.slots
      .slot(1)
      .tasks()
      .map(({ deployment }) => deployment.executionId);
    const task = machine.slots.slot(0).task('sink', 0);
    task.slot.state(task, 'FAILED', 'boom');
    await machine.clock.advance(1000);
    expect(
      machine.slots
        .slot(1)
        .tasks()
        .map(({ deployment }) => deployment.executionId),
    ).toEqual(untouched);
    expect(
      machine.slots
        .slot(0)
        .tasks()
        .map(({ deployment }) => deployment.attemptNumber),
    ).toEqual([1, 1]);
  });

  test('restarts what a blocking edge feeds, too: its result is not kept', async () => {
    const { machine } = await runningJob({ restart, exchange: 'blocking' });
    const task = machine.slots.slot(0).task('sink', 0);
    task.slot.state(task, 'FAILED', 'boom');
    await machine.clock.advance(1000);
    expect(machine.slots.tasks().map(({ deployment }) => deployment.attemptNumber)).toEqual([1, 1, 1, 1]);
  });

  test("fails the job when there is no restart strategy; the root is the task's own failure", async () => {
    const { machine, cluster, state } = await runningJob({});
    const task = machine.slots.slot(0).task('source', 0);
    task.slot.state(task, 'FAILED', 'boom');
    await settle();
    expect(state()).toBe('FAILED');
    expect(cluster.jobDetail(JOB_ID).exceptions.root).toMatchObject({ message: 'boom', taskName: 'source (1/2)' });
    expect(cluster.jobDetail(JOB_ID).vertices.map(({ status }) => status)).toEqual(['FAILED', 'CANCELED']);
    await expect(cluster.awaitResult(JOB_ID)).rejects.toThrow('boom');
  });

  test('fails the job when the strategy gives up', async () => {
    const { machine, cluster, state } = await runningJob({
      restart: { kind: 'fixed-delay', attempts: 2, delayMs: 10 },
    });
    for (let failure = 0; failure < 3; failure++) {
      const task = machine.slots.slot(0).task('source', 0);
      task.slot.state(task, 'FAILED', `boom ${failure}`);
      await machine.clock.advance(10);
    }
    expect(state()).toBe('FAILED');
    expect(cluster.jobDetail(JOB_ID).exceptions.root?.message).toMatch(/FixedDelay.*boom 2/);
    expect(cluster.jobDetail(JOB_ID).exceptions.entries).toHaveLength(4);
  });

  test('restarts for ever, a second apart, when checkpoints are on and no strategy is named', async () => {
    const { machine, state } = await runningJob({ intervalMs: 60_000 });
    for (let failure = 0; failure < 20; failure++) {
      const task = machine.slots.slot(0).task('source', 0);
      task.slot.state(task, 'FAILED', 'boom');
      await machine.clock.advance(1000);
      expect(state()).toBe('RUNNING');
    }
  });
});

describe('a slot that dies', () => {
  test('is replaced, and everything that had tasks in it restarts', async () => {
    const { machine, cluster, state } = await runningJob();
    machine.slots.slot(1).die('out of memory');
    await settle();
    expect(state()).toBe('RESTARTING');
    await machine.clock.advance(1000);
    expect(state()).toBe('RUNNING');
    expect(machine.slots.launched.map(({ index }) => index)).toEqual([0, 1, 1]);
    expect(cluster.jobDetail(JOB_ID).exceptions.root).toMatchObject({ code: 'SLOT_DIED' });
    expect(cluster.jobDetail(JOB_ID).restarts).toBe(1);
  });

  test('while it starts makes the deployment fail and be tried again', async () => {
    const machine = new Machine();
    const cluster = await machine.open();
    machine.slots.reactions.ready = false;
    await cluster.submitGraph(twoVertexGraph({ restart }), program, { jobId: JOB_ID });
    await settle();
    machine.slots.slot(0).die();
    machine.slots.reactions.ready = true;
    machine.slots.slot(1).say({ type: 'ready' });
    await machine.clock.advance(1000);
    expect(cluster.jobDetail(JOB_ID).state).toBe('RUNNING');
    expect(machine.slots.tasks()).toHaveLength(4);
  });

  test('or never gets ready is given up after the limit', async () => {
    const machine = new Machine();
    const cluster = await machine.open();
    machine.slots.reactions.ready = false;
    await cluster.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
    await machine.clock.advance(30_000);
    expect(cluster.jobDetail(JOB_ID)).toMatchObject({
      state: 'FAILED',
      exceptions: { root: { code: 'SLOT_START_TIMEOUT' } },
    });
    expect(machine.slots.live).toEqual([]);
    expect(cluster.overview().slotsAvailable).toBe(8);
  });

  test('during a checkpoint aborts it; the restart is from the one before', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    await machine.clock.advance(1000);
    machine.slots.reactions.acknowledge = false;
    await machine.clock.advance(1000);
    machine.slots.slot(0).die();
    machine.slots.reactions.acknowledge = true;
    await machine.clock.advance(1000);
    expect(machine.slots.orders('deploy').at(-1)?.tasks[0]?.restore?.checkpointId).toBe(1);
    expect(cluster.jobDetail(JOB_ID).checkpoints.latest.failed).toMatchObject({ id: 2 });
    await machine.clock.advance(1000);
    expect(cluster.jobDetail(JOB_ID).checkpoints.latest.completed).toMatchObject({ id: 3 });
  });

  test('after all had acknowledged: the checkpoint that is being written is what the restart starts from', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000, restart: { kind: 'fixed-delay', delayMs: 0 } });
    let release: () => void = () => {};
    const write = machine.files.writeAtomic.bind(machine.files);
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    machine.files.writeAtomic = async (path, content) => {
      if (path.endsWith('chk-1/_metadata')) await gate;
      await write(path, content);
    };
    await machine.clock.advance(1000);
    machine.slots.slot(0).die();
    await machine.clock.advance(100);
    expect(machine.slots.orders('deploy')).toHaveLength(2);
    release();
    await machine.clock.advance(100);
    expect(machine.slots.orders('deploy').at(-1)?.tasks[0]?.restore?.checkpointId).toBe(1);
    expect(cluster.jobDetail(JOB_ID).state).toBe('RUNNING');
  });
});

describe('messages that come too late or twice', () => {
  test('of replaced attempts change nothing', async () => {
    const { machine, state } = await runningJob();
    const old = machine.slots.slot(0).task('source', 0);
    const other = machine.slots.slot(0).task('sink', 0);
    old.slot.state(old, 'FAILED', 'boom');
    await machine.clock.advance(1000);
    for (const stale of ['RUNNING', 'FINISHED', 'FAILED', 'CANCELED'] as const) {
      old.slot.state(old, stale, 'stale');
      other.slot.state(other, stale, 'stale');
    }
    old.slot.say({
      type: 'deploy-failed',
      deployment: 1,
      error: { name: 'E', message: 'stale', stack: '', code: undefined },
    });
    await settle();
    expect(state()).toBe('RUNNING');
    expect(machine.slots.tasks()).toHaveLength(4);
  });

  test('a second RUNNING or FINISHED of the same attempt changes nothing', async () => {
    const { machine, state } = await runningJob();
    const task = machine.slots.slot(0).task('source', 0);
    task.slot.state(task, 'RUNNING');
    task.slot.state(task, 'FINISHED');
    task.slot.state(task, 'FINISHED');
    task.slot.state(task, 'FAILED', 'after the end');
    await settle();
    expect(state()).toBe('RUNNING');
  });

  test('a failed deployment fails the tasks of that slot', async () => {
    const machine = new Machine();
    const cluster = await machine.open();
    machine.slots.reactions.running = false;
    await cluster.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
    await settle();
    const error = { name: 'SyntaxError', message: 'unexpected token', stack: undefined, code: undefined };
    machine.slots.slot(0).say({ type: 'deploy-failed', deployment: 1, error });
    await settle();
    expect(cluster.jobDetail(JOB_ID)).toMatchObject({
      state: 'FAILED',
      exceptions: { root: { message: 'unexpected token' } },
    });
  });
});

describe('cancelling always ends', () => {
  test('while slots start', async () => {
    const machine = new Machine();
    const cluster = await machine.open();
    machine.slots.reactions.ready = false;
    await cluster.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
    await settle();
    await cluster.cancel(JOB_ID);
    await settle();
    expect(cluster.jobDetail(JOB_ID).state).toBe('CANCELED');
    expect(machine.slots.live).toEqual([]);
  });

  test('while tasks are being deployed', async () => {
    const machine = new Machine();
    const cluster = await machine.open();
    machine.slots.reactions.running = false;
    await cluster.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
    await settle();
    await cluster.cancel(JOB_ID);
    await settle();
    expect(cluster.jobDetail(JOB_ID).state).toBe('CANCELED');
  });

  test('while it waits for slots, or for the delay of a restart', async () => {
    const machine = new Machine();
    const cluster = await machine.open({ slots: 2 });
    await cluster.submitGraph(twoVertexGraph({ restart }), program, { jobId: JOB_ID });
    const waiting = await cluster.submitGraph(twoVertexGraph(), program);
    await settle();
    await cluster.cancel(waiting);
    const task = machine.slots.slot(0).task('source', 0);
    task.slot.state(task, 'FAILED', 'boom');
    await settle();
    await cluster.cancel(JOB_ID);
    await settle();
    expect([waiting, JOB_ID].map((id) => cluster.jobDetail(id).state)).toEqual(['CANCELED', 'CANCELED']);
    expect(cluster.overview().slotsAvailable).toBe(2);
  });

  test('when a slot spins: it is terminated after the heartbeat limit', async () => {
    const { machine, cluster, state } = await runningJob();
    machine.slots.reactions.cancel = false;
    machine.slots.reactions.report = false;
    await cluster.cancel(JOB_ID);
    await machine.clock.advance(4_999);
    expect(state()).toBe('CANCELLING');
    await machine.clock.advance(1);
    expect(state()).toBe('CANCELED');
    expect(machine.slots.live).toEqual([]);
  });

  test('when a task answers but does not end: after the cancel limit', async () => {
    const { machine, cluster, state } = await runningJob();
    machine.slots.reactions.cancel = false;
    await cluster.cancel(JOB_ID);
    await machine.clock.advance(1);
    for (const slot of machine.slots.live) slot.sayReports(undefined);
    await machine.clock.advance(29_998);
    expect(state()).toBe('CANCELLING');
    await machine.clock.advance(1);
    expect(state()).toBe('CANCELED');
  });

  test('leaves no timer behind', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    await cluster.cancel(JOB_ID);
    await settle();
    expect(machine.clock.pendingTimers).toBe(0);
  });
});

describe('slots', () => {
  test('that the cluster does not have are said at submission, with the numbers', async () => {
    const machine = new Machine();
    const cluster = await machine.open({ slots: 3 });
    const submission = cluster.submitGraph(twoVertexGraph({ parallelism: 4 }), program);
    await expect(submission).rejects.toThrow(/needs 4 slots \(4 for slot sharing group default\), 3 of 3 are free/);
    expect(cluster.listJobs()).toEqual([]);
  });

  test('that are taken are waited for, in order, up to a limit', async () => {
    const machine = new Machine();
    const cluster = await machine.open({ slots: 2 });
    const first = await cluster.submitGraph(twoVertexGraph(), program);
    const second = await cluster.submitGraph(twoVertexGraph(), program);
    await settle();
    await cluster.cancel(first);
    await settle();
    expect(machine.slots.live.every(({ jobId }) => jobId === second)).toBe(true);
    const third = await cluster.submitGraph(twoVertexGraph(), program);
    await machine.clock.advance(300_000);
    expect(cluster.jobDetail(third)).toMatchObject({ state: 'FAILED', exceptions: { root: { code: 'SLOTS_SHORT' } } });
    expect(cluster.jobDetail(second).state).toBe('RUNNING');
  });
});
