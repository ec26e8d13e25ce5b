import { type AnyEndpoint, endpoints, type jobEndpoints, type ResponseOf } from '@yeoul/contract';
import { expect, expectTypeOf, test } from 'vitest';
import { FlinkClient, type JobDetail, type JobOverview, type VertexDetail } from '../../src/index.ts';
import * as tables from '../../src/methods/method-table.ts';

const id = '0123456789abcdef0123456789abcdef';

/**
 * Behind other methods: jars.plan chooses between GET and POST. Streams are for EventSource, which repeats by itself. Job graphs
 * are made and serialized by Java.
 */
const hidden = ['planJarByPost', 'getJobEvents', 'submitJobGraph'];

test('every endpoint of the contract has one method', () => {
  const bound = Object.values(tables).flatMap((table) =>
    Object.values<AnyEndpoint>(table).map((endpoint) => endpoint.id),
  );
  expect([...bound, ...hidden].toSorted()).toEqual(endpoints.map((endpoint) => endpoint.id).toSorted());
});

test('path parameters are arguments in their order; the options hold query or body', async () => {
  const sent: unknown[] = [];
  const send: typeof fetch = async (input, init) => {
    sent.push([init?.method, String(input).slice('http://flink.test'.length), init?.body]);
    return new Response('{}');
  };
  const client = new FlinkClient({ baseUrl: 'http://flink.test', fetch: send });
  await client.jobs.vertices.attempt(id, id, 3, 1);
  await client.jobs.taskCheckpoint(id, 17, id);
  await client.jobs.vertices.subtaskMetrics(id, id, 0, { get: ['a', 'b'], timeoutMillis: 500 });
  await client.taskManagers.aggregatedMetrics({ agg: ['min'] });
  expect(sent).toEqual([
    ['GET', `/jobs/${id}/vertices/${id}/subtasks/3/attempts/1`, undefined],
    ['GET', `/jobs/${id}/checkpoints/details/17/subtasks/${id}`, undefined],
    ['GET', `/jobs/${id}/vertices/${id}/subtasks/0/metrics?get=a%2Cb`, undefined],
    ['GET', '/taskmanagers/metrics?agg=min', undefined],
  ]);
});

test('types come from the contract', () => {
  type Client = FlinkClient;
  expectTypeOf<Parameters<Client['jobs']['get']>[0]>().toEqualTypeOf<string>();
  expectTypeOf<Parameters<Client['jobs']['vertices']['subtask']>[2]>().toEqualTypeOf<number>();
  expectTypeOf<Parameters<Client['jobs']['taskCheckpoint']>['length']>().toEqualTypeOf<3 | 4>();
  expectTypeOf<JobDetail['name']>().toEqualTypeOf<string>();
  expectTypeOf<JobDetail['start-time']>().toEqualTypeOf<number>();
  expectTypeOf<JobDetail['maxParallelism']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<JobDetail['timestamps']['RUNNING']>().toEqualTypeOf<number>();
  expectTypeOf<JobDetail['timestamps']['INITIALIZING']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<JobDetail['vertices'][number]['metrics']['read-bytes']>().toEqualTypeOf<number>();
  expectTypeOf<VertexDetail['subtasks'][number]['host']>().toEqualTypeOf<string>();
  expectTypeOf<JobOverview['state']>().toEqualTypeOf<
    ResponseOf<typeof jobEndpoints.getJobStatus>['status'] | 'INITIALIZING'
  >();
  // @ts-expect-error no such option
  const wrongOption: Parameters<Client['jobs']['metrics']>[1] = { gets: ['a'] };
  // @ts-expect-error no such aggregate
  const wrongValue: Parameters<Client['jobs']['aggregatedMetrics']>[0] = { agg: ['median'] };
  expect([wrongOption, wrongValue]).toHaveLength(2);
});
