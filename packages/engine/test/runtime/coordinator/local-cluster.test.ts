import { describe, expect, test } from 'vitest';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from './support/cluster-fixture.ts';

describe('a job from submission to its end', () => {
  test('is deployed to slots, runs, and finishes when all tasks finished', async () => {
    const machine = new Machine();
    const cluster = await machine.open();
    const jobId = await cluster.submitGraph(twoVertexGraph(), program, { jobId: JOB_ID });
    await settle();
    const deployed = machine.slots.orders('deploy');
    expect(deployed.map(({ tasks, channels }) => [tasks.length, channels.length])).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect(cluster.jobDetail(jobId).state).toBe('RUNNING');
    expect(cluster.jobDetail(jobId).vertices.map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING']);
    expect(cluster.overview()).toMatchObject({ slotsTotal: 8, slotsAvailable: 6, jobsRunning: 1 });
    const result = cluster.awaitResult(jobId);
    for (const { slot, ...task } of machine.slots.tasks()) slot.state({ slot, ...task }, 'FINISHED');
    expect(await result).toMatchObject({ jobId });
    expect(cluster.requestJobResult(jobId)).toMatchObject({ status: 'COMPLETED', state: 'FINISHED' });
    expect(cluster.overview()).toMatchObject({ slotsAvailable: 8, jobsRunning: 0, jobsFinished: 1 });
    expect(machine.slots.live).toEqual([]);
    expect(machine.problems).toEqual([]);
  });

  test('is cancelled: tasks end, slots come back, the archive has it', async () => {
    const machine = new Machine();
    const cluster = await machine.open();
    const jobId = await cluster.submitGraph(twoVertexGraph(), program);
    await settle();
    await cluster.cancel(jobId);
    await settle();
    const detail = cluster.jobDetail(jobId);
    expect(detail.state).toBe('CANCELED');
    expect(detail.timestamps.CANCELLING).toBeGreaterThan(0);
    expect(detail.vertices.map(({ status }) => status)).toEqual(['CANCELED', 'CANCELED']);
    expect(machine.slots.live).toEqual([]);
    await expect(cluster.awaitResult(jobId)).rejects.toMatchObject({ code: 'JOB_CANCELED' });
    await expect(cluster.cancel(jobId)).rejects.toMatchObject({ code: 'JOB_TERMINATED' });
  });
});
