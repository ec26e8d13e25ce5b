import { describe, expect, it } from 'vitest';
import { describeJobGraph } from '../../src/graph/describe-job-graph.ts';
import { describeGraphDifference } from '../../src/graph/graph-difference.ts';
import { StreamExecutionEnvironment, Types } from '../../src/index.ts';

function program(change: {
  parallelism?: number;
  uid?: string;
  more?: boolean;
  name?: string;
  typed?: boolean;
  rebalance?: boolean;
}) {
  const env = new StreamExecutionEnvironment().setParallelism(change.parallelism ?? 2);
  const numbers = env.fromSequence(1, 9);
  const mapped = (change.rebalance ? numbers.rebalance() : numbers).map((x) => x, change.typed ? Types.int : undefined);
  if (change.uid !== undefined) mapped.uid(change.uid);
  const sums = mapped.keyBy((x) => x % 2).sum();
  sums.print();
  if (change.more) sums.rebalance().print();
  return env.getJobGraph(change.name ?? 'job');
}

describe('two evaluations of a program', () => {
  it('have one hash when only functions differ in identity', () => {
    expect(program({}).hash).toBe(program({}).hash);
  });

  it.each([
    ['name', { name: 'other' }, 'job: name "job", then "other"'],
    ['a new vertex', { more: true }, 'vertex "Sink: Print to Std. Out" (202d4960186f1ee101b599c41b4d79d6) is new'],
    ['types only', { typed: true }, 'declared types, state or settings of an operator'],
  ] as const)('differ in hash and in words: %s', (_what, change, words) => {
    const before = program({});
    const after = program(change);
    expect(after.hash).not.toBe(before.hash);
    expect(describeGraphDifference(describeJobGraph(before), after)).toContain(words);
  });

  it('name parallelism, edges and settings', () => {
    const words = describeGraphDifference(program({}), program({ parallelism: 4 }));
    expect(words).toContain('vertex "Source: Sequence Source -> Map": parallelism 2, then 4');
    expect(words).toContain('execution: parallelism 2, then 4');
    expect(describeGraphDifference(program({}), program({ uid: 'x' }))).toContain('vertex');
    expect(describeGraphDifference(program({}), program({ rebalance: true }))).toMatch(/is (new|missing)/);
  });

  it('are described by hash and vertices when the first one is not at hand', () => {
    const graph = program({});
    expect(describeGraphDifference('abc', graph)).toBe(
      `hash abc, then ${graph.hash} with the vertices "Source: Sequence Source -> Map", "Keyed Aggregation -> Sink: Print to Std. Out"`,
    );
  });
});
