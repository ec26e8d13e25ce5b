import type { Scenario } from '../scenario.ts';

const none = '00000000000000000000000000000000';
const source = 'bc764cd8ddf7a0cff126f51c16239658';

/** Pages that few ask for, and ways of asking that few use. */
export const oddities: Scenario = {
  name: 'oddities',
  steps: [
    { call: 'POST /jars/upload', file: { program: 'state-machine' } },
    {
      call: 'POST /jars/{state-machine}/run?entry-class={state-machine-class}&no-such-parameter=1',
      label: 'run-unknown-parameter',
      save: { job: 'jobid' },
    },
    { poll: '/jobs/{job}', at: 'vertices.*.status', until: { every: 'RUNNING' } },
    {
      poll: `/jobs/{job}/vertices/${source}/backpressure`,
      at: 'status',
      until: { oneOf: ['ok'] },
      label: 'backpressure',
    },
    { call: 'GET /jobs/{job}/yarn-stop', label: 'yarn-stop' },
    { call: `GET /jobs/{job}/rescaling/${none}`, label: 'rescaling-status' },
    { call: 'GET /jobs/{job}/rescaling', label: 'rescaling-page' },
    { call: 'HEAD /jobs/{job}', label: 'head-job' },
    { call: 'OPTIONS /jobs/{job}', label: 'options-job' },
    { call: 'PUT /jobs/{job}', label: 'put-job' },
    { call: 'POST /jobs/{job}', label: 'post-job' },
    { call: 'DELETE /jobs/{job}', label: 'delete-job' },
    { call: 'OPTIONS /jars/upload', label: 'options-upload' },
    { call: 'GET /jobs/{job}/savepoints', label: 'get-savepoints' },
    { call: 'GET /jobs/{job}/no-such-page', label: 'page-unknown' },
    { call: 'GET /JOBS', label: 'other-case' },
    { call: 'GET /jobs/{job}/config?no-such-parameter=1&x', label: 'unknown-parameters' },
    { call: 'GET /jobs//{job}//config/', label: 'slashes', better: 200 },
    { call: 'GET /jobs/{job}/%63onfig', label: 'encoded' },
    { call: 'GET /jobs/{job}/metrics?get=uptime&get=no-such-metric', label: 'parameter-repeated' },
    { call: 'GET /jobs/{job}/metrics?get=uptime,no-such-metric', label: 'parameter-list' },
    { call: 'GET /jobs/metrics?jobs=xyz', label: 'parameter-malformed' },
    {
      call: 'POST /jobs/{job}/savepoints',
      text: '{"target-directory":["/x"],"cancel-job":false}',
      label: 'savepoint-directory-list',
    },
    {
      call: 'POST /jobs/{job}/savepoints',
      text: '{"cancel-job":"False"}',
      label: 'savepoint-flag-text',
      save: { trigger: 'request-id' },
    },
    { poll: '/jobs/{job}/savepoints/{trigger}', at: 'status.id', until: { oneOf: ['COMPLETED'] } },
    { call: 'POST /jobs/{job}/savepoints', text: 'null', label: 'savepoint-null', better: 400 },
    { call: 'GET /jobmanager/stdout', label: 'jobmanager-stdout', isVolatile: true },
    { call: 'GET /jobs/{job}/yarn-cancel', label: 'yarn-cancel' },
    { poll: '/jobs/{job}', at: 'state', until: { oneOf: ['CANCELED'] } },
    { call: 'GET /jobs/{job}/yarn-cancel', label: 'yarn-cancel-again' },
    { call: 'DELETE /jars/{state-machine}' },
  ],
};
