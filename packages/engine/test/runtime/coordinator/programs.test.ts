import { expect, test } from 'vitest';
import type { ProgramDriver } from '../../../src/runtime/coordinator/local-cluster-options.ts';
import type { DriverEvents, ProgramDescriptor } from '../../../src/runtime/messages.ts';
import { JOB_ID, Machine, settle, twoVertexGraph } from './support/cluster-fixture.ts';

const graph = twoVertexGraph({ intervalMs: 1000 });

/** A driver whose programs are given as functions. */
function driverOf(main: (events: DriverEvents, program: ProgramDescriptor) => Promise<void>): ProgramDriver {
  return { run: (program, events) => main(events, program) };
}

const submission = { bundlePath: '/home/user/job.cjs', entry: 'default', args: ['--x', '1'], parallelism: 2 };

function finishAll(machine: Machine): void {
  for (const task of machine.slots.tasks()) task.slot.state(task, 'FINISHED');
}

test('a program runs from its own copy; its executions are jobs one after the other, each with the results before it', async () => {
  const machine = new Machine();
  machine.disk.files.set('/home/user/job.cjs', Buffer.from('module.exports = 1'));
  const results: string[] = [];
  const driver = driverOf(async (events) => {
    results.push((await events.onExecute(graph, 0)).jobId);
    results.push((await events.onExecute(graph, 1)).jobId);
  });
  const cluster = await machine.open({ driver });
  const jobId = await cluster.submitJob({ ...submission, jobId: JOB_ID });
  machine.disk.files.delete('/home/user/job.cjs');
  await settle();
  const [deploy] = machine.slots.orders('deploy');
  expect(deploy?.program).toMatchObject({
    entry: 'default',
    args: ['--x', '1'],
    parallelism: 2,
    executeIndex: 0,
    earlierResults: [],
  });
  expect(machine.disk.files.has(deploy!.program.bundlePath)).toBe(true);
  finishAll(machine);
  await settle();
  const second = machine.slots.orders('deploy').at(-1)!;
  expect(second.program).toMatchObject({ executeIndex: 1, earlierResults: [{ jobId }] });
  finishAll(machine);
  await settle();
  expect(results).toEqual([JOB_ID, second.jobId]);
  expect(cluster.overview()).toMatchObject({ jobsFinished: 2, jobsRunning: 0 });
});

test('a program that executes nothing, or throws before, is an error of the submission', async () => {
  const machine = new Machine();
  machine.disk.files.set('/home/user/job.cjs', Buffer.from(''));
  const nothing = await machine.open({ driver: driverOf(async () => {}) });
  await expect(nothing.submitJob(submission)).rejects.toMatchObject({ code: 'NO_JOB_EXECUTED' });
  await nothing.shutdown();
  const throwing = await machine.open({
    driver: driverOf(async () => {
      throw new Error('cannot parse');
    }),
  });
  await expect(throwing.submitJob(submission)).rejects.toThrow('cannot parse');
  expect(throwing.listJobs()).toEqual([]);
});

test('after a crash the program joins its job, answers what had ended from the record, and goes on', async () => {
  const machine = new Machine();
  machine.disk.files.set('/home/user/job.cjs', Buffer.from('x'));
  const seen: string[] = [];
  const driver = driverOf(async (events) => {
    for (let index = 0; index < 3; index++) seen.push(`${index}:${(await events.onExecute(graph, index)).jobId}`);
  });
  const first = await machine.open({ driver });
  await first.submitJob({ ...submission, jobId: JOB_ID });
  await settle();
  finishAll(machine);
  await machine.clock.advance(1500);
  const secondId = machine.slots.orders('deploy').at(-1)!.jobId;
  machine.files.crashAfter(0);
  seen.length = 0;
  const next = await machine.open({ driver });
  await settle();
  expect(seen).toEqual([`0:${JOB_ID}`]);
  expect(next.jobDetail(secondId)).toMatchObject({
    state: 'RUNNING',
    checkpoints: { latest: { restored: { id: 1 } } },
  });
  finishAll(machine);
  await settle();
  expect(seen.slice(0, 2)).toEqual([`0:${JOB_ID}`, `1:${secondId}`]);
  const third = machine.slots.orders('deploy').at(-1)!;
  expect(third.program).toMatchObject({ executeIndex: 2, earlierResults: [{ jobId: JOB_ID }, { jobId: secondId }] });
});

test('output and collected values reach their listeners; one that throws hurts nobody', async () => {
  const machine = new Machine();
  const cluster = await machine.open();
  const seen: unknown[] = [];
  cluster.onOutput(() => {
    throw new Error('listener');
  });
  const unsubscribe = cluster.onOutput(({ text }) => seen.push(text));
  cluster.onCollected('c1', ({ values, end }) => seen.push([values, end]));
  await cluster.submitGraph(twoVertexGraph(), machineProgram());
  await settle();
  const slot = machine.slots.slot(0);
  slot.say({ type: 'output', stream: 'stdout', text: '1> a\n' });
  const executionId = machine.slots.orders('deploy')[0]!.tasks[0]!.executionId;
  slot.say({ type: 'collected', executionId, collectId: 'c1', values: [1, 2], end: false });
  slot.say({ type: 'collected', executionId, collectId: 'c2', values: [3], end: true });
  unsubscribe();
  slot.say({ type: 'output', stream: 'stdout', text: '1> b\n' });
  expect(seen).toEqual(['1> a\n', [[1, 2], false]]);
  expect(machine.problems.join()).toContain('listener');
});

function machineProgram(): ProgramDescriptor {
  return {
    bundlePath: '/program.cjs',
    entry: 'default',
    args: [],
    parallelism: undefined,
    defaults: { parallelism: 1, stateBackend: 'heap', checkpointIntervalMs: undefined },
    executeIndex: 0,
    earlierResults: [],
  };
}
