import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  CheckpointMetadata,
  OperatorMetadata,
  SubtaskMetadata,
} from '../../src/checkpoint/checkpoint-metadata.ts';
import { assignState } from '../../src/checkpoint/state-assignment.ts';
import type { KeyedStateHandle, OperatorStateHandle, StateFileHandle } from '../../src/checkpoint/state-handles.ts';
import { computeKeyGroupRange } from '../../src/state/key-groups.ts';

const MAX_PARALLELISM = 128;

function file(path: string): StateFileHandle {
  return { location: { kind: 'file', scope: 'exclusive', path }, sizeBytes: 1, crc32: 0 };
}

function keyedHandle(parallelism: number, index: number): KeyedStateHandle {
  const keyGroups = computeKeyGroupRange(MAX_PARALLELISM, parallelism, index);
  return { backend: 'heap', keyGroups, files: [file(`keyed-${index}`)], incremental: false, states: [] };
}

function operatorHandle(index: number, entries: OperatorStateHandle['entries']): OperatorStateHandle {
  return { file: file(`list-${index}`), entries, states: [] };
}

function operator(
  parallelism: number,
  subtasks: readonly SubtaskMetadata[],
  change: Partial<OperatorMetadata> = {},
): OperatorMetadata {
  return {
    operatorId: 'op',
    uid: 'my-uid',
    name: 'My operator',
    vertexId: 'v',
    vertexName: 'v',
    parallelism,
    maxParallelism: MAX_PARALLELISM,
    states: [{ name: 'counts', kind: 'value', serializer: 'long', serializerVersion: 1 }],
    finishedSubtasks: [],
    subtasks,
    ...change,
  };
}

function metadata(...operators: readonly OperatorMetadata[]): CheckpointMetadata {
  return {
    kind: 'savepoint',
    checkpointId: 7,
    jobId: 'a'.repeat(32),
    jobName: 'job',
    triggerTimestampMs: 1,
    completionTimestampMs: 2,
    engineVersion: '0.1.0',
    programDigest: undefined,
    graphHash: 'h',
    sharedDirectory: undefined,
    operators,
  };
}

function graph(
  parallelism: number,
  change: { maxParallelism?: number; operatorIds?: readonly string[]; uidHash?: string } = {},
) {
  return {
    vertices: [
      {
        id: 'v',
        name: 'v',
        parallelism,
        maxParallelism: change.maxParallelism ?? MAX_PARALLELISM,
        slotSharingGroup: 'default',
        isSource: false,
        operators: (change.operatorIds ?? ['op']).map((operatorId) => ({
          operatorId,
          name: operatorId,
          uid: undefined,
          uidHash: change.uidHash,
          keyed: true,
        })),
      },
    ],
  };
}

const parallelisms = fc.integer({ min: 1, max: 16 });

describe('rescaling', () => {
  test('every key group is restored by exactly one subtask, from exactly one handle', () => {
    fc.assert(
      fc.property(parallelisms, parallelisms, (before, after) => {
        const subtasks = Array.from({ length: before }, (_, index) => ({
          index,
          keyed: [keyedHandle(before, index)],
          operator: [],
        }));
        const restores = assignState(metadata(operator(before, subtasks)), graph(after), false).v!;
        const owners = Array.from({ length: MAX_PARALLELISM }, () => 0);
        restores.forEach((restore, index) => {
          const own = computeKeyGroupRange(MAX_PARALLELISM, after, index);
          for (const handle of restore.operators[0]!.keyed) {
            const from = Math.max(handle.keyGroups.start, own.start);
            const to = Math.min(handle.keyGroups.end, own.end);
            expect(from).toBeLessThanOrEqual(to);
            for (let group = from; group <= to; group++) owners[group]! += 1;
          }
        });
        expect(owners).toEqual(Array.from({ length: MAX_PARALLELISM }, () => 1));
      }),
    );
  });

  test('every element of split state lands once, evenly; union and broadcast everywhere', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(sizes, parallelisms, (elements, after) => {
        const before = elements.length;
        const subtasks = elements.map((count, index) => ({
          index,
          keyed: [],
          operator: [
            operatorHandle(index, [
              { name: 'split', mode: 'split', offsets: Array.from({ length: count }, (_, i) => i * 8) },
              { name: 'union', mode: 'union', offsets: [100] },
              { name: 'broadcast', mode: 'broadcast', offsets: [200] },
            ]),
          ],
        }));
        const restores = assignState(metadata(operator(before, subtasks)), graph(after), false).v!;
        const placed = restores.map(({ operators }) => ({
          split: offsetsOf(operators[0]!.operator, 'split'),
          union: offsetsOf(operators[0]!.operator, 'union'),
          broadcast: offsetsOf(operators[0]!.operator, 'broadcast'),
        }));
        const all = elements.flatMap((count, index) =>
          Array.from({ length: count }, (_, i) => `list-${index}@${i * 8}`),
        );
        expect(placed.flatMap(({ split }) => split).sort()).toEqual([...all].sort());
        if (before !== after) {
          const counts = placed.map(({ split }) => split.length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
        for (const { union, broadcast } of placed) {
          expect([...union].sort()).toEqual(elements.map((_, index) => `list-${index}@100`).sort());
          expect(broadcast).toHaveLength(1);
        }
      }),
    );
  });

  test('at the same parallelism each subtask gets its own back', () => {
    const subtasks = [0, 1, 2].map((index) => ({
      index,
      keyed: [keyedHandle(3, index)],
      operator: [operatorHandle(index, [{ name: 'split', mode: 'split', offsets: index === 1 ? [] : [0, 8] }])],
    }));
    const restores = assignState(metadata(operator(3, subtasks)), graph(3), false).v!;
    expect(restores.map(({ operators }) => operators[0])).toEqual(
      subtasks.map(({ keyed, operator: own }) => ({ operatorId: 'op', keyed, operator: own })),
    );
  });
});

describe('what is refused', () => {
  const keyed = operator(1, [{ index: 0, keyed: [keyedHandle(1, 0)], operator: [] }]);

  test('state without an operator, by name, uid and id; not when allowed, not when there is no state', () => {
    const other = graph(1, { operatorIds: ['another'] });
    expect(() => assignState(metadata(keyed), other, false)).toThrow(
      /operator "My operator" \(uid "my-uid", id op, states: counts\)/,
    );
    expect(assignState(metadata(keyed), other, true).v![0]!.operators).toEqual([
      { operatorId: 'another', keyed: [], operator: [] },
    ]);
    expect(assignState(metadata(operator(1, [])), other, false).v).toHaveLength(1);
  });

  test('a uid hash given by hand finds state that was saved under another id', () => {
    const renamed = graph(1, { operatorIds: ['another'], uidHash: 'op' });
    expect(assignState(metadata(keyed), renamed, false).v![0]!.operators).toEqual([
      { operatorId: 'another', keyed: [keyedHandle(1, 0)], operator: [] },
    ]);
  });

  test('another max parallelism, and a parallelism above it', () => {
    expect(() => assignState(metadata(keyed), graph(1, { maxParallelism: 256 }), false)).toThrow(
      /saved with max parallelism 128 .* 256/,
    );
    expect(() => assignState(metadata(keyed), graph(200), false)).toThrow(
      /Parallelism 200 of v is above max parallelism 128/,
    );
    const unkeyed = operator(1, [{ index: 0, keyed: [], operator: [operatorHandle(0, [])] }]);
    assignState(metadata(unkeyed), graph(200, { maxParallelism: 256 }), false);
  });
});

describe('subtasks that had finished', () => {
  test('a finished vertex stays finished at any parallelism', () => {
    const finished = operator(2, [], { finishedSubtasks: [0, 1] });
    const restores = assignState(metadata(finished), graph(3), false).v!;
    expect(restores.map((restore) => restore.finished)).toEqual([true, true, true]);
  });

  test('of a partly finished vertex stay so at the same parallelism only', () => {
    const partly = operator(2, [{ index: 1, keyed: [keyedHandle(2, 1)], operator: [] }], { finishedSubtasks: [0] });
    expect(assignState(metadata(partly), graph(2), false).v!.map(({ finished }) => finished)).toEqual([
      true,
      undefined,
    ]);
    expect(assignState(metadata(partly), graph(3), false).v!.map(({ finished }) => finished)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('cannot be chained with operators that had not', () => {
    const finished = operator(1, [], { finishedSubtasks: [0] });
    expect(() => assignState(metadata(finished), graph(1, { operatorIds: ['op', 'new'] }), false)).toThrow(
      /My operator/,
    );
  });
});

function offsetsOf(handles: readonly OperatorStateHandle[], name: string): string[] {
  return handles.flatMap(({ file: { location }, entries }) =>
    entries
      .filter((entry) => entry.name === name)
      .flatMap(({ offsets }) => offsets.map((offset) => `${location.kind === 'file' ? location.path : ''}@${offset}`)),
  );
}
