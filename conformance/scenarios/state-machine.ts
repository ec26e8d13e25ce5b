import type { Scenario } from '../scenario.ts';
import { betweenCheckpoints, jobPages, vertexPages } from './job-pages.ts';

const run = 'POST /jars/{state-machine}/run?entry-class={state-machine-class}';
const source = 'bc764cd8ddf7a0cff126f51c16239658';
const flatMap = '20ba6b65f97481d5570070de90e4e791';

/** A streaming job with checkpoints: savepoints both ways, resumed, stopped, disposed of. */
export const stateMachine: Scenario = {
  name: 'state-machine',
  steps: [
    { call: 'POST /jars/upload', file: { program: 'state-machine' }, label: 'upload' },
    { call: 'GET /jars/{state-machine}/plan?entry-class={state-machine-class}', label: 'plan' },
    { call: 'GET /jars/{state-machine}/plan?entry-class={state-machine-class}&parallelism=3', label: 'plan-of-three' },
    {
      call: 'GET /jars/{state-machine}/plan?entry-class={state-machine-class}&programArg=--error-rate,0.1',
      label: 'plan-with-arguments',
    },
    { call: run, label: 'run', save: { job: 'jobid' } },
    { poll: '/jobs/{job}', at: 'state', until: { oneOf: ['RUNNING'] } },
    { poll: '/jobs/{job}/checkpoints', at: 'counts.completed', until: { atLeast: 3 } },
    { poll: '/jobs/{job}', at: 'vertices.*.status', until: { every: 'RUNNING' } },
    { poll: '/jobs/{job}', at: 'vertices.*.metrics.read-records-complete', until: { every: true } },
    { poll: '/jobs/{job}', at: 'vertices.0.metrics.write-records', until: { atLeast: 1 } },
    { call: 'GET /jobs/{job}', save: { vertex: 'vertices.*.id' } },
    ...jobPages,
    vertexPages,
    { call: 'GET /jobs/{job}/checkpoints', save: { checkpoint: 'latest.completed.id' } },
    { call: 'GET /jobs/{job}/checkpoints/details/{checkpoint}', label: 'checkpoint' },
    { call: `GET /jobs/{job}/checkpoints/details/{checkpoint}/subtasks/${source}`, label: 'checkpoint-source' },
    { call: `GET /jobs/{job}/checkpoints/details/{checkpoint}/subtasks/${flatMap}`, label: 'checkpoint-flat-map' },
    { call: `GET /jobs/{job}/vertices/${source}/metrics`, label: 'source-metrics' },
    {
      call: `GET /jobs/{job}/vertices/${flatMap}/metrics?get=0.currentInputWatermark,0.numRecordsIn,nope`,
      label: 'metrics-get',
    },
    {
      call: `GET /jobs/{job}/vertices/${flatMap}/subtasks/metrics?get=numRecordsIn&agg=min,MAX`,
      label: 'metrics-aggregated',
    },
    { call: `GET /jobs/{job}/vertices/${flatMap}/subtasks/0/metrics?get=numRecordsIn`, label: 'subtask-metrics' },
    { call: 'GET /jobs/metrics?get=lastCheckpointDuration', label: 'jobs-metrics' },
    // a savepoint while it runs on
    {
      call: 'POST /jobs/{job}/savepoints',
      json: { 'target-directory': '{savepoints}', 'cancel-job': false },
      label: 'savepoint',
      save: { trigger: 'request-id' },
    },
    { poll: '/jobs/{job}/savepoints/{trigger}', at: 'status.id', until: { oneOf: ['COMPLETED'] } },
    {
      call: 'GET /jobs/{job}/savepoints/{trigger}',
      label: 'savepoint-status',
      save: { savepoint: 'operation.location' },
    },
    { pauseMs: 4000 },
    { poll: '/jobs/{job}/checkpoints', ...betweenCheckpoints, label: 'checkpoints-with-savepoint' },
    // with cancel, as for a schedule
    {
      call: 'POST /jobs/{job}/savepoints',
      json: { 'target-directory': '{savepoints}', 'cancel-job': true },
      label: 'cancel-with-savepoint',
      save: { 'cancel-trigger': 'request-id' },
    },
    { poll: '/jobs/{job}/savepoints/{cancel-trigger}', at: 'status.id', until: { oneOf: ['COMPLETED'] } },
    {
      call: 'GET /jobs/{job}/savepoints/{cancel-trigger}',
      label: 'cancel-with-savepoint-status',
      save: { 'last-savepoint': 'operation.location' },
    },
    { poll: '/jobs/{job}', at: 'state', until: { oneOf: ['CANCELED'] } },
    { call: 'GET /jobs/{job}', label: 'job-canceled' },
    { call: 'GET /jobs/{job}/execution-result', label: 'execution-result-canceled' },
    // resumed with another parallelism, by the body
    {
      call: 'POST /jars/{state-machine}/run',
      json: {
        entryClass: '{state-machine-class}',
        parallelism: 2,
        savepointPath: '{last-savepoint}',
        allowNonRestoredState: false,
      },
      label: 'resume',
      save: { resumed: 'jobid' },
    },
    { poll: '/jobs/{resumed}', at: 'state', until: { oneOf: ['RUNNING'] } },
    { poll: '/jobs/{resumed}/checkpoints', at: 'counts.completed', until: { atLeast: 2 } },
    { poll: '/jobs/{resumed}/checkpoints', ...betweenCheckpoints, label: 'checkpoints-resumed' },
    // stopped, as for a configuration change
    {
      call: 'POST /jobs/{resumed}/stop',
      json: { targetDirectory: '{savepoints}', drain: false },
      label: 'stop',
      save: { 'stop-trigger': 'request-id' },
    },
    { poll: '/jobs/{resumed}/savepoints/{stop-trigger}', at: 'status.id', until: { oneOf: ['COMPLETED'] } },
    {
      call: 'GET /jobs/{resumed}/savepoints/{stop-trigger}',
      label: 'stop-status',
      save: { 'stop-savepoint': 'operation.location' },
    },
    { poll: '/jobs/{resumed}', at: 'state', until: { oneOf: ['FINISHED', 'CANCELED'] } },
    { call: 'GET /jobs/{resumed}', label: 'job-stopped' },
    {
      call: 'POST /savepoint-disposal',
      json: { 'savepoint-path': '{savepoint}' },
      label: 'dispose',
      save: { disposal: 'request-id' },
    },
    { poll: '/savepoint-disposal/{disposal}', at: 'status.id', until: { oneOf: ['COMPLETED'] } },
    { call: 'GET /savepoint-disposal/{disposal}', label: 'disposal-status' },
    { call: 'POST /savepoint-disposal', json: { 'savepoint-path': '{savepoint}' }, save: { again: 'request-id' } },
    { poll: '/savepoint-disposal/{again}', at: 'status.id', until: { oneOf: ['COMPLETED'] } },
    { call: 'GET /savepoint-disposal/{again}', label: 'disposal-of-nothing' },
    { call: 'DELETE /jars/{state-machine}', label: 'delete-jar' },
  ],
};
