import { expect, test } from 'vitest';
import { toStackSamples } from '../../../src/runtime/diagnostics/cpu-samples.ts';
import { formatFrame } from '../../../src/runtime/diagnostics/stack-frame.ts';
import { compileTaskEntry, parseTaskEntry } from '../../../src/runtime/diagnostics/task-entry.ts';
import { samplesOfTask } from '../../../src/runtime/diagnostics/task-samples.ts';

const VERTEX = '0a448493b4782967b150582570326227';
const frame = (functionName: string, url = '') => ({ functionName, url, line: 1, column: 1 });
const entry = (subtask: number, vertex = VERTEX) => frame('runTask', `yeoul-operator/task-${vertex}/${subtask}.js`);

test('a profile becomes stacks with their counts, outermost frame first; idle ones have no frames', () => {
  const callFrame = (functionName: string, lineNumber = 0) => ({
    functionName,
    url: 'a.js',
    lineNumber,
    columnNumber: 4,
  });
  const samples = toStackSamples({
    nodes: [
      { id: 1, callFrame: callFrame('(root)'), children: [2, 4] },
      { id: 2, callFrame: callFrame('outer'), children: [3] },
      { id: 3, callFrame: callFrame('inner', 9) },
      { id: 4, callFrame: callFrame('(idle)') },
    ],
    samples: [3, 3, 2, 4, 4, 4],
  });
  const at = (functionName: string, line: number) => ({ functionName, url: 'a.js', line, column: 5 });
  expect(samples).toEqual([
    { count: 2, frames: [at('outer', 1), at('inner', 10)] },
    { count: 1, frames: [at('outer', 1)] },
    { count: 3, frames: [] },
  ]);
});

test('a task is on the CPU in its own frames, and off it while its slot does anything else', () => {
  const samples = samplesOfTask(
    [
      { count: 5, frames: [frame('run'), entry(1), frame('map')] },
      { count: 3, frames: [frame('run'), entry(0), frame('map')] },
      { count: 2, frames: [frame('run'), frame('(garbage collector)')] },
      { count: 7, frames: [] },
      { count: 1, frames: [frame('(program)')] },
    ],
    { vertexId: VERTEX, subtaskIndex: 1 },
  );
  expect(
    samples.map(({ activity, count, frames }) => [activity, count, frames.map((f) => f.functionName).join(' ')]),
  ).toEqual([
    ['on-cpu', 5, 'map'],
    ['off-cpu', 3, '(slot runs other tasks)'],
    ['off-cpu', 2, '(slot does other work) (garbage collector)'],
    ['off-cpu', 7, '(slot is idle)'],
    ['off-cpu', 1, '(slot is idle)'],
  ]);
});

test('the entry of a task says in its stack whose it is, and passes slices on', () => {
  const stacks: string[] = [];
  const task = {
    runSlice(maxRecords: number) {
      stacks.push(new Error('here').stack ?? '');
      return maxRecords > 1;
    },
  };
  const run = compileTaskEntry(task, { vertexId: VERTEX, subtaskIndex: 3 });
  expect([run(1), run(2)]).toEqual([false, true]);
  const url = /yeoul-operator\/task-\S+\.js/.exec(stacks[0] ?? '')?.[0] ?? '';
  expect(parseTaskEntry(url)).toEqual({ vertexId: VERTEX, subtaskIndex: 3 });
  expect(parseTaskEntry('yeoul-operator/map-1.js')).toBeUndefined();
});

test.each([
  [frame('map', 'job.ts'), '\tat map (job.ts:1:1)'],
  [frame('', 'job.ts'), '\tat job.ts:1:1'],
  [{ functionName: '(program)', url: '', line: 0, column: 0 }, '\tat (program)'],
])('%# frames are printed as Node prints them', (shown, text) => {
  expect(formatFrame(shown)).toBe(text);
});
