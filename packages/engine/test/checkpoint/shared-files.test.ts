import { describe, expect, test } from 'vitest';
import { crc32 } from '../../src/checkpoint/crc32.ts';
import { SharedFileRegistry } from '../../src/checkpoint/shared-file-registry.ts';
import type { StateFileHandle } from '../../src/checkpoint/state-handles.ts';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from '../runtime/coordinator/support/cluster-fixture.ts';

test('a shared file is deletable one checkpoint after its last reference went', () => {
  const registry = new SharedFileRegistry();
  registry.register(['base', 'd1']);
  registry.register(['base', 'd1', 'd2']);
  expect(registry.takeDeletable(['base', 'd1'])).toEqual([]);
  registry.register(['base2']);
  expect(registry.takeDeletable(['base', 'd1', 'd2'])).toEqual([]);
  expect(registry.isReferenced('base')).toBe(true);
  registry.register(['base2', 'd1']);
  expect(registry.takeDeletable(['base2'])).toEqual(['base', 'd2']);
  expect(registry.isReferenced('d2')).toBe(false);
});

describe('incremental checkpoints', () => {
  const shared = `/data/checkpoints/${JOB_ID}/shared`;

  async function run(filesOf: (checkpointId: number) => readonly string[]) {
    const machine = new Machine();
    const cluster = await machine.open();
    machine.slots.stateOf = ({ deployment }, checkpointId) => ({
      operators: [
        {
          operatorId: `op-${deployment.vertexId}`,
          keyed: [
            {
              backend: 'disk',
              keyGroups: { start: 0, end: 127 },
              incremental: true,
              files: filesOf(checkpointId).map((name) => sharedFile(machine, name)),
              states: [],
            },
          ],
          operator: [],
        },
      ],
    });
    const graph = twoVertexGraph({ intervalMs: 1000, parallelism: 1, checkpointing: { tolerableFailures: 10 } });
    await cluster.submitGraph(graph, program, { jobId: JOB_ID });
    await settle();
    return {
      machine,
      cluster,
      names: () => machine.files.list(shared).then((entries) => entries.map(({ name }) => name)),
    };
  }

  function sharedFile(machine: Machine, name: string): StateFileHandle {
    const bytes = Buffer.from(name);
    if (!deleted.has(name)) machine.disk.files.set(`${shared}/${name}`, bytes);
    return { location: { kind: 'file', scope: 'shared', path: name }, sizeBytes: bytes.length, crc32: crc32(bytes) };
  }

  const deleted = new Set<string>();

  test('keep the files they share, delete those that no checkpoint refers to any more, and all at the end', async () => {
    const increments: Record<number, string[]> = {
      1: ['base'],
      2: ['base', 'd1'],
      3: ['base', 'd1', 'd2'],
      4: ['base4'],
      5: ['base4', 'd5'],
    };
    const { machine, cluster, names } = await run((id) => increments[id]!);
    await machine.clock.advance(3000);
    expect(await names()).toEqual(['base', 'd1', 'd2']);
    await machine.clock.advance(2000);
    expect(await names()).toEqual(['base4', 'd5']);
    await cluster.cancel(JOB_ID);
    await settle();
    expect(await names()).toEqual([]);
  });

  test('say how much of their state was written for them', async () => {
    const increments: Record<number, string[]> = { 1: ['base'], 2: ['base', 'd1'], 3: ['base', 'd1'] };
    const { machine, cluster } = await run((id) => increments[id]!);
    await machine.clock.advance(3000);
    const { history, summary } = cluster.jobDetail(JOB_ID).checkpoints;
    // Of both subtasks: their base, their first increment, nothing.
    expect(history.map(({ checkpointedBytes }) => checkpointedBytes)).toEqual([0, 4, 8]);
    expect(summary.checkpointedBytes).toMatchObject({ min: 0, max: 8 });
  });

  test('that refer to a file which is not there are not completed', async () => {
    deleted.add('lost');
    const { machine, cluster } = await run((id) => (id === 2 ? ['base', 'lost'] : ['base']));
    await machine.clock.advance(3000);
    const { counts, latest } = cluster.jobDetail(JOB_ID).checkpoints;
    expect(counts).toMatchObject({ completed: 2, failed: 1 });
    expect(latest.failed?.failureMessage).toContain('lost');
  });

  test('leave no orphans after a crash', async () => {
    const { machine, names } = await run(() => ['base']);
    await machine.clock.advance(1000);
    machine.disk.files.set(`${shared}/orphan`, Buffer.from('x'));
    machine.disk.files.set(`/data/checkpoints/${JOB_ID}/chk-9/part`, Buffer.from('x'));
    machine.disk.directories.add(`/data/checkpoints/${JOB_ID}/chk-9`);
    machine.files.crashAfter(0);
    const cluster = await machine.open();
    await settle();
    expect(await names()).toEqual(['base']);
    expect(cluster.jobDetail(JOB_ID).checkpoints.latest.restored?.id).toBe(1);
    expect((await machine.files.list(`/data/checkpoints/${JOB_ID}`)).map(({ name }) => name)).toEqual([
      'chk-1',
      'shared',
      'taskowned',
    ]);
    machine.slots.stateOf = () => ({ operators: [] });
    await machine.clock.advance(1000);
    // 9 had been used by the checkpoint that the crash cut off.
    expect(cluster.jobDetail(JOB_ID).checkpoints.latest.completed?.id).toBe(10);
  });
});
