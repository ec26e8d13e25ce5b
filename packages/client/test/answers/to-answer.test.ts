import { readFileSync } from 'node:fs';
import { findEndpoint } from '@yeoul/contract';
import { describe, expect, test } from 'vitest';
import { toAnswer } from '../../src/answers/to-answer.ts';

interface Recorded {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(new URL('../../../contract/test/fixtures/flink-1.9-answers.json', import.meta.url), 'utf8'),
);

test('answers of 1.9 stay as they are', () => {
  const changed = recorded.filter(({ method, path, body }) => {
    const endpoint = findEndpoint(method, path.split('?')[0] ?? '');
    return endpoint !== undefined && JSON.stringify(toAnswer(endpoint.id, body)) !== JSON.stringify(body);
  });
  expect(changed.map(({ name }) => name)).toEqual([]);
});

describe('answers of later versions get the fields of 1.9', () => {
  test('the kind of a checkpoint', () => {
    const page = {
      latest: { completed: { className: 'completed', id: 1 }, failed: null },
      history: [{ className: 'in_progress', id: 2 }],
    };
    expect(toAnswer('getCheckpoints', page)).toEqual({
      latest: { completed: { '@class': 'completed', className: 'completed', id: 1 }, failed: null },
      history: [{ '@class': 'in_progress', className: 'in_progress', id: 2 }],
    });
  });

  test('the host of a subtask, as each page of 1.9 writes it', () => {
    const row = { endpoint: 'tm-1:4711' };
    expect(toAnswer('getVertex', { subtasks: [row] })).toEqual({ subtasks: [{ ...row, host: 'tm-1:4711' }] });
    expect(toAnswer('getSubtask', row)).toEqual({ ...row, host: 'tm-1' });
    expect(toAnswer('getVertex', { subtasks: [{ ...row, host: 'tm-1' }] })).toEqual({
      subtasks: [{ ...row, host: 'tm-1:4711' }],
    });
    expect(toAnswer('getSubtask', { endpoint: '(unassigned)' })).toEqual({
      endpoint: '(unassigned)',
      host: '(unassigned)',
    });
    expect(toAnswer('getSubtask', { endpoint: '[::1]:4711' })).toMatchObject({ host: '[::1]' });
  });

  test('exceptions, from the history', () => {
    const task = { stacktrace: 'x.Y: no', taskName: 'Map (1/1)', endpoint: 'tm-1:4711', timestamp: 7 };
    const first = {
      stacktrace: 'a.B: suppressed',
      taskName: null,
      endpoint: null,
      timestamp: 8,
      concurrentExceptions: [task],
    };
    const exceptionHistory = { entries: [first], truncated: true };
    expect(toAnswer('getJobExceptions', { exceptionHistory })).toEqual({
      'root-exception': 'a.B: suppressed',
      timestamp: 8,
      'all-exceptions': [{ exception: 'x.Y: no', task: 'Map (1/1)', location: 'tm-1:4711', timestamp: 7 }],
      truncated: true,
      exceptionHistory,
    });
  });

  test('memory segments', () => {
    const metrics = { nettyShuffleMemorySegmentsAvailable: 1, nettyShuffleMemorySegmentsTotal: 2 };
    expect(toAnswer('getTaskManager', { metrics })).toEqual({
      metrics: { ...metrics, memorySegmentsAvailable: 1, memorySegmentsTotal: 2 },
    });
  });
});

test.each([null, 'text', [1], {}])('an answer %j of another shape passes', (answer) => {
  expect(toAnswer('getCheckpoints', answer)).toEqual(answer);
});
