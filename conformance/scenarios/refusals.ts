import type { Scenario } from '../scenario.ts';

const none = '00000000000000000000000000000000';
const jar = '/jars/{state-machine}';
const entry = 'entry-class={state-machine-class}';
const source = 'bc764cd8ddf7a0cff126f51c16239658';

/** Requests that are wrong in one way each. */
export const refusals: Scenario = {
  name: 'refusals',
  steps: [
    { call: 'POST /jars/upload', file: { program: 'state-machine' } },
    { call: 'GET /jobs/deadbeef', label: 'job-malformed' },
    { call: `GET /jobs/${none}`, label: 'job-unknown' },
    { call: `GET /jobs/${none.toUpperCase()}/plan`, label: 'plan-unknown' },
    { call: `GET /jobs/${none}/execution-result`, label: 'result-unknown' },
    { call: `GET /jobs/${none}/metrics`, label: 'metrics-unknown', better: 404 },
    { call: `GET /jobs/${none}/savepoints/${none}`, label: 'savepoint-unknown' },
    { call: `GET /savepoint-disposal/${none}`, label: 'disposal-unknown' },
    { call: 'GET /savepoint-disposal/xyz', label: 'disposal-malformed' },
    { call: 'GET /taskmanagers/nope', label: 'taskmanager-unknown', better: 404 },
    { call: `GET /jobs/${none}/metrics?agg=median`, label: 'metrics-parameter-unknown', better: 404 },
    { call: `PATCH /jobs/${none}?mode=cancel`, label: 'cancel-unknown' },
    { call: `PATCH /jobs/${none}?mode=explode`, label: 'cancel-mode-unknown' },
    { call: `POST /jobs/${none}/savepoints`, text: '{', label: 'savepoint-body-broken' },
    { call: `POST /jobs/${none}/savepoints`, text: '', label: 'savepoint-body-empty' },
    { call: `POST /jobs/${none}/stop`, text: '[]', label: 'stop-body-list' },
    { call: 'POST /savepoint-disposal', json: {}, label: 'disposal-without-path' },
    { call: 'PATCH /jobs/overview', label: 'wrong-method' },
    // jars
    { call: 'POST /jars/upload', text: '', label: 'upload-nothing' },
    { call: 'POST /jars/upload', json: {}, label: 'upload-json' },
    { call: 'POST /jars/upload', text: 'PK', label: 'upload-raw' },
    { call: 'POST /jars/upload', file: { name: 'notes.txt', contents: 'x' }, label: 'upload-no-jar' },
    { call: 'DELETE /jars/nope.jar', label: 'delete-unknown' },
    { call: 'GET /jars/nope.jar/plan', label: 'plan-of-unknown' },
    { call: 'POST /jars/nope.jar/run', label: 'run-of-unknown' },
    { call: `GET ${jar}/plan?entry-class=no.such.Class`, label: 'plan-entry-unknown', better: 400 },
    { call: `GET ${jar}/plan?${entry}&parallelism=abc`, label: 'plan-parallelism-malformed' },
    { call: `GET ${jar}/plan?${entry}&parallelism=1,2`, label: 'plan-parallelism-twice' },
    { call: `GET ${jar}/plan?${entry}&parallelism=0`, label: 'plan-parallelism-zero', better: 400 },
    { call: `GET ${jar}/plan?${entry}&program-args=a&programArg=b`, label: 'plan-arguments-twice' },
    { call: `GET ${jar}/plan?${entry}&program-args=a,b`, label: 'plan-arguments-comma' },
    { call: `POST ${jar}/run?entry-class=no.such.Class`, label: 'run-entry-unknown', better: 400 },
    {
      call: `POST ${jar}/run?${entry}&savepointPath=file:///no/such/savepoint`,
      label: 'run-savepoint-unknown',
      better: 400,
    },
    { call: `POST ${jar}/run`, text: '{"entryClass":', label: 'run-body-broken' },
    { call: `POST ${jar}/run`, json: { nope: 1 }, label: 'run-field-unknown' },
    { call: `POST ${jar}/run`, json: { parallelism: 'x' }, label: 'run-field-type' },
    { call: `POST ${jar}/run`, json: { jobId: 'zz' }, label: 'run-job-id-malformed' },
    { call: `POST ${jar}/run`, json: [], label: 'run-body-list' },
    // pages of a running job
    { call: `POST ${jar}/run?${entry}`, save: { job: 'jobid' } },
    { poll: '/jobs/{job}', at: 'vertices.*.status', until: { every: 'RUNNING' } },
    { call: `GET /jobs/{job}/vertices/${none}`, label: 'vertex-unknown' },
    { call: 'GET /jobs/{job}/vertices/zzz', label: 'vertex-malformed' },
    { call: `GET /jobs/{job}/vertices/${source}/subtasks/7`, label: 'subtask-unknown' },
    { call: `GET /jobs/{job}/vertices/${source}/subtasks/x`, label: 'subtask-malformed' },
    { call: `GET /jobs/{job}/vertices/${source}/subtasks/0/attempts/5`, label: 'attempt-unknown' },
    { call: 'GET /jobs/{job}/checkpoints/details/999', label: 'checkpoint-unknown' },
    { call: 'GET /jobs/{job}/checkpoints/details/x', label: 'checkpoint-malformed' },
    { call: 'GET /jobs/{job}/metrics?get=nope', label: 'metrics-name-unknown' },
    {
      call: `GET /jobs/{job}/vertices/${source}/subtasks/metrics?get=numRecordsOut&agg=median`,
      label: 'aggregation-unknown',
    },
    { call: 'PATCH /jobs/{job}/rescaling?parallelism=2', label: 'rescaling' },
    { call: 'PATCH /jobs/{job}', label: 'cancel' },
    { poll: '/jobs/{job}', at: 'state', until: { oneOf: ['CANCELED'] } },
    { call: 'DELETE /jars/{state-machine}' },
  ],
};
