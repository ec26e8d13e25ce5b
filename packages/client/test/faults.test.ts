// One fault of every kind in every call of a life of jobs, and an abort in every call.
import { describe, expect, test } from 'vitest';
import { FlinkClient, FlinkClientError, FlinkOutcomeUnknownError, type SavepointResult } from '../src/index.ts';
import { FakeFlink, type Fault, faults } from './support/fake-flink.ts';

interface Scenario {
  readonly needsJob: boolean;
  readonly act: (client: FlinkClient, jobId: string, options: { signal?: AbortSignal }) => Promise<unknown>;
  /** What must be so when it resolved. */
  readonly isDone: (flink: FakeFlink, jobId: string, value: any) => boolean;
  /** A lost answer can be looked up. */
  readonly isFound: boolean;
}

const hasSavepoint = (flink: FakeFlink, { location }: SavepointResult) =>
  [...flink.operations.values()].some(({ result }) => result.location === location);

const scenarios: Readonly<Record<string, Scenario>> = {
  'run and wait until running': {
    needsJob: false,
    act: async (client, _, options) => {
      const { jobid } = await client.jars.run('a.jar', { programArgs: ['x'], ...options });
      await client.waitUntilRunning(jobid, options);
      return jobid;
    },
    isDone: (flink, _, jobId: string) => flink.jobs.get(jobId)?.status === 'RUNNING',
    isFound: true,
  },
  savepoint: {
    needsJob: true,
    act: (client, jobId, options) => client.takeSavepoint(jobId, options),
    isDone: (flink, jobId, value) => hasSavepoint(flink, value) && flink.jobs.get(jobId)?.status === 'RUNNING',
    isFound: true,
  },
  'cancel with savepoint': {
    needsJob: true,
    act: (client, jobId, options) => client.cancelWithSavepoint(jobId, options),
    isDone: (flink, jobId, value) => hasSavepoint(flink, value) && flink.jobs.get(jobId)?.status === 'CANCELED',
    isFound: true,
  },
  'stop with savepoint': {
    needsJob: true,
    act: (client, jobId, options) => client.stopWithSavepoint(jobId, options),
    isDone: (flink, jobId, value) => hasSavepoint(flink, value) && flink.jobs.get(jobId)?.status === 'FINISHED',
    isFound: true,
  },
  cancel: {
    needsJob: true,
    act: (client, jobId, options) => client.jobs.cancel(jobId, options),
    isDone: (flink, jobId) => flink.jobs.get(jobId)?.status === 'CANCELED',
    isFound: true,
  },
  disposal: {
    needsJob: false,
    act: (client, _, options) => client.disposeSavepoint('/savepoints/savepoint-1', options),
    isDone: (flink) => [...flink.disposals.values()].every(({ polls }) => polls >= 3),
    isFound: false,
  },
};

async function open(version: string, { needsJob }: Scenario) {
  const flink = new FakeFlink(version);
  const { jobid } = needsJob ? await new FlinkClient(flink.options).jars.run('a.jar') : { jobid: '' };
  flink.calls.length = 0;
  return { flink, client: new FlinkClient({ ...flink.options, timeoutMillis: 5_000 }), jobId: jobid };
}

async function countCalls(version: string, scenario: Scenario): Promise<number> {
  const { flink, client, jobId } = await open(version, scenario);
  await scenario.act(client, jobId, {});
  return flink.calls.length;
}

const countActs = ({ starts, operations, disposals }: FakeFlink) => starts + operations.size + disposals.size;

/** Safe calls outlive these. */
const isPassing = (fault: Fault) => !fault.startsWith('silent') && fault !== 'garbage';
const neverActed: readonly Fault[] = ['refused', 'unavailable 503'];
const actedUnseen: readonly Fault[] = ['broken after', 'silent after', 'gateway 504', 'garbage', 'truncated'];

async function checkFault(version: string, scenario: Scenario, index: number, fault: Fault): Promise<void> {
  const { flink, client, jobId } = await open(version, scenario);
  flink.faults.set(index, fault);
  const actsBefore = countActs(flink);
  let value: unknown;
  let error: unknown;
  await scenario.act(client, jobId, {}).then(
    (result) => (value = result),
    (reason: unknown) => (error = reason),
  );
  const call = flink.calls[index] ?? '';
  const where = `${fault} in call ${index} (${call}): ${String(error ?? 'done')}`;
  const unsafeCalls = flink.calls.filter((text) => !text.startsWith('GET'));
  expect(new Set(unsafeCalls).size, `${where}: an unsafe call was repeated`).toBe(unsafeCalls.length);
  expect(countActs(flink) - actsBefore, where).toBeLessThanOrEqual(1);
  if (error === undefined) expect(scenario.isDone(flink, jobId, value), where).toBe(true);
  else expect(error, where).toBeInstanceOf(FlinkClientError);
  if (call.startsWith('GET')) {
    if (isPassing(fault)) expect(error, where).toBeUndefined();
  } else if (neverActed.includes(fault)) {
    expect(error, where).not.toBeInstanceOf(FlinkOutcomeUnknownError);
  } else if (actedUnseen.includes(fault) && scenario.isFound) {
    expect(error, where).toBeUndefined();
  } else {
    expect(error, where).toBeInstanceOf(FlinkOutcomeUnknownError);
  }
}

describe.each(['1.9.1', '1.20.5'])('Flink %s', (version) => {
  test.each(Object.entries(scenarios))(
    '%s: a fault does nothing twice and is never taken for a success',
    async (_, scenario) => {
      const count = await countCalls(version, scenario);
      for (let index = 0; index < count; index++) {
        for (const fault of faults) await checkFault(version, scenario, index, fault);
      }
    },
  );

  test.each(Object.entries(scenarios))(
    '%s: an abort ends it with its reason, and nothing is sent after it',
    async (_, scenario) => {
      const count = await countCalls(version, scenario);
      for (let index = 0; index < count; index++) {
        const { flink, client, jobId } = await open(version, scenario);
        const abort = new AbortController();
        flink.onCall = (call) => {
          if (call === index) abort.abort(new Error('enough'));
        };
        await expect(scenario.act(client, jobId, { signal: abort.signal }), `call ${index}`).rejects.toThrow('enough');
        expect(flink.calls).toHaveLength(index + 1);
      }
    },
  );
});

test('an earlier job of the same id is not taken for the one that was to be started', async () => {
  const flink = new FakeFlink('1.20.5');
  const client = new FlinkClient(flink.options);
  const { jobid } = await client.jars.run('a.jar');
  flink.calls.length = 0;
  flink.onCall = (index) => {
    if (flink.calls[index]?.startsWith('POST')) flink.faults.set(index, 'broken before');
  };
  await expect(client.jars.run('a.jar', { jobId: jobid })).rejects.toThrow(FlinkOutcomeUnknownError);
  expect(flink.starts).toBe(1);
});
