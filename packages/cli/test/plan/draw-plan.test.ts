import { expect, test } from 'vitest';
import { drawPlan } from '../../src/plan/draw-plan.ts';
import { toPlanModel } from '../../src/plan/plan-model.ts';

type Input = readonly [from: string, strategy: string];

function node(id: string, description: string, parallelism: number, ...inputs: readonly Input[]) {
  return {
    id: id.padEnd(32, '0'),
    parallelism,
    operator: '',
    operator_strategy: '',
    description,
    optimizer_properties: {},
    inputs: inputs.map(([from, ship_strategy], num) => ({
      num,
      id: from.padEnd(32, '0'),
      ship_strategy,
      exchange: 'pipelined_bounded',
    })),
  };
}

const draw = (nodes: ReturnType<typeof node>[], width?: number) =>
  drawPlan(toPlanModel({ name: 'Job', nodes }), { width }).join('\n');

test('a line of vertices has its chains under each dot and its strategies between', () => {
  // As Flink lists them: with HTML, and not in the order of the data.
  const nodes = [
    node('b', 'Flat Map -&gt; Sink: Print to Std. Out<br/>', 2, ['a', 'HASH']),
    node('a', 'Source: Custom Source', 2),
  ];
  expect(draw(nodes)).toMatchInlineSnapshot(`
    "Job  2 vertices, 4 tasks

    ● Source: Custom Source  ×2  a0000000
    │
    │ HASH
    ● Flat Map  ×2  b0000000
      → Sink: Print to Std. Out"
  `);
});

test('chains are told apart in the plans of later versions, too', () => {
  const nodes = [node('a', 'Flat Map<br/>:- Map<br/>:  +- Sink: one<br/>+- Sink: two<br/>', 1)];
  expect(draw(nodes).split('\n').slice(2)).toEqual([
    '● Flat Map  ×1  a0000000',
    '  → Map',
    '  → Sink: one',
    '  → Sink: two',
  ]);
});

test('branches and joins', () => {
  const nodes = [
    node('a', 'Source: orders', 2),
    node('b', 'Source: users -> Filter', 1),
    node('c', 'Enrich -> (Map, Filter -> Map)', 4, ['a', 'HASH'], ['b', 'BROADCAST']),
    node('d', 'Sink: one', 1, ['c', 'REBALANCE']),
    node('e', 'Sink: two', 1, ['c', 'FORWARD']),
    node('f', 'Sink: raw', 1, ['a', 'RESCALE']),
  ];
  expect(draw(nodes)).toMatchInlineSnapshot(`
    "Job  6 vertices, 10 tasks

    ● Source: orders  ×2  a0000000
    ├─╮
    │ │
    │ │ RESCALE
    │ ● Sink: raw  ×1  f0000000
    │
    │ ● Source: users  ×1  b0000000
    │ │ → Filter
    │ │
    ├─╯
    ● Enrich  ×4  c0000000
    │ → (Map, Filter -> Map)
    │ ⇐ HASH from Source: orders
    │ ⇐ BROADCAST from Source: users
    ├─╮
    │ │
    │ │ REBALANCE
    ● │ Sink: one  ×1  d0000000
      │
      │ FORWARD
      ● Sink: two  ×1  e0000000"
  `);
});

test('a diamond', () => {
  const nodes = [
    node('a', 'Source', 1),
    node('b', 'Left', 1, ['a', 'HASH']),
    node('c', 'Right', 1, ['a', 'HASH']),
    node('d', 'Union', 1, ['b', 'FORWARD'], ['c', 'FORWARD'], ['a', 'HASH']),
  ];
  expect(draw(nodes)).toMatchInlineSnapshot(`
    "Job  4 vertices, 4 tasks

    ● Source  ×1  a0000000
    ├─┬─╮
    │ │ │
    │ │ │ HASH
    ● │ │ Left  ×1  b0000000
    │ │ │
    │ │ │ HASH
    │ ● │ Right  ×1  c0000000
    │ │ │
    ├─┴─╯
    ● Union  ×1  d0000000
      ⇐ FORWARD from Left
      ⇐ FORWARD from Right
      ⇐ HASH from Source"
  `);
});

test('long names are cut to the width, a cycle ends', () => {
  const nodes = [
    node('a', `Source: ${'주문 '.repeat(30)}`, 12),
    node('b', 'Head', 1, ['a', 'HASH'], ['c', 'FEEDBACK']),
    node('c', 'Tail', 1, ['b', 'FORWARD']),
  ];
  expect(draw(nodes, 60)).toMatchInlineSnapshot(`
    "Job  3 vertices, 14 tasks

    ● Source: 주문 주문 주문 주문 주문 주문 주문…  ×12  a0000000
    │
    ● Head  ×1  b0000000
    │ ⇐ HASH from Source: 주문 주문 주문 주문 주문 주문 주문 주…
    │ ⇐ FEEDBACK from Tail
    │
    │ FORWARD
    ● Tail  ×1  c0000000"
  `);
});
