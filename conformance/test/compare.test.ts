import { expect, test } from 'vitest';
import { compare } from '../compare.ts';
import { Names } from '../names.ts';
import type { Answer, Scenario } from '../scenario.ts';

const scenario: Scenario = { name: 's', steps: [{ call: 'GET /a', label: 'a', better: 404 }] };
const answer = (body: unknown, rest: Partial<Answer> = {}): Answer => ({
  label: 'a',
  request: 'GET /a',
  status: 200,
  contentType: 'application/json; charset=UTF-8',
  body,
  ...rest,
});

function linesOf(golden: Answer, ...actual: readonly Answer[]): readonly string[] {
  const { differences } = compare(scenario, { scenario: 's', answers: [golden] }, { scenario: 's', answers: actual });
  return differences.flatMap(({ lines }) => lines);
}

test('more is allowed, less or other is not', () => {
  expect(linesOf(answer({ x: 1 }), answer({ x: 1, y: 2 }))).toEqual([]);
  expect(linesOf(answer({ x: 1, y: [2] }), answer({ x: '1', y: [] }))).toEqual([
    'x: 1 expected, "1" came',
    'y: 1 entries expected, 0 came',
  ]);
  expect(linesOf(answer({ x: 1 }), answer({}))).toEqual(['x: missing']);
  expect(linesOf(answer({}))).toEqual(['was not recorded']);
});

test('fields stand in the order of the recording; more may stand between, and states in any order', () => {
  expect(linesOf(answer({ a: 1, b: { c: 1, d: 2 } }), answer({ a: 1, x: 0, b: { d: 2, y: 0, c: 1 } }))).toEqual([
    'b: fields in the order c, d expected, d, c came',
  ]);
  expect(linesOf(answer({ RUNNING: 1, FAILED: 0 }), answer({ FAILED: 0, RUNNING: 1 }))).toEqual([]);
  expect(linesOf(answer({ a: 1, b: 2, c: 3 }), answer({ c: 3, a: 1 }))).toEqual([
    'b: missing',
    'body: fields in the order a, c expected, c, a came',
  ]);
});

test('times are compared by being set, entries by their id', () => {
  const golden = [{ id: 'p', 'end-time': -1, 'start-time': 5 }, { id: 'q' }];
  const actual = [{ id: 'q' }, { id: 'r' }, { id: 'p', 'end-time': 7, 'start-time': 9 }];
  expect(linesOf(answer({ jobs: golden }), answer({ jobs: actual }))).toEqual([
    'jobs.[p].end-time: -1 expected, 7 came',
  ]);
});

test('a better status needs a readable refusal', () => {
  const golden = answer({ errors: ['Internal server error.'] }, { status: 500 });
  expect(linesOf(golden, answer({ errors: ['no such job'] }, { status: 404 }))).toEqual([]);
  expect(linesOf(golden, answer({}, { status: 404 }))).toHaveLength(2);
});

test('identifiers are masked, longest first; counts stand for themselves', () => {
  const names = new Names();
  names.set('job', 'aaaaaaaa');
  names.set('savepoint', '/s/aaaaaaaa-1');
  names.set('checkpoint', '3');
  expect(names.mask({ aaaaaaaa: '/s/aaaaaaaa-1', n: 3 })).toEqual({ '<job>': '<savepoint>', n: 3 });
  expect(names.fill('/jobs/{job}/checkpoints/{checkpoint}')).toBe('/jobs/aaaaaaaa/checkpoints/3');
});

test('metrics that Flink 1.9.1 has under the wrong one of Input and Output are looked for under the right one', () => {
  const metric = (id: string) => answer([{ id: `0.Shuffle.Netty.${id}` }]);
  for (const [wrong, right] of [
    ['Output.numBytesInLocal', 'Input.numBytesInLocal'],
    ['Output.Buffers.inPoolUsage', 'Input.Buffers.inPoolUsage'],
    ['Input.Buffers.outPoolUsage', 'Output.Buffers.outPoolUsage'],
  ] as const) {
    expect(linesOf(metric(wrong), metric(right))).toEqual([]);
    expect(linesOf(metric(wrong), metric(wrong))).toEqual([`[0.Shuffle.Netty.${right}]: missing`]);
  }
});
