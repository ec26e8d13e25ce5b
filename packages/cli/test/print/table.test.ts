import { expect, test } from 'vitest';
import { coloured, decidePaint, plain } from '../../src/print/colours.ts';
import { renderFields } from '../../src/print/fields.ts';
import { type Column, renderTable } from '../../src/print/table.ts';
import { widthOf } from '../../src/print/text-width.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly count: number;
}

const rows: readonly Row[] = [
  { id: '7bf83cc75065683e8e97b12cd94ff774', name: 'State machine job', state: 'RUNNING', count: 4 },
  {
    id: '0931f96bc925c932d83ad6cfdded32e5',
    name: '여울 상태 기계 잡이라는 긴 이름의 스트림 처리',
    state: 'FAILED',
    count: 1234,
  },
  { id: 'aa31f96bc925c932d83ad6cfdded32e5', name: 'two\nlines\u001b[31m', state: 'CANCELED', count: 0 },
];

const columns: readonly Column<Row>[] = [
  { head: 'job', value: ({ id }) => id, minWidth: 8, isId: true },
  { head: 'name', value: ({ name }) => name, minWidth: 12 },
  { head: 'state', value: ({ state }) => state, colour: () => 'red' },
  { head: 'tasks', value: ({ count }) => String(count), align: 'right', droppable: 1 },
];

const draw = (width: number | undefined) => renderTable(columns, rows, { width }).join('\n');

test('a wide terminal and a pipe show everything', () => {
  expect(draw(200)).toBe(draw(undefined));
  expect(draw(200)).toMatchInlineSnapshot(`
    "job                               name                                           state     tasks
    7bf83cc75065683e8e97b12cd94ff774  State machine job                              RUNNING       4
    0931f96bc925c932d83ad6cfdded32e5  여울 상태 기계 잡이라는 긴 이름의 스트림 처리  FAILED     1234
    aa31f96bc925c932d83ad6cfdded32e5  two\\nlines\\x1b[31m                             CANCELED      0"
  `);
});

test('at 100 columns the longest cells give way', () => {
  expect(draw(100)).toMatchInlineSnapshot(`
    "job                               name                                           state     tasks
    7bf83cc75065683e8e97b12cd94ff774  State machine job                              RUNNING       4
    0931f96bc925c932d83ad6cfdded32e5  여울 상태 기계 잡이라는 긴 이름의 스트림 처리  FAILED     1234
    aa31f96bc925c932d83ad6cfdded32e5  two\\nlines\\x1b[31m                             CANCELED      0"
  `);
});

test('at 60 columns ids are cut to a prefix that commands take', () => {
  expect(draw(60)).toMatchInlineSnapshot(`
    "job       name                               state     tasks
    7bf83cc7  State machine job                  RUNNING       4
    0931f96b  여울 상태 기계 잡이라는 긴 이름…   FAILED     1234
    aa31f96b  two\\nlines\\x1b[31m                 CANCELED      0"
  `);
});

test('at 40 columns what matters least is left out', () => {
  expect(draw(40)).toMatchInlineSnapshot(`
    "job       name           state     tasks
    7bf83cc7  State machin…  RUNNING       4
    0931f96b  여울 상태 기…  FAILED     1234
    aa31f96b  two\\nlines\\x…  CANCELED      0"
  `);
});

test.each([30, 40, 50, 60, 80, 100, 120])('no line is wider than %i columns', (width) => {
  const widths = renderTable(columns, rows, { width, paint: coloured }).map(widthOf);
  expect(Math.max(...widths)).toBeLessThanOrEqual(Math.max(width, 8 + 12 + 8 + 4));
});

test('a table without rows is its heads', () => {
  expect(renderTable(columns, [], {})).toEqual(['job  name  state  tasks']);
});

test('fields without a value are left out, none is cut', () => {
  const fields = [
    ['job', 'a'.repeat(400)],
    ['nothing', undefined],
    ['state', 'RUNNING'],
  ] as const;
  expect(renderFields(fields)).toEqual([`job    ${'a'.repeat(400)}`, 'state  RUNNING']);
});

test.each([
  [{}, true, coloured],
  [{}, undefined, plain],
  [{ NO_COLOR: '1' }, true, plain],
  [{ NO_COLOR: '' }, true, coloured],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, plain],
  [{ FORCE_COLOR: '1' }, undefined, coloured],
  [{ FORCE_COLOR: '0' }, true, plain],
  [{ TERM: 'dumb' }, true, plain],
])('colours with %j on a terminal: %s', (environment, isTTY, paint) => {
  expect(decidePaint({ isTTY, write: () => undefined }, environment)).toBe(paint);
});
