import { readFileSync } from 'node:fs';
import { Check, Errors } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { endpoints, findEndpoint, WireErrorBody } from '../src/index.ts';

interface Recorded {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** What a real Flink 1.9.2 answered; long texts are cut. */
const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(new URL('fixtures/flink-1.9-answers.json', import.meta.url), 'utf8'),
);

describe('the contract describes what a real Flink 1.9 answers', () => {
  test.each(recorded.filter(({ status }) => status < 300))('$name', ({ method, path, status, body }) => {
    const endpoint = findEndpoint(method, path.split('?')[0] ?? '');
    if (endpoint === undefined) throw new Error(`no endpoint for ${method} ${path}`);
    expect(endpoint.status).toBe(status);
    expect(Errors(endpoint.response, body)).toEqual([]);
  });

  test('refusals are {"errors": [...]}', () => {
    const refusals = recorded.filter(({ status }) => status >= 300);
    expect(refusals.filter(({ body }) => !Check(WireErrorBody, body))).toEqual([]);
  });
});

describe('endpoints', () => {
  test('have ids of their own', () => {
    const ids = endpoints.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('declare the parameters of their paths, in order', () => {
    for (const { path, pathParameters } of endpoints) {
      expect(Object.keys(pathParameters)).toEqual([...path.matchAll(/:(\w+)/g)].map(([, name]) => name));
    }
  });

  test('are found by their literal parts first', () => {
    expect(findEndpoint('GET', '/v1/jobs/overview')?.id).toBe('getJobsOverview');
    expect(findEndpoint('GET', '/jobs/metrics')?.id).toBe('getAggregatedJobMetrics');
    expect(findEndpoint('GET', '/jobs/1f')?.id).toBe('getJob');
    expect(findEndpoint('PUT', '/jobs/1f')).toBeUndefined();
  });
});
