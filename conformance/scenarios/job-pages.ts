import type { ForEachStep, PollStep, Step } from '../scenario.ts';

/** A checkpoint under way would stand in the answer: not what was recorded. Jobs without checkpoints have no counts. */
export const betweenCheckpoints: Pick<PollStep, 'at' | 'until'> = {
  at: 'counts.in_progress',
  until: { oneOf: [0, undefined] },
};

/** Every page of {job}. */
export const jobPages: readonly Step[] = [
  { call: 'GET /jobs/{job}', label: 'job' },
  { call: 'GET /jobs/{job}/plan', label: 'job-plan' },
  { call: 'GET /jobs/{job}/config', label: 'job-config' },
  { call: 'GET /jobs/{job}/exceptions', label: 'exceptions' },
  { call: 'GET /jobs/{job}/accumulators', label: 'accumulators' },
  { call: 'GET /jobs/{job}/accumulators?includeSerializedValue=true', label: 'accumulators-serialized' },
  { call: 'GET /jobs/{job}/execution-result', label: 'execution-result' },
  { call: 'GET /jobs/{job}/metrics', label: 'job-metrics' },
  { poll: '/jobs/{job}/checkpoints', ...betweenCheckpoints, label: 'checkpoints' },
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
