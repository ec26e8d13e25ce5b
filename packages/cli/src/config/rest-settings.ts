// The REST API as it is served: address, uploads, pages.
import { booleanOption, durationOption, integerOption, textOption } from '@yeoul/engine/runtime';

const MINUTE_MS = 60_000;

export const restSettings = {
  port: integerOption({
    key: 'rest.port',
    default: 8081,
    maximum: 65_535,
    description: 'Port of the REST API of `yeoul start`; 0 takes a free one.',
  }),
  bindPort: textOption({
    key: 'rest.bind-port',
    defaultText: 'the port of `rest.port`',
    description:
      'Ports to take, in their order: the first that is free is taken. One, a range or a list of both: `8081`, `8081-8090`, `8081,9000-9010`.',
  }),
  bindAddress: textOption({
    key: 'rest.bind-address',
    default: '127.0.0.1',
    description: 'Address it is served on. Others than this machine need tokens.',
  }),
  address: textOption({
    key: 'rest.address',
    default: 'localhost',
    description: 'A further name by which clients may call the server.',
  }),
  uploadDirectory: textOption({
    key: 'web.upload.dir',
    defaultText: '`jars` in the data directory',
    description: 'Where uploaded jars are kept.',
  }),
  refreshIntervalMs: durationOption({
    key: 'web.refresh-interval',
    default: 3000,
    minimum: 100,
    description: 'How often dashboards are told to refresh.',
  }),
  submitEnabled: booleanOption({
    key: 'web.submit.enable',
    default: true,
    description: 'Whether jars may be uploaded and run.',
  }),
  flameGraphEnabled: booleanOption({
    key: 'rest.flamegraph.enabled',
    default: true,
    description: 'Whether flame graphs are sampled. Sampling begins when one is asked for.',
  }),
  flameGraphSamples: integerOption({
    key: 'rest.flamegraph.num-samples',
    default: 100,
    minimum: 1,
    maximum: 10_000,
    description: 'Samples of each thread in one flame graph.',
  }),
  flameGraphDelayMs: durationOption({
    key: 'rest.flamegraph.delay-between-samples',
    default: 50,
    minimum: 1,
    maximum: 1000,
    description: 'Time between two samples.',
  }),
  flameGraphRefreshMs: durationOption({
    key: 'rest.flamegraph.refresh-interval',
    default: MINUTE_MS,
    minimum: 1000,
    description: 'How long a flame graph is shown before a new one is sampled.',
  }),
  flameGraphDepth: integerOption({
    key: 'rest.flamegraph.stack-depth',
    default: 100,
    minimum: 1,
    maximum: 1000,
    description: 'Frames of a stack that a flame graph shows.',
  }),
} as const;
