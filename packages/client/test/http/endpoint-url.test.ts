import { jarEndpoints, jobEndpoints, taskManagerEndpoints, vertexEndpoints } from '@yeoul/contract';
import { describe, expect, test } from 'vitest';
import { toRelativeUrl } from '../../src/http/endpoint-url.ts';

const id = '0123456789abcdef0123456789abcdef';

describe('paths', () => {
  test('have their parameters encoded', () => {
    expect(toRelativeUrl(jarEndpoints.runJar, { jarid: 'a b/../c?.jar' }, {})).toBe('/jars/a%20b%2F..%2Fc%3F.jar/run');
    expect(toRelativeUrl(taskManagerEndpoints.getTaskManager, { taskmanagerid: 'localhost:37673-68a53a' }, {})).toBe(
      '/taskmanagers/localhost%3A37673-68a53a',
    );
  });

  test('ids are sent in lower case', () => {
    expect(toRelativeUrl(jobEndpoints.getJob, { jobid: id.toUpperCase() }, {})).toBe(`/jobs/${id}`);
  });

  test.each(['', '.', '..', undefined])('a part "%s" that would lead elsewhere is refused', (jarid) => {
    expect(() => toRelativeUrl(jarEndpoints.deleteJar, { jarid }, {})).toThrow(`jarid "${jarid}" is no string`);
  });

  test.each(['', '..', 'overview', id.slice(1), `${id.slice(1)}g`])('"%s" is no job id', (jobid) => {
    expect(() => toRelativeUrl(jobEndpoints.getJob, { jobid }, {})).toThrow('is no id of 32 hex digits');
  });

  test.each([-1, 1.5, Number.NaN])('%s is no subtask', (subtaskindex) => {
    const path = { jobid: id, vertexid: id, subtaskindex };
    expect(() => toRelativeUrl(vertexEndpoints.getSubtask, path, {})).toThrow('is no integer');
  });
});

describe('queries', () => {
  test('lists stand in one parameter; what is undefined is left out', () => {
    const query = { get: ['a.b', 'c&d'], agg: undefined };
    expect(toRelativeUrl(jobEndpoints.getAggregatedJobMetrics, {}, query)).toBe('/jobs/metrics?get=a.b%2Cc%26d');
  });

  test('an empty list asks for nothing, not for everything', () => {
    expect(toRelativeUrl(jobEndpoints.getJobMetrics, { jobid: id }, { get: [] })).toBe(`/jobs/${id}/metrics?get=`);
  });

  test('commas cannot be carried', () => {
    const query = { get: ['a,b'] };
    expect(() => toRelativeUrl(jobEndpoints.getJobMetrics, { jobid: id }, query)).toThrow('get "a,b" has a comma');
  });
});
