import type { CallStep, ForEachStep } from '../scenario.ts';

/** Every page of {job}. */
export const jobPages: readonly CallStep[] = [
  { call: 'GET /jobs/{job}', label: 'job' },
  { call: 'GET /jobs/{job}/plan', label: 'job-plan' },
  { call: 'GET /jobs/{job}/config', label: 'job-config' },
  { call: 'GET /jobs/{job}/exceptions', label: 'exceptions' },
  { call: 'GET /jobs/{job}/accumulators', label: 'accumulators' },
  { call: 'GET /jobs/{job}/accumulators?includeSerializedValue=true', label: 'accumulators-serialized' },
  { call: 'GET /jobs/{job}/execution-result', label: 'execution-result' },
  { call: 'GET /jobs/{job}/metrics', label: 'job-metrics' },
  { call: 'GET /jobs/{job}/checkpoints', label: 'checkpoints' },
  { call: 'GET /jobs/{job}/checkpoints/config', label: 'checkpoints-config' },
];

/** Every page of the vertices named vertex-0, vertex-1, … */
export const vertexPages: ForEachStep = {
  forEach: 'vertex',
  steps: [
    { call: 'GET /jobs/{job}/vertices/{each}', label: 'vertex' },
    { call: 'GET /jobs/{job}/vertices/{each}/accumulators', label: 'vertex-accumulators' },
    { call: 'GET /jobs/{job}/vertices/{each}/subtasktimes', label: 'vertex-subtasktimes' },
    { call: 'GET /jobs/{job}/vertices/{each}/taskmanagers', label: 'vertex-taskmanagers' },
    { call: 'GET /jobs/{job}/vertices/{each}/subtasks/accumulators', label: 'vertex-subtasks-accumulators' },
    { call: 'GET /jobs/{job}/vertices/{each}/subtasks/0', label: 'subtask' },
    { call: 'GET /jobs/{job}/vertices/{each}/subtasks/0/attempts/0', label: 'attempt' },
    {
      call: 'GET /jobs/{job}/vertices/{each}/subtasks/0/attempts/0/accumulators',
      label: 'attempt-accumulators',
      save: { attempt: 'id' },
    },
  ],
};
