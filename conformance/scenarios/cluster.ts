import type { Scenario } from '../scenario.ts';

/** What an empty cluster says of itself. */
export const cluster: Scenario = {
  name: 'cluster',
  steps: [
    { poll: '/taskmanagers', at: 'taskmanagers.*', until: { count: 1 } },
    { call: 'GET /taskmanagers', label: 'taskmanagers', save: { taskmanager: 'taskmanagers.0.id' } },
    { call: 'GET /config', label: 'config' },
    { call: 'GET /v1/config', label: 'v1-config' },
    { call: 'GET //config/', label: 'config-slashes' },
    { call: 'GET /config?unknown=1', label: 'config-unknown-parameter' },
    { call: 'GET /overview', label: 'overview' },
    { call: 'GET /jobs', label: 'jobs' },
    { call: 'GET /jobs/overview', label: 'jobs-overview' },
    { call: 'GET /jobs/metrics', label: 'jobs-metrics' },
    { call: 'GET /jobmanager/config', label: 'jobmanager-config' },
    { call: 'GET /jobmanager/metrics', label: 'jobmanager-metrics' },
    { call: 'GET /jobmanager/metrics?get=numRegisteredTaskManagers,taskSlotsTotal', label: 'jobmanager-metrics-get' },
    { call: 'GET /taskmanagers/{taskmanager}', label: 'taskmanager' },
    { call: 'GET /taskmanagers/{taskmanager}/metrics', label: 'taskmanager-metrics' },
    { call: 'GET /taskmanagers/metrics', label: 'taskmanagers-metrics' },
    { call: 'GET /jars', label: 'jars' },
    { call: 'HEAD /config', label: 'head' },
    { call: 'OPTIONS /config', label: 'options' },
    { call: 'PUT /config', label: 'put' },
    { call: 'GET /no/such/path?x=1', label: 'unknown-path' },
    { call: 'POST /no/such/path', label: 'unknown-path-post' },
    { call: 'GET /jars/upload', label: 'get-of-post' },
    { call: 'GET /v2/config', label: 'unknown-version' },
  ],
};
