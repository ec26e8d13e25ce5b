// C6: the process dies after any number of changes to the disk; the next one finds every accepted job and resumes it from its newest
// complete checkpoint, or finds it ended; never both, never twice.
import { describe, expect, test } from 'vitest';
import type { LocalCluster } from '../../../src/runtime/coordinator/local-cluster.ts';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from './support/cluster-fixture.ts';
import { inlineState } from './support/scripted-slots.ts';

/** What the world outside was told before the crash. */
interface Told {
  accepted: boolean;
  finished: boolean;
  cancelled: boolean;
  savepoint: string | undefined;
  stopTrigger: string | undefined;
}

type Scenario = (machine: Machine, cluster: LocalCluster, told: Told) => Promise<void>;

const graph = twoVertexGraph({ intervalMs: 1000 });

async function submit(machine: Machine, cluster: LocalCluster, told: Told): Promise<void> {
  machine.slots.stateOf = (task, checkpointId) => inlineState(task, Uint8Array.of(checkpointId));
  void cluster.submitGraph(graph, program, { jobId: JOB_ID }).then(() => {
    told.accepted = true;
  });
  await settle();
}

const finishes: Scenario = async (machine, cluster, told) => {
  await submit(machine, cluster, told);
  await machine.clock.advance(3000);
  if (told.accepted) void cluster.awaitResult(JOB_ID).then(() => (told.finished = true), ignore);
  for (const task of machine.slots.tasks()) task.slot.state(task, 'FINISHED');
  await settle();
};

const isCancelled: Scenario = async (machine, cluster, told) => {
  await submit(machine, cluster, told);
  await machine.clock.advance(2000);
  if (told.accepted) void cluster.cancel(JOB_ID).then(() => (told.cancelled = true), ignore);
  await machine.clock.advance(100);
};

const stopsWithSavepoint: Scenario = async (machine, cluster, told) => {
  await submit(machine, cluster, told);
  await machine.clock.advance(2000);
  if (told.accepted) void cluster.stopWithSavepoint(JOB_ID, {}).then((id) => (told.stopTrigger = id), ignore);
  await machine.clock.advance(100);
  if (told.stopTrigger !== undefined) told.savepoint = cluster.operation(told.stopTrigger).location;
};

const restartsAfterFailure: Scenario = async (machine, cluster, told) => {
  await submit(machine, cluster, told);
  await machine.clock.advance(2000);
  const [task] = machine.slots.tasks();
  task?.slot.state(task, 'FAILED', 'boom');
  await machine.clock.advance(3500);
};

describe.each([
  ['a job that finishes', finishes],
  ['a job that is cancelled', isCancelled],
  ['a job that stops with a savepoint', stopsWithSavepoint],
  ['a job that restarts', restartsAfterFailure],
])('%s', (_name, scenario) => {
  test('survives a crash after every change, and a second crash during the recovery', async () => {
    const total = await changesOf(scenario);
    expect(total).toBeGreaterThan(10);
    for (let crashAt = 1; crashAt <= total; crashAt++) {
      const { machine, told, notified } = await crash(scenario, crashAt);
      // The second process dies, too, after a few changes of its own.
      await dieWhileRecovering(machine, crashAt % 7);
      const cluster = await machine.open();
      machine.slots.stateOf = (task, checkpointId) => inlineState(task, Uint8Array.of(checkpointId));
      await settle();
      checkRecovered(machine, cluster, told, notified, crashAt);
      await checkGoesOn(machine, cluster, crashAt);
      await cluster.shutdown();
      expect(leftovers(machine), `crash after ${crashAt}`).toEqual([]);
    }
  });
});

async function changesOf(scenario: Scenario): Promise<number> {
  const machine = new Machine();
  const cluster = await machine.open();
  const before = machine.files.changes;
  await scenario(machine, cluster, newTold());
  return machine.files.changes - before;
}

async function crash(scenario: Scenario, crashAt: number) {
  const machine = new Machine();
  const cluster = await machine.open();
  machine.files.crashAfter(machine.files.changes + crashAt);
  const told = newTold();
  await scenario(machine, cluster, told);
  const notified = Math.max(0, ...machine.slots.orders('notify-complete').map(({ checkpointId }) => checkpointId));
  return { machine, told, notified };
}

async function dieWhileRecovering(machine: Machine, changes: number): Promise<void> {
  const opening = machine.open();
  machine.files.crashAfter(1 + changes);
  void opening.catch(ignore);
  await settle();
  await machine.clock.advance(10);
}

function checkRecovered(machine: Machine, cluster: LocalCluster, told: Told, notified: number, crashAt: number): void {
  const jobs = cluster.listJobs();
  const at = `crash after ${crashAt}`;
  if (told.accepted) expect(jobs, at).toHaveLength(1);
  const [job] = jobs;
  if (told.finished) expect(job?.state, at).toBe('FINISHED');
  if (told.cancelled) expect(job?.state, at).toBe('CANCELED');
  if (told.savepoint !== undefined) {
    expect(job?.state, at).toBe('FINISHED');
    expect(cluster.operation(told.stopTrigger!), at).toMatchObject({ status: 'COMPLETED', location: told.savepoint });
    expect(machine.disk.files.has(`${told.savepoint}/_metadata`), at).toBe(true);
  }
  if (told.stopTrigger !== undefined) expect(cluster.operation(told.stopTrigger).status, at).not.toBe('IN_PROGRESS');
  if (job?.state !== 'RUNNING') return;
  // Sinks may have committed up to what was notified: never resume from before it.
  const restored = machine.slots
    .orders('deploy')
    .flatMap(({ tasks }) => tasks.map(({ restore }) => restore?.checkpointId ?? 0));
  expect(restored, at).toHaveLength(4);
  expect(new Set(restored).size, at).toBe(1);
  expect(restored[0], at).toBeGreaterThanOrEqual(notified);
}

/** A resumed job takes new checkpoints under new ids and finishes. */
async function checkGoesOn(machine: Machine, cluster: LocalCluster, crashAt: number): Promise<void> {
  const [job] = cluster.listJobs();
  if (job?.state !== 'RUNNING') return;
  const ids = () => cluster.jobDetail(JOB_ID).checkpoints.latest.completed?.id ?? 0;
  const restoredId = cluster.jobDetail(JOB_ID).checkpoints.latest.restored?.id ?? 0;
  await machine.clock.advance(1000);
  expect(ids(), `crash after ${crashAt}`).toBeGreaterThan(restoredId);
  for (const task of machine.slots.tasks()) task.slot.state(task, 'FINISHED');
  await settle();
  expect(cluster.requestJobResult(JOB_ID)).toMatchObject({ state: 'FINISHED' });
}

/** Nothing of an ended job stays but its archive entry, its operations and its savepoints. */
function leftovers(machine: Machine): readonly string[] {
  const kept = [
    /^\/data\/archive\/a{32}\.json$/,
    /^\/data\/archive\/index\.jsonl$/,
    /^\/data\/lock-\d+$/,
    /^\/data\/operations\//,
    /^\/savepoints\/savepoint-aaaaaa-[0-9a-f]+\/_metadata$/,
  ];
  return [...machine.disk.files.keys()].filter((path) => !kept.some((pattern) => pattern.test(path)));
}

function newTold(): Told {
  return { accepted: false, finished: false, cancelled: false, savepoint: undefined, stopTrigger: undefined };
}

function ignore(): void {}
