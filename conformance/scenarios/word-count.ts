import type { Scenario } from '../scenario.ts';
import { jobPages, vertexPages } from './job-pages.ts';

/** A batch job: uploaded, planned, run to its end, looked at from all sides. */
export const wordCount: Scenario = {
  name: 'word-count',
  steps: [
    { call: 'POST /jars/upload', file: { program: 'word-count' }, label: 'upload' },
    { call: 'GET /jars', label: 'jars' },
    {
      call: 'GET /jars/{word-count}/plan',
      label: 'plan',
      saveBy: { 'plan-node': { entries: 'plan.nodes.*', by: 'operator' } },
    },
    { call: 'POST /jars/{word-count}/run', label: 'run', save: { job: 'jobid' } },
    { poll: '/jobs/{job}', at: 'state', until: { oneOf: ['FINISHED'] } },
    { pauseMs: 4000 },
    { call: 'GET /jobs/{job}', save: { vertex: 'vertices.*.id' } },
    { call: 'GET /jobs/{job}/accumulators', save: { accumulator: 'user-task-accumulators.*.name' } },
    // Metrics of an ended job linger for a while.
    ...jobPages.map((page) =>
      'call' in page && page.label === 'job-metrics' ? { ...page, isVolatile: true as const } : page,
    ),
    vertexPages,
    { call: 'GET /jobs', label: 'jobs' },
    { call: 'GET /jobs/overview', label: 'jobs-overview' },
    { call: 'PATCH /jobs/{job}?mode=cancel', label: 'cancel-finished' },
    { call: 'POST /jobs/{job}/savepoints', json: { 'cancel-job': false }, label: 'savepoint-of-finished', better: 404 },
    { call: 'DELETE /jars/{word-count}', label: 'delete-jar' },
    { call: 'DELETE /jars/{word-count}', label: 'delete-jar-again' },
    { call: 'GET /jars', label: 'no-jars' },
  ],
};
