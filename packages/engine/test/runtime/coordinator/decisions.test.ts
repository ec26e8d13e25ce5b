// The pure parts: tables, placement, regions, strategies, merging, encodings.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobGraphDescription } from '../../../src/graph/job-graph.ts';
import { mergeAccumulators } from '../../../src/runtime/coordinator/accumulator-merge.ts';
import { decodeDurable, encodeDurable } from '../../../src/runtime/coordinator/durable-json.ts';
import {
  aggregateState,
  countStates,
  ExecutionState,
  executionTransitions,
} from '../../../src/runtime/coordinator/execution-state.ts';
import { JobStatus, jobTransitions } from '../../../src/runtime/coordinator/job-status.ts';
import { findRegions } from '../../../src/runtime/coordinator/regions.ts';
import { createRestartStrategy, defaultRestartStrategy } from '../../../src/runtime/coordinator/restart-strategy.ts';
import { assignSlots } from '../../../src/runtime/coordinator/slot-assignment.ts';
import { StateMachine, type StateMove } from '../../../src/runtime/coordinator/state-machine.ts';
import { twoVertexGraph, vertex } from './support/cluster-fixture.ts';

describe('state machines', () => {
  test('record times and tell of moves; a move that the table lacks is a broken invariant', () => {
    let nowMs = 10;
    const moves: StateMove<JobStatus>[] = [];
    const machine = new StateMachine<JobStatus>({
      subject: 'job x',
      table: jobTransitions,
      initial: 'CREATED',
      nowMs: () => nowMs,
      onMove: (move) => moves.push(move),
    });
    nowMs = 15;
    machine.move('RUNNING');
    expect(machine.timestamps).toMatchObject({ CREATED: 10, RUNNING: 15, FINISHED: 0 });
    expect(moves).toEqual([{ from: 'CREATED', to: 'RUNNING', atMs: 15, durationMs: 5 }]);
    expect(() => machine.move('CREATED')).toThrow('job x moves from RUNNING to CREATED');
    machine.move('FINISHED');
    expect(machine.isTerminal).toBe(true);
  });

  test('every state that is not terminal can reach a terminal one', () => {
    for (const table of [jobTransitions, executionTransitions] as const) {
      const moves = table as Readonly<Record<string, readonly string[]>>;
      for (const start of Object.keys(moves)) {
        const reached = new Set([start]);
        for (const state of reached) for (const next of moves[state] ?? []) reached.add(next);
        expect(
          [...reached].some((state) => moves[state]?.length === 0),
          start,
        ).toBe(true);
      }
    }
    expect(Object.keys(jobTransitions).sort()).toEqual(Object.keys(JobStatus).sort());
    expect(Object.keys(executionTransitions).sort()).toEqual(Object.keys(ExecutionState).sort());
  });

  test('a vertex has the state that Flink gives it', () => {
    const state = (...states: ExecutionState[]) => aggregateState(countStates(states), states.length);
    expect([
      state('RUNNING', 'FINISHED'),
      state('FINISHED', 'FINISHED'),
      state('FAILED', 'RUNNING'),
      state('CANCELING', 'CANCELED'),
      state('CANCELED', 'FINISHED'),
      state('INITIALIZING', 'RUNNING'),
      state('SCHEDULED', 'FINISHED'),
      state('DEPLOYING', 'SCHEDULED'),
    ]).toEqual(['RUNNING', 'FINISHED', 'FAILED', 'CANCELING', 'CANCELED', 'INITIALIZING', 'RUNNING', 'CREATED']);
  });
});

describe('slots', () => {
  test('are shared within a group and summed over groups', () => {
    const assignment = assignSlots([
      vertex('a', 2, true),
      vertex('b', 4, false),
      vertex('c', 3, false, 'heavy'),
      vertex('d', 1, false),
    ]);
    expect(assignment).toEqual({
      slotCount: 7,
      placement: { a: [0, 1], b: [0, 1, 2, 3], c: [4, 5, 6], d: [0] },
      explanation: '4 for slot sharing group default, 3 for slot sharing group heavy',
    });
  });
});

describe('regions', () => {
  const regionsOf = (graph: JobGraphDescription) =>
    findRegions(graph).regions.map((region) =>
      region.map(({ vertexId, subtaskIndex }) => `${vertexId}${subtaskIndex}`).sort(),
    );

  test('are one for all-to-all edges and one per subtask for forward edges', () => {
    expect(regionsOf(twoVertexGraph({ partitioner: 'hash' }))).toEqual([['sink0', 'sink1', 'source0', 'source1']]);
    expect(regionsOf(twoVertexGraph({ partitioner: 'forward' }))).toEqual([
      ['sink0', 'source0'],
      ['sink1', 'source1'],
    ]);
  });

  test('end at blocking edges, but what such an edge joins restarts together', () => {
    const graph = twoVertexGraph({ partitioner: 'forward', exchange: 'blocking' });
    expect(regionsOf(graph)).toEqual([['source0'], ['source1'], ['sink0'], ['sink1']]);
    const restartSet = findRegions(graph).restartSetOf({ vertexId: 'sink', subtaskIndex: 1 });
    expect(restartSet.map(({ vertexId, subtaskIndex }) => `${vertexId}${subtaskIndex}`)).toEqual(['source1', 'sink1']);
  });
});

describe('restart strategies', () => {
  test('without one: none without checkpoints, else for ever with a second between', () => {
    expect(defaultRestartStrategy(twoVertexGraph().checkpointing)).toEqual({ kind: 'none' });
    expect(defaultRestartStrategy(twoVertexGraph({ intervalMs: 1 }).checkpointing)).toEqual({
      kind: 'fixed-delay',
      attempts: 2 ** 31 - 1,
      delayMs: 1000,
    });
  });

  test('exponential delay grows to its limit and starts again after a quiet time', () => {
    const config = {
      kind: 'exponential-delay',
      initialBackoffMs: 100,
      maxBackoffMs: 500,
      resetBackoffThresholdMs: 10_000,
      jitterFactor: 0.1,
    } as const;
    const strategy = createRestartStrategy(config, () => 0.5);
    const delays = [0, 200, 600, 1200, 2000].map((nowMs) => {
      strategy.notifyFailure(nowMs);
      return strategy.backoffMs();
    });
    expect(delays).toEqual([100, 200, 400, 500, 500]);
    strategy.notifyFailure(2000 + 10_500);
    expect(strategy.backoffMs()).toBe(100);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (random) => {
        const jittered = createRestartStrategy(config, () => random);
        jittered.notifyFailure(0);
        expect(jittered.backoffMs()).toBeGreaterThanOrEqual(90);
        expect(jittered.backoffMs()).toBeLessThanOrEqual(110);
      }),
    );
  });

  test('failure rate gives up when more failures than allowed fall into the interval', () => {
    const strategy = createRestartStrategy(
      { kind: 'failure-rate', maxFailuresPerInterval: 2, failureRateIntervalMs: 1000, delayMs: 5 },
      () => 0,
    );
    const verdicts = [0, 600, 1200, 1500, 1700].map((nowMs) => {
      strategy.notifyFailure(nowMs);
      return strategy.canRestart();
    });
    expect(verdicts).toEqual([true, true, true, false, false]);
  });
});

describe('accumulators', () => {
  const merged = (kind: string, ...values: unknown[]) =>
    mergeAccumulators(
      values.map((value) => ({ executionId: 'x', task: {}, operators: {}, accumulators: { a: { kind, value } } })),
    )[0]?.value;

  test('merge by kind', () => {
    expect(merged('LongCounter', 1, 2, 3)).toBe(6);
    expect(merged('IntMinimum', 3, 1, 2)).toBe(1);
    expect(merged('DoubleMaximum', 3.5, 1, 2)).toBe(3.5);
    expect(merged('ListAccumulator', [1], [2, 3])).toEqual([1, 2, 3]);
    expect(
      merged(
        'Histogram',
        new Map([[1, 2]]),
        new Map([
          [1, 1],
          [5, 1],
        ]),
      ),
    ).toEqual(
      new Map([
        [1, 3],
        [5, 1],
      ]),
    );
    expect(merged('AverageAccumulator', { count: 2, sum: 5 }, { count: 1, sum: 1 })).toEqual({ count: 3, sum: 6 });
  });

  test("of one's own kinds show every subtask's value until their merge() was asked, even when they look like numbers", () => {
    const reports = (...values: unknown[]) =>
      values.map((value) => ({
        executionId: 'x',
        task: {},
        operators: {},
        accumulators: { a: { kind: 'Mine', value, isOwn: true } as const },
      }));
    expect(mergeAccumulators(reports(2, 3))).toEqual([{ name: 'a', type: 'Mine', value: [2, 3] }]);
    expect(mergeAccumulators(reports(7))[0]?.value).toBe(7);
    const own = new Map([['a', { merged: { value: 3 }, vertexId: undefined }]]);
    expect(mergeAccumulators(reports(2, 3), own)[0]?.value).toBe(3);
    expect(mergeAccumulators(reports(2, 3), new Map([['a', { merged: undefined, vertexId: undefined }]]))).toEqual([]);
  });
});

describe('durable JSON', () => {
  test('gives back what structured clone would', () => {
    const value = {
      map: new Map<unknown, unknown>([[1, new Set(['x'])]]),
      date: new Date(5),
      bytes: Uint8Array.of(1, 2, 255),
      big: 2n ** 70n,
      numbers: [Number.POSITIVE_INFINITY, Number.NaN, -1.5],
      text: '여울',
      nothing: null,
    };
    expect(decodeDurable(encodeDurable(value))).toEqual(value);
  });
});
