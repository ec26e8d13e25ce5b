// Checkpoints that are asked for: the job's own, beside its periodic ones.
import { describe, expect, test } from 'vitest';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from './support/cluster-fixture.ts';

const TRIGGER = 'b'.repeat(32);

async function runningJob() {
  const machine = new Machine();
  const cluster = await machine.open();
  await cluster.submitGraph(twoVertexGraph({ intervalMs: 60_000 }), program, { jobId: JOB_ID });
  await settle();
  return { machine, cluster, checkpoints: () => cluster.jobDetail(JOB_ID).checkpoints };
}

describe('a checkpoint that is asked for', () => {
  test('completes at once, is what the job recovers from, and is deleted by the next', async () => {
    const { machine, cluster, checkpoints } = await runningJob();
    const triggerId = await cluster.triggerCheckpoint(JOB_ID);
    await settle();
    expect(cluster.operation(triggerId)).toMatchObject({ kind: 'checkpoint', status: 'COMPLETED', checkpointId: 1 });
    expect(checkpoints().latest.completed).toMatchObject({ id: 1, kind: 'checkpoint', discarded: false });
    expect(machine.slots.orders('notify-complete').map(({ checkpointId }) => checkpointId)).toEqual([1, 1]);
    await cluster.triggerCheckpoint(JOB_ID);
    await settle();
    expect(checkpoints().history.map(({ id, discarded }) => [id, discarded])).toEqual([
      [2, false],
      [1, true],
    ]);
    await cluster.shutdown();
    const next = await machine.open();
    await settle();
    expect(next.jobDetail(JOB_ID).checkpoints.latest.restored?.id).toBe(2);
    expect(next.operation(triggerId)).toMatchObject({ status: 'COMPLETED', checkpointId: 1 });
  });

  test('is taken once, however often its trigger id comes', async () => {
    const { cluster, checkpoints } = await runningJob();
    for (let i = 0; i < 3; i++) expect(await cluster.triggerCheckpoint(JOB_ID, TRIGGER)).toBe(TRIGGER);
    await settle();
    expect(checkpoints().counts).toMatchObject({ total: 1, completed: 1 });
  });

  test('does not move the periodic ones', async () => {
    const { machine, cluster, checkpoints } = await runningJob();
    await machine.clock.advance(30_000);
    await cluster.triggerCheckpoint(JOB_ID);
    await machine.clock.advance(30_000);
    expect(checkpoints().counts.completed).toBe(2);
  });

  test('fails with its reason, and the job goes on or restarts as after any other', async () => {
    const { machine, cluster } = await runningJob();
    machine.slots.reactions.acknowledge = false;
    const triggerId = await cluster.triggerCheckpoint(JOB_ID);
    await settle();
    expect(cluster.operation(triggerId).status).toBe('IN_PROGRESS');
    await cluster.cancel(JOB_ID);
    await settle();
    expect(cluster.operation(triggerId)).toMatchObject({ status: 'FAILED', failure: { code: 'CHECKPOINT_ABORTED' } });
    await expect(cluster.triggerCheckpoint(JOB_ID)).rejects.toMatchObject({ code: 'JOB_TERMINATED' });
    await expect(cluster.triggerCheckpoint('c'.repeat(32))).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  test('that a crash cuts off is told as interrupted; the checkpoints of the job stay', async () => {
    const { machine, cluster } = await runningJob();
    await cluster.triggerCheckpoint(JOB_ID);
    await settle();
    machine.slots.reactions.acknowledge = false;
    await cluster.triggerCheckpoint(JOB_ID, TRIGGER);
    await settle();
    machine.files.crashAfter(0);
    const next = await machine.open();
    await settle();
    expect(next.operation(TRIGGER)).toMatchObject({ status: 'FAILED', failure: { code: 'OPERATION_INTERRUPTED' } });
    expect(next.jobDetail(JOB_ID).checkpoints.latest.restored?.id).toBe(1);
  });
});

test.each([
  [10_000, 1000],
  [1000, 1000],
  [250, 250],
  [1, 100],
  [0, 1000],
])('numbers that may be %d ms old are reported every %d ms', async (metricsUpdateIntervalMs, expected) => {
  const machine = new Machine();
  const cluster = await machine.open({ limits: { metricsUpdateIntervalMs } });
  await cluster.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
  await settle();
  expect(new Set(machine.slots.orders('deploy').map(({ reportIntervalMs }) => reportIntervalMs))).toEqual(
    new Set([expected]),
  );
  expect(cluster.metrics.updateIntervalMs).toBe(metricsUpdateIntervalMs);
  expect(cluster.metrics.job(JOB_ID).size > 0).toBe(metricsUpdateIntervalMs > 0);
});
