import { describe, expect, test } from 'vitest';
import { decodeMetadata } from '../../../src/checkpoint/metadata-codec.ts';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from './support/cluster-fixture.ts';
import { inlineState, unionState } from './support/scripted-slots.ts';

const CHECKPOINTS = `/data/checkpoints/${JOB_ID}`;

async function runningJob(options: Parameters<typeof twoVertexGraph>[0] = { intervalMs: 1000 }) {
  const machine = new Machine();
  const cluster = await machine.open();
  await cluster.submitGraph(twoVertexGraph(options), program, { jobId: JOB_ID });
  await settle();
  return { machine, cluster, checkpoints: () => cluster.jobDetail(JOB_ID).checkpoints };
}

describe('periodic checkpoints', () => {
  test('complete when every subtask acknowledged and _metadata is durable; the one before is deleted', async () => {
    const { machine, checkpoints } = await runningJob();
    await machine.clock.advance(2000);
    expect(checkpoints().counts).toEqual({ restored: 0, total: 2, inProgress: 0, completed: 2, failed: 0 });
    expect(checkpoints().history.map(({ id, status, discarded }) => [id, status, discarded])).toEqual([
      [2, 'COMPLETED', false],
      [1, 'COMPLETED', true],
    ]);
    expect(checkpoints().latest.completed).toMatchObject({
      id: 2,
      stateBytes: 40,
      externalPath: `${CHECKPOINTS}/chk-2`,
    });
    expect([...machine.disk.files.keys()].filter((path) => path.startsWith(CHECKPOINTS))).toEqual([
      `${CHECKPOINTS}/chk-2/_metadata`,
    ]);
    const metadata = decodeMetadata(machine.disk.files.get(`${CHECKPOINTS}/chk-2/_metadata`) as Uint8Array, 'here');
    expect(metadata).toMatchObject({ kind: 'checkpoint', checkpointId: 2, jobId: JOB_ID, engineVersion: '0.1.0' });
  });

  test('are not complete, and nobody is told so, while one acknowledgement is missing', async () => {
    const { machine, checkpoints } = await runningJob();
    machine.slots.reactions.acknowledge = false;
    await machine.clock.advance(1000);
    const [first, ...others] = machine.slots.tasks();
    for (const task of others) task.slot.acknowledge(task, 1);
    await settle();
    expect(checkpoints().counts).toMatchObject({ inProgress: 1, completed: 0 });
    expect(machine.slots.orders('notify-complete')).toEqual([]);
    first?.slot.acknowledge(first, 1);
    await settle();
    expect(checkpoints().counts).toMatchObject({ inProgress: 0, completed: 1 });
    expect(machine.slots.orders('notify-complete').map(({ checkpointId }) => checkpointId)).toEqual([1, 1]);
  });

  test('count an acknowledgement once, and ignore those of unknown attempts and checkpoints', async () => {
    const { machine, checkpoints } = await runningJob();
    machine.slots.reactions.acknowledge = false;
    await machine.clock.advance(1000);
    const [first] = machine.slots.tasks();
    const { slot } = first!;
    for (let i = 0; i < 5; i++) slot.acknowledge(first!, 1);
    slot.acknowledge(first!, 99);
    slot.say({
      type: 'checkpoint-ack',
      executionId: 'f'.repeat(32),
      checkpointId: 1,
      state: { operators: [] },
      metrics: { syncMs: 0, asyncMs: 0, alignmentMs: 0, startDelayMs: 0, processedBytes: 0, stateBytes: 0 },
    });
    await settle();
    expect(checkpoints().history[0]).toMatchObject({ acknowledgedCount: 1, status: 'IN_PROGRESS' });
  });

  test('expire; late acknowledgements are discarded and the next checkpoint is unharmed', async () => {
    const { machine, cluster, checkpoints } = await runningJob({
      intervalMs: 1000,
      checkpointing: { timeoutMs: 500, tolerableFailures: 1 },
    });
    machine.slots.reactions.acknowledge = false;
    await machine.clock.advance(1500);
    expect(checkpoints().latest.failed?.failureMessage).toContain('expired');
    expect(machine.slots.orders('notify-aborted').map(({ checkpointId }) => checkpointId)).toEqual([1, 1]);
    for (const task of machine.slots.tasks()) task.slot.acknowledge(task, 1);
    machine.slots.reactions.acknowledge = true;
    await machine.clock.advance(500);
    expect(checkpoints().counts).toMatchObject({ completed: 1, failed: 1 });
    expect(cluster.jobDetail(JOB_ID).state).toBe('RUNNING');
  });

  test('fail the job when more fail in a row than are tolerated; it restarts from the last one', async () => {
    const { machine, cluster, checkpoints } = await runningJob({
      intervalMs: 1000,
      restart: { kind: 'fixed-delay', attempts: 1, delayMs: 100 },
    });
    await machine.clock.advance(1000);
    machine.slots.reactions.acknowledge = false;
    await machine.clock.advance(1000);
    const [task] = machine.slots.tasks();
    task!.slot.say({
      type: 'checkpoint-declined',
      executionId: task!.deployment.executionId,
      checkpointId: 2,
      error: { name: 'Error', message: 'disk full', stack: undefined, code: undefined },
    });
    await settle();
    expect(cluster.jobDetail(JOB_ID).state).toBe('RESTARTING');
    expect(cluster.jobDetail(JOB_ID).exceptions.root).toMatchObject({ code: 'CHECKPOINT_FAILURES_EXCEEDED' });
    await machine.clock.advance(100);
    expect(cluster.jobDetail(JOB_ID).state).toBe('RUNNING');
    const redeployed = machine.slots
      .orders('deploy')
      .slice(2)
      .flatMap(({ tasks }) => tasks);
    expect(redeployed.map(({ attemptNumber, restore }) => [attemptNumber, restore?.checkpointId])).toEqual(
      Array.from({ length: 4 }, () => [1, 1]),
    );
    expect(checkpoints().latest.restored).toMatchObject({ id: 1, kind: 'checkpoint' });
  });

  test('that cannot be stored fail, count, and leave nothing behind', async () => {
    const { machine, cluster, checkpoints } = await runningJob({
      intervalMs: 1000,
      checkpointing: { tolerableFailures: 5 },
    });
    machine.files.failWrites = (path) => path.endsWith('_metadata');
    await machine.clock.advance(1000);
    expect(checkpoints().latest.failed?.failureMessage).toContain('ENOSPC');
    expect(machine.slots.orders('notify-complete')).toEqual([]);
    expect([...machine.disk.directories].filter((path) => path.includes('chk-'))).toEqual([]);
    machine.files.failWrites = undefined;
    await machine.clock.advance(1000);
    expect(checkpoints().counts).toMatchObject({ completed: 1, failed: 1 });
    expect(cluster.jobDetail(JOB_ID).state).toBe('RUNNING');
  });

  test('keep minimum pause and number under way', async () => {
    const { machine, checkpoints } = await runningJob({ intervalMs: 100, checkpointing: { minPauseMs: 250 } });
    await machine.clock.advance(1000);
    const starts = checkpoints()
      .history.map(({ triggerTimestampMs }) => triggerTimestampMs)
      .reverse();
    expect(starts.map((start) => start - starts[0]!)).toEqual([0, 250, 500, 750]);
    machine.slots.reactions.acknowledge = false;
    await machine.clock.advance(2000);
    expect(checkpoints().counts.inProgress).toBe(1);
  });

  test('go on with the tasks that still run; those that finished are not run again after a failure', async () => {
    const { machine, checkpoints } = await runningJob({ intervalMs: 1000 });
    const source = machine.slots.slot(0).task('source', 0);
    source.slot.state(source, 'FINISHED');
    await machine.clock.advance(1000);
    expect(checkpoints().latest.completed?.tasks.map(({ finishedSubtasks }) => finishedSubtasks)).toEqual([[0], []]);
    const sink = machine.slots.slot(1).task('sink', 1);
    sink.slot.state(sink, 'FAILED', 'boom');
    await machine.clock.advance(1000);
    const redeployed = machine.slots
      .orders('deploy')
      .slice(2)
      .flatMap(({ tasks }) => tasks);
    expect(
      redeployed.map(({ vertexId, subtaskIndex, restore }) => [vertexId, subtaskIndex, restore?.finished]),
    ).toEqual([
      ['source', 0, true],
      ['sink', 0, undefined],
      ['source', 1, undefined],
      ['sink', 1, undefined],
    ]);
  });

  test('start at every subtask that nothing running feeds, and every slot hears of them', async () => {
    const { machine } = await runningJob({ intervalMs: 1000, partitioner: 'forward' });
    const source = machine.slots.slot(1).task('source', 1);
    source.slot.state(source, 'FINISHED');
    await machine.clock.advance(1000);
    expect(machine.slots.orders('trigger-checkpoint').map(({ sources }) => sources)).toEqual([
      [{ vertexId: 'source', subtaskIndex: 0 }],
      [{ vertexId: 'sink', subtaskIndex: 1 }],
    ]);
    const last = machine.slots.slot(0).task('source', 0);
    last.slot.state(last, 'FINISHED');
    const sink = machine.slots.slot(0).task('sink', 0);
    sink.slot.state(sink, 'FINISHED');
    await machine.clock.advance(1000);
    expect(
      machine.slots
        .orders('trigger-checkpoint')
        .slice(2)
        .map(({ sources }) => sources),
    ).toEqual([[{ vertexId: 'sink', subtaskIndex: 1 }]]);
  });

  test('count a task that finishes while one is under way as finished in it', async () => {
    const { machine, checkpoints } = await runningJob({ intervalMs: 1000 });
    machine.slots.reactions.acknowledge = false;
    await machine.clock.advance(1000);
    const [source, ...others] = machine.slots.tasks();
    for (const task of others) task.slot.acknowledge(task, 1);
    source!.slot.state(source!, 'FINISHED');
    await settle();
    expect(checkpoints().counts.completed).toBe(1);
    expect(checkpoints().history[0]?.tasks[0]?.finishedSubtasks).toEqual([0]);
  });

  test('a task that waits for a last checkpoint gets it at once', async () => {
    const { machine, checkpoints } = await runningJob({ intervalMs: 3_600_000 });
    const [task] = machine.slots.tasks();
    task!.slot.say({ type: 'awaiting-final-checkpoint', executionId: task!.deployment.executionId });
    await settle();
    expect(checkpoints().counts.completed).toBe(1);
  });

  // Else the first subtask would finish, and no checkpoint that the second one waits for could complete any more.
  test.each([
    ['do not complete until the other does, with union state', 'any', 0],
    ['complete, where the union is that of window watermarks', 'window-progress', 2],
  ] as const)('in which only one subtask waits for its last checkpoint %s', async (_, stateName, completed) => {
    const { machine, cluster, checkpoints } = await runningJob();
    const over = new Set([0]);
    machine.slots.stateOf = (task) => {
      const state = unionState(task, stateName);
      const isOver = task.deployment.vertexId === 'sink' && over.has(task.deployment.subtaskIndex);
      return isOver ? { ...state, operatorsFinished: true } : state;
    };
    await machine.clock.advance(2000);
    expect(checkpoints().counts.completed).toBe(completed);
    over.add(1);
    await machine.clock.advance(1000);
    expect(checkpoints().counts.completed).toBe(completed + 1);
    expect(cluster.jobDetail(JOB_ID)).toMatchObject({ state: 'RUNNING', restarts: 0 });
  });
});

describe('savepoints', () => {
  test('complete with a location that survives the cluster, and are neither notified nor restored from', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    const trigger = await cluster.triggerSavepoint(JOB_ID, { directory: 'file:/there' });
    await settle();
    const { location, status } = cluster.operation(trigger);
    expect(status).toBe('COMPLETED');
    expect(location).toMatch(/^\/there\/savepoint-aaaaaa-[0-9a-f]{12}$/);
    expect(machine.disk.files.has(`${location}/_metadata`)).toBe(true);
    expect(machine.slots.orders('notify-complete')).toEqual([]);
    expect(machine.slots.orders('trigger-checkpoint')[0]?.options).toMatchObject({
      kind: 'savepoint',
      alignment: 'aligned',
    });
    await cluster.shutdown();
    const next = await machine.open();
    expect(next.operation(trigger)).toMatchObject({ status: 'COMPLETED', location });
  });

  test('and checkpoints are triggered in the order of their numbers, however long a directory takes', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    let makeDirectory = (): void => {};
    const { createDirectory } = machine.files;
    machine.files.createDirectory = async (path) => {
      if (path.startsWith('/slow')) await new Promise<void>((resolve) => (makeDirectory = resolve));
      return createDirectory.call(machine.files, path);
    };
    await cluster.triggerSavepoint(JOB_ID, { directory: 'file:/slow' });
    await machine.clock.advance(1000);
    expect(machine.slots.orders('trigger-checkpoint')).toEqual([]);
    makeDirectory();
    await settle();
    const numbers = machine.slots.orders('trigger-checkpoint').map(({ checkpointId }) => checkpointId);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers)).toEqual(new Set([1, 2]));
  });

  test('need a directory', async () => {
    const machine = new Machine();
    const cluster = await machine.open({ savepointsDirectory: undefined });
    await cluster.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
    await expect(cluster.triggerSavepoint(JOB_ID, {})).rejects.toThrow('Property [target-directory] must be provided.');
    await expect(cluster.stopWithSavepoint(JOB_ID, {})).rejects.toThrow('Property [targetDirectory] must be provided.');
  });

  test('with the same trigger id are one', async () => {
    const { cluster, checkpoints } = await runningJob();
    const triggerId = 'b'.repeat(32);
    await cluster.triggerSavepoint(JOB_ID, { triggerId });
    await cluster.triggerSavepoint(JOB_ID, { triggerId });
    await settle();
    expect(checkpoints().counts.total).toBe(1);
  });

  test('are taken without checkpointing, and while a checkpoint is under way', async () => {
    const { machine, cluster, checkpoints } = await runningJob({ intervalMs: 1000 });
    machine.slots.reactions.acknowledge = false;
    await machine.clock.advance(1000);
    const trigger = await cluster.triggerSavepoint(JOB_ID, {});
    await settle();
    expect(checkpoints().counts.inProgress).toBe(2);
    for (const task of machine.slots.tasks()) task.slot.acknowledge(task, 2);
    await settle();
    expect(cluster.operation(trigger).status).toBe('COMPLETED');
    expect(checkpoints().counts).toMatchObject({ inProgress: 1, completed: 1 });
  });

  test('with cancel: complete, notified, then the job is cancelled', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    const trigger = await cluster.triggerSavepoint(JOB_ID, { cancelJob: true });
    await settle();
    expect(cluster.jobDetail(JOB_ID).state).toBe('CANCELED');
    expect(cluster.operation(trigger).status).toBe('COMPLETED');
    const received = machine.slots.slot(0).received.map(({ type }) => type);
    expect(received.indexOf('notify-complete')).toBeLessThan(received.indexOf('cancel'));
  });

  test.each([true, false])('stop with drain %s: the job finishes and the operation completes', async (drain) => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    const trigger = await cluster.stopWithSavepoint(JOB_ID, { drain });
    await settle();
    expect(machine.slots.orders('trigger-checkpoint')[0]?.options.stop).toBe(drain ? 'drain' : 'suspend');
    expect(cluster.jobDetail(JOB_ID).state).toBe('FINISHED');
    expect(cluster.operation(trigger)).toMatchObject({ status: 'COMPLETED' });
  });

  test('a stop whose savepoint fails restarts the job from its last checkpoint', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    await machine.clock.advance(1000);
    machine.files.failWrites = (path) => path.startsWith('/savepoints') && path.endsWith('_metadata');
    const trigger = await cluster.stopWithSavepoint(JOB_ID, {});
    await machine.clock.advance(10);
    expect(cluster.operation(trigger)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'CHECKPOINT_STORE_FAILED' },
    });
    expect(cluster.jobDetail(JOB_ID).state).toBe('RUNNING');
    expect(machine.slots.orders('deploy').at(-1)?.tasks[0]?.restore?.checkpointId).toBe(1);
    await machine.clock.advance(1000);
    expect(cluster.jobDetail(JOB_ID).checkpoints.latest.completed?.id).toBe(3);
  });

  test.each(['stop', 'cancel'] as const)(
    'a %s asked for before all tasks run is refused, and the job goes on',
    async (end) => {
      const machine = new Machine();
      const cluster = await machine.open();
      machine.slots.reactions.ready = false;
      await cluster.submitGraph(twoVertexGraph({ intervalMs: 1000 }), program, { jobId: JOB_ID });
      await settle();
      const trigger =
        end === 'stop'
          ? await cluster.stopWithSavepoint(JOB_ID, {})
          : await cluster.triggerSavepoint(JOB_ID, { cancelJob: true });
      await settle();
      expect(cluster.operation(trigger)).toMatchObject({ status: 'FAILED', failure: { code: 'JOB_NOT_RUNNING' } });
      for (const slot of machine.slots.live) slot.say({ type: 'ready' });
      await machine.clock.advance(1000);
      expect(cluster.jobDetail(JOB_ID).state).toBe('RUNNING');
      expect(machine.slots.orders('deploy').flatMap(({ tasks }) => tasks)).toHaveLength(machine.slots.tasks().length);
      expect(cluster.jobDetail(JOB_ID).checkpoints.counts.completed).toBe(1);
    },
  );

  test('a failure between the stop savepoint and the end names the savepoint and restarts nothing', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    machine.slots.reactions.finishOnStop = false;
    const trigger = await cluster.stopWithSavepoint(JOB_ID, {});
    await settle();
    const [task] = machine.slots.tasks();
    task!.slot.state(task!, 'FAILED', 'commit failed');
    await machine.clock.advance(5000);
    expect(cluster.jobDetail(JOB_ID).state).toBe('FAILED');
    expect(cluster.jobDetail(JOB_ID).exceptions.root?.code).toBe('STOP_INCOMPLETE');
    expect(cluster.operation(trigger)).toMatchObject({ status: 'COMPLETED' });
  });

  test('no checkpoint begins behind a savepoint that ends the job, although its tasks end at different moments', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    machine.slots.reactions.finishOnStop = false;
    await cluster.stopWithSavepoint(JOB_ID, {});
    await settle();
    const [first, ...others] = machine.slots.tasks();
    first!.slot.state(first!, 'FINISHED');
    await machine.clock.advance(5000);
    expect(new Set(machine.slots.orders('trigger-checkpoint').map(({ options }) => options.kind))).toEqual(
      new Set(['savepoint']),
    );
    for (const task of others) task.slot.state(task, 'FINISHED');
    await settle();
    expect(cluster.jobDetail(JOB_ID).state).toBe('FINISHED');
  });

  test('a second stop is refused while one is in progress', async () => {
    const { machine, cluster } = await runningJob();
    machine.slots.reactions.acknowledge = false;
    await cluster.stopWithSavepoint(JOB_ID, {});
    await expect(cluster.stopWithSavepoint(JOB_ID, {})).rejects.toMatchObject({ code: 'STOP_IN_PROGRESS' });
    await cluster.triggerSavepoint(JOB_ID, {});
  });

  test.each(['FINISHED', 'CANCELED', 'FAILED'] as const)(
    'are refused while a %s job is being archived, and its result says already how it ended',
    async (end) => {
      const { machine, cluster } = await runningJob({ restart: { kind: 'none' } });
      const known = await cluster.triggerSavepoint(JOB_ID, { triggerId: 'c'.repeat(32) });
      await settle();
      machine.files.failWrites = (path) => path.includes('/archive/');
      for (const task of machine.slots.tasks()) {
        if (end === 'FINISHED') task.slot.state(task, 'FINISHED');
        if (end === 'FAILED') task.slot.state(task, 'FAILED', 'broken');
      }
      if (end === 'CANCELED') await cluster.cancel(JOB_ID);
      await settle();
      expect(cluster.jobDetail(JOB_ID).state).toBe(end);
      expect(cluster.requestJobResult(JOB_ID)).toMatchObject({
        status: 'COMPLETED',
        state: end,
        failure: end === 'FAILED' ? { message: 'broken' } : undefined,
      });
      const refusal = { code: 'JOB_TERMINATED', message: expect.stringContaining(end) };
      await expect(cluster.triggerSavepoint(JOB_ID, {})).rejects.toMatchObject(refusal);
      await expect(cluster.triggerSavepoint(JOB_ID, { cancelJob: true })).rejects.toMatchObject(refusal);
      await expect(cluster.stopWithSavepoint(JOB_ID, {})).rejects.toMatchObject(refusal);
      // A repeated trigger gets the answer to the first, whatever became of the job.
      expect(await cluster.triggerSavepoint(JOB_ID, { triggerId: known })).toBe(known);
      expect(await cluster.stopWithSavepoint(JOB_ID, { triggerId: known })).toBe(known);
    },
  );

  test('fail at once while the last checkpoint of a job that ended is being written', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    let write = (): void => {};
    const { writeAtomic } = machine.files;
    machine.files.writeAtomic = async (path, content) => {
      if (path.endsWith('/chk-1/_metadata')) await new Promise<void>((resolve) => (write = resolve));
      return writeAtomic.call(machine.files, path, content);
    };
    await machine.clock.advance(1000);
    for (const task of machine.slots.tasks()) task.slot.state(task, 'FINISHED');
    await settle();
    const triggers = [
      await cluster.triggerSavepoint(JOB_ID, {}),
      await cluster.triggerSavepoint(JOB_ID, { cancelJob: true }),
    ];
    await settle();
    for (const trigger of triggers) {
      expect(cluster.operation(trigger)).toMatchObject({ status: 'FAILED', failure: { code: 'JOB_NOT_RUNNING' } });
    }
    write();
    await settle();
    expect(cluster.jobDetail(JOB_ID).state).toBe('FINISHED');
  });

  test('start another job, whose ids go on from there', async () => {
    const { machine, cluster } = await runningJob({ intervalMs: 1000 });
    machine.slots.stateOf = (task) => inlineState(task, Uint8Array.of(task.deployment.subtaskIndex));
    await machine.clock.advance(1000);
    const trigger = await cluster.triggerSavepoint(JOB_ID, { cancelJob: true });
    await settle();
    const { location } = cluster.operation(trigger);
    const other = await cluster.submitGraph(twoVertexGraph({ intervalMs: 1000, parallelism: 3 }), program, {
      savepointPath: `file:${location}/_metadata`,
    });
    await settle();
    const restores = machine.slots
      .orders('deploy')
      .slice(-3)
      .flatMap(({ tasks }) => tasks.map(({ restore }) => restore));
    expect(restores.every((restore) => restore?.checkpointId === 2)).toBe(true);
    await machine.clock.advance(1000);
    expect(cluster.jobDetail(other).checkpoints.latest).toMatchObject({
      completed: { id: 3 },
      restored: { id: 2, kind: 'savepoint', externalPath: location },
    });
  });

  test('are disposed of, out of history first; not while a job would restore from them; not twice', async () => {
    const { cluster, machine } = await runningJob({ intervalMs: 1000 });
    const { location } = cluster.operation(await completed(cluster.triggerSavepoint(JOB_ID, {})));
    const other = await cluster.submitGraph(twoVertexGraph({ intervalMs: 3000 }), program, { savepointPath: location });
    await settle();
    const refused = cluster.operation(await completed(cluster.disposeSavepoint(location!)));
    expect(refused).toMatchObject({ status: 'FAILED', failure: { code: 'SAVEPOINT_IN_USE' } });
    await machine.clock.advance(3000);
    expect(cluster.jobDetail(other).checkpoints.counts.completed).toBe(1);
    const disposed = cluster.operation(await completed(cluster.disposeSavepoint(`file:${location}`)));
    expect(disposed.status).toBe('COMPLETED');
    expect(
      [...machine.disk.files.keys(), ...machine.disk.directories].filter((path) => path.startsWith(location!)),
    ).toEqual([]);
    expect(cluster.jobDetail(JOB_ID).checkpoints.latest.savepoint?.discarded).toBe(true);
    const ended = cluster.operation(await completed(cluster.triggerSavepoint(JOB_ID, { cancelJob: true })));
    await completed(cluster.disposeSavepoint(ended.location!));
    expect(cluster.jobDetail(JOB_ID).checkpoints.latest.savepoint).toMatchObject({
      externalPath: ended.location,
      discarded: true,
    });
    const again = cluster.operation(await completed(cluster.disposeSavepoint(location!)));
    expect(again.failure).toMatchObject({ code: 'METADATA_MISSING' });
  });

  test.each([
    ['nothing', (bytes: Uint8Array) => [...bytes.slice(0, 0)], 'METADATA_CORRUPT'],
    ['half', (bytes: Uint8Array) => bytes.slice(0, bytes.length / 2), 'METADATA_CORRUPT'],
    [
      'one byte changed',
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
      'METADATA_CORRUPT',
    ],
    ['a byte more', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0), 'METADATA_CORRUPT'],
    ['a newer version', (bytes: Uint8Array) => bytes.map((byte, i) => (i === 8 ? 9 : byte)), 'METADATA_NEWER'],
    ['another format', () => Buffer.from('{"some": "json that is long enough"}'), 'METADATA_CORRUPT'],
  ])('damaged (%s) are refused and nothing is accepted', async (_what, damage, code) => {
    const { cluster, machine } = await runningJob({ intervalMs: 1000 });
    const { location } = cluster.operation(await completed(cluster.triggerSavepoint(JOB_ID, {})));
    const path = `${location}/_metadata`;
    machine.disk.files.set(path, Uint8Array.from(damage(machine.disk.files.get(path)!)));
    const submission = cluster.submitGraph(twoVertexGraph(), program, { savepointPath: location });
    await expect(submission).rejects.toMatchObject({ code });
    expect(cluster.listJobs()).toHaveLength(1);
    machine.disk.files.delete(path);
    const without = cluster.submitGraph(twoVertexGraph(), program, { savepointPath: location });
    await expect(without).rejects.toThrow('holds no _metadata');
  });

  test('whose state has no owner are refused by name unless allowed', async () => {
    const { cluster, machine } = await runningJob({ intervalMs: 1000 });
    machine.slots.stateOf = (task) => inlineState(task, Uint8Array.of(1));
    const { location } = cluster.operation(await completed(cluster.triggerSavepoint(JOB_ID, {})));
    const graph = twoVertexGraph();
    const renamed = {
      ...graph,
      vertices: graph.vertices.map((vertex) => ({
        ...vertex,
        operators: vertex.operators.map((operator) => ({ ...operator, operatorId: `new-${operator.operatorId}` })),
      })),
    };
    await expect(cluster.submitGraph(renamed, program, { savepointPath: location })).rejects.toThrow(
      /operator "source" \(uid not set, id op-source, states: position\); operator "sink"/,
    );
    await cluster.submitGraph(renamed, program, { savepointPath: location, allowNonRestoredState: true });
  });
});

async function completed(trigger: Promise<string>): Promise<string> {
  const id = await trigger;
  await settle();
  return id;
}
