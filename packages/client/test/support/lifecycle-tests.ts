// The life of jobs through the client, the same on every server: Apache Flink 1.9, 1.20, 2.3 and ours. The tests of one cluster build on each
// other and run in order. Every answer is held to the contract.
import { beforeAll, expect, test } from 'vitest';
import {
  FlinkApiError,
  FlinkClient,
  FlinkJobEndedError,
  FlinkOperationError,
  FlinkOutcomeUnknownError,
} from '../../src/index.ts';
import { validateAnswer } from '../../src/validate-answer.ts';
import { LossyFetch } from './lossy-fetch.ts';

export interface ClusterUnderTest {
  readonly url: string;
  /** Runs CountJob. */
  readonly jar: Uint8Array;
  readonly entryClass: string;
}

export interface ClusterTraits {
  readonly version: { readonly major: number; readonly minor: number };
  /** Plans with arguments that a query cannot carry. */
  readonly plansWithBody: boolean;
  readonly takesTriggerIds: boolean;
  readonly hasNativeFormat: boolean;
  readonly hasFlinkConfiguration: boolean;
  /** Log files by name, thread dumps, flame graphs. */
  readonly hasLogLists: boolean;
}

const UNKNOWN_ID = '0'.repeat(32);

export function describeLifecycle(traits: ClusterTraits, cluster: () => ClusterUnderTest): void {
  const lossy = new LossyFetch();
  let client: FlinkClient;
  let jarId: string;
  /** Of the job that runs through most of the tests. */
  let jobId: string;
  let vertexId: string;
  let savepoint: string;

  beforeAll(() => {
    client = new FlinkClient({ baseUrl: `${cluster().url}/`, validate: validateAnswer, fetch: lossy.fetch });
  });

  test('the version is known', async () => {
    expect(await client.version()).toMatchObject(traits.version);
    expect(await client.cluster.overview()).toMatchObject({ taskmanagers: 1, 'jobs-running': 0 });
  });

  test('a jar is uploaded from memory and listed', async () => {
    const uploaded = await client.jars.upload(cluster().jar, { fileName: 'count job.jar' });
    jarId = uploaded.id;
    const { files } = await client.jars.list();
    expect(files).toMatchObject([{ id: jarId, name: 'count job.jar', entry: [{ name: cluster().entryClass }] }]);
  });

  test('plans are made with arguments, parallelism and entry class', async () => {
    const options = { programArgs: ['endless', 'a b'], parallelism: 2, entryClass: cluster().entryClass };
    const { plan } = await client.jars.plan(jarId, options);
    expect(plan).toMatchObject({ name: 'endless|a b', nodes: [{ parallelism: 2 }, { parallelism: 1 }] });
  });

  test.runIf(traits.plansWithBody)('plans take arguments with commas, and empty ones', async () => {
    const { plan } = await client.jars.plan(jarId, { programArgs: ['endless', 'x,y', ''] });
    expect(plan.name).toBe('endless|x,y|');
  });

  test.skipIf(traits.plansWithBody)('plans with arguments that this version cannot take are refused', async () => {
    await expect(client.jars.plan(jarId, { programArgs: ['endless', 'x,y'] })).rejects.toThrow('Flink 1.9.1 plans');
  });

  test('a job is run with any arguments, and waited for', async () => {
    const programArgs = ['endless', 'a b', 'x,y', ''];
    jobId = (await client.jars.run(jarId, { programArgs, parallelism: 2 })).jobid;
    expect(await client.waitUntilRunning(jobId)).toEqual({ status: 'RUNNING' });
    expect(await client.jobs.status(jobId)).toEqual({ status: 'RUNNING' });
    expect((await client.jobs.list()).jobs).toContainEqual(expect.objectContaining({ id: jobId, status: 'RUNNING' }));
    const job = await client.jobs.get(jobId);
    expect(job).toMatchObject({ jid: jobId, name: 'endless|a b|x,y|', state: 'RUNNING' });
    vertexId = job.vertices[1]?.id ?? '';
  });

  test('the same job id is not started twice', async () => {
    await expect(client.jars.run(jarId, { programArgs: 'endless', jobId })).rejects.toThrow(FlinkApiError);
    expect((await client.jobs.list()).jobs).toHaveLength(1);
  });

  test('pages of the job', async () => {
    const { plan } = await client.jobs.plan(jobId);
    expect(plan.nodes.map(({ parallelism }) => parallelism)).toEqual([2, 1]);
    expect(await client.jobs.config(jobId)).toMatchObject({ 'execution-config': { 'job-parallelism': 2 } });
    const none = { 'root-exception': null, timestamp: null, 'all-exceptions': [], truncated: false };
    expect(await client.jobs.exceptions(jobId)).toMatchObject(none);
    expect(await client.jobs.result(jobId)).toEqual({ status: { id: 'IN_PROGRESS' } });
    expect(await client.jobs.accumulators(jobId)).toHaveProperty('user-task-accumulators');
    expect(await client.jobs.checkpointConfig(jobId)).toMatchObject({ mode: 'exactly_once', interval: 500 });
    expect((await client.jobs.overview()).jobs[0]).toMatchObject({ jid: jobId, tasks: { total: 3, running: 3 } });
  });

  test('checkpoints by kind, in one form', async () => {
    const completed = await until(async () => (await client.jobs.checkpoints(jobId)).latest.completed ?? undefined);
    expect(completed['@class']).toBe('completed');
    const checkpoint = await client.jobs.checkpoint(jobId, completed.id);
    expect(checkpoint['@class']).toBe('completed');
    expect(Object.keys(checkpoint.tasks)).toContain(vertexId);
    const task = await client.jobs.taskCheckpoint(jobId, completed.id, vertexId);
    expect(task.subtasks.map((subtask) => [subtask.index, subtask['@class']])).toEqual([
      [0, 'completed'],
      [1, 'completed'],
    ]);
  });

  test('pages of a vertex and its subtasks', async () => {
    const { vertices } = client.jobs;
    const vertex = await vertices.get(jobId, vertexId);
    expect(vertex.subtasks.map(({ subtask, host }) => [subtask, /:\d+$/.test(host)])).toEqual([
      [0, true],
      [1, true],
    ]);
    expect((await vertices.subtask(jobId, vertexId, 1)).host).not.toContain(':');
    expect(await vertices.attempt(jobId, vertexId, 1, 0)).toMatchObject({ subtask: 1, attempt: 0 });
    expect(await vertices.attemptAccumulators(jobId, vertexId, 1, 0)).toMatchObject({ subtask: 1 });
    expect(await vertices.accumulators(jobId, vertexId)).toMatchObject({ id: vertexId });
    expect((await vertices.subtasksAccumulators(jobId, vertexId)).subtasks).toHaveLength(2);
    expect((await vertices.subtaskTimes(jobId, vertexId)).subtasks).toHaveLength(2);
    expect((await vertices.taskManagers(jobId, vertexId)).taskmanagers).toMatchObject([{ status: 'RUNNING' }]);
    expect(await vertices.backPressure(jobId, vertexId)).toHaveProperty('status');
  });

  test('metrics by name, aggregated and not', async () => {
    const { vertices } = client.jobs;
    const names = await until(async () => {
      const found = (await vertices.metrics(jobId, vertexId)).map(({ id }) => id);
      const wanted = found.filter((id) => /^\d\.numRecordsIn$/.test(id));
      return wanted.length === 2 ? wanted : undefined;
    });
    expect((await vertices.metrics(jobId, vertexId, { get: names })).map(({ value }) => Number(value) >= 0)).toEqual([
      true,
      true,
    ]);
    expect(await vertices.metrics(jobId, vertexId, { get: [] })).toEqual([]);
    expect((await vertices.subtaskMetrics(jobId, vertexId, 0)).length).toBeGreaterThan(0);
    const aggregated = await vertices.subtasksMetrics(jobId, vertexId, { get: ['numRecordsIn'], agg: ['sum', 'max'] });
    expect(Object.keys(aggregated[0] ?? {}).toSorted()).toEqual(['id', 'max', 'sum']);
    expect(await client.jobs.metrics(jobId)).toContainEqual({ id: 'numberOfCompletedCheckpoints' });
    expect((await client.jobs.aggregatedMetrics({ jobs: [jobId] })).length).toBeGreaterThan(0);
    await until(async () => (await client.cluster.jobManagerMetrics())[0]);
  });

  test('task managers and job manager', async () => {
    const { taskmanagers } = await client.taskManagers.list();
    const id = taskmanagers[0]?.id ?? '';
    expect(await client.taskManagers.get(id)).toMatchObject({ id, slotsNumber: 4 });
    await until(async () => (await client.taskManagers.metrics(id))[0]);
    expect((await client.taskManagers.aggregatedMetrics()).length).toBeGreaterThan(0);
    expect(await client.cluster.jobManagerConfig()).toContainEqual({
      key: 'taskmanager.numberOfTaskSlots',
      value: '4',
    });
    const texts = [client.taskManagers.log(id), client.taskManagers.stdout(id), client.cluster.jobManagerLog()];
    expect((await Promise.all(texts)).map((text) => typeof text)).toEqual(['string', 'string', 'string']);
  });

  test.runIf(traits.hasLogLists)('log files, thread dumps and flame graphs', async () => {
    const id = (await client.taskManagers.list()).taskmanagers[0]?.id ?? '';
    const [file] = (await client.cluster.jobManagerLogs()).logs;
    expect(typeof (await client.cluster.jobManagerLogFile(file?.name ?? ''))).toBe('string');
    const [other] = (await client.taskManagers.logs(id)).logs;
    expect(typeof (await client.taskManagers.logFile(id, other?.name ?? ''))).toBe('string');
    expect((await client.cluster.jobManagerThreadDump()).threadInfos.length).toBeGreaterThan(0);
    expect((await client.taskManagers.threadDump(id)).threadInfos.length).toBeGreaterThan(0);
    expect(await client.jobs.vertices.flameGraph(jobId, vertexId)).toHaveProperty('endTimestamp');
  });

  test.skipIf(traits.hasLogLists)('what the version does not serve is said so', async () => {
    const url = `${cluster().url}/jobmanager/logs`;
    expect(await refusalOf(client.cluster.jobManagerLogs())).toEqual([404, `This server has no GET ${url}`]);
  });

  test('what Flink refuses is one readable line', async () => {
    const messages = [
      client.jobs.get(UNKNOWN_ID),
      client.jobs.status(UNKNOWN_ID),
      client.jobs.cancel(UNKNOWN_ID),
      client.jobs.rescale(jobId, { parallelism: 2 }),
      client.jobs.cancel(jobId, { mode: ['stop'] }),
      client.jars.run(jarId, { programArgs: 'throw' }),
    ].map(refusalOf);
    expect(await Promise.all(messages)).toEqual([
      [404, `Job ${UNKNOWN_ID} not found`],
      [404, `Job ${UNKNOWN_ID} not found`],
      [404, 'Job could not be found.'],
      [503, 'Rescaling is temporarily disabled. See FLINK-12312.'],
      [308, expect.stringMatching(/^The termination mode "stop" has been removed\..*"jobs\/:jobId\/stop" instead\.$/)],
      [expect.any(Number), expect.stringMatching(/^[^\n]*the program says no[^\n]*$/)],
    ]);
    const failure = await client.takeSavepoint(UNKNOWN_ID).catch((error: unknown) => error);
    expect(String(failure)).toContain(UNKNOWN_ID);
    expect(String(failure)).not.toContain('\n');
  });

  test('a savepoint is taken and waited for', async () => {
    const { location } = await client.takeSavepoint(jobId);
    expect(location).toContain('savepoint-');
    expect(await client.jobs.status(jobId)).toEqual({ status: 'RUNNING' });
    // Flink keeps the page for 3 s.
    const shown = await until(async () => (await client.jobs.checkpoints(jobId)).latest.savepoint ?? undefined);
    expect(shown).toMatchObject({ is_savepoint: true, external_path: location });
  });

  test.runIf(traits.hasNativeFormat)('the format of a savepoint may be chosen', async () => {
    expect(await client.takeSavepoint(jobId, { formatType: 'NATIVE' })).toHaveProperty('location');
  });

  test.skipIf(traits.hasNativeFormat)(
    'a choice that this server does not have is said before anything is done',
    async () => {
      await expect(client.takeSavepoint(jobId, { formatType: 'NATIVE' })).rejects.toThrow(
        'has no choice of formatType',
      );
    },
  );

  test('a savepoint is found when the answer to its trigger is lost, and not triggered twice', async () => {
    lossy.sent.length = 0;
    lossy.loseNext((call) => call === `POST /jobs/${jobId}/savepoints`);
    const { location } = await client.takeSavepoint(jobId);
    expect(location).toContain('savepoint-');
    expect(lossy.sent.filter((call) => call.startsWith('POST'))).toEqual([`POST /jobs/${jobId}/savepoints`]);
  });

  test.skipIf(traits.takesTriggerIds)('the lost answer to a trigger without an id is not repeated', async () => {
    lossy.sent.length = 0;
    lossy.loseNext((call) => call === `POST /jobs/${jobId}/savepoints`);
    await expect(client.jobs.savepoint(jobId)).rejects.toThrow(FlinkOutcomeUnknownError);
    expect(lossy.sent.filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  test('a job is cancelled with a savepoint, and its end is waited for', async () => {
    savepoint = (await client.cancelWithSavepoint(jobId)).location;
    expect(await client.jobs.status(jobId)).toEqual({ status: 'CANCELED' });
  });

  test('a job that is cancelled can be cancelled again', async () => {
    expect(await client.jobs.cancel(jobId)).toEqual({});
    await expect(client.waitUntilRunning(jobId)).rejects.toThrow(`Job ${jobId} was CANCELED`);
  });

  test('a run whose answer is lost is found, and not started twice', async () => {
    lossy.sent.length = 0;
    lossy.loseNext((call) => call.endsWith('/run'));
    const before = (await client.jobs.list()).jobs.length;
    jobId = (await client.jars.run(jarId, { programArgs: 'endless  "again it"', savepointPath: savepoint })).jobid;
    await client.waitUntilRunning(jobId);
    expect(lossy.sent.filter((call) => call.endsWith('/run'))).toHaveLength(1);
    expect((await client.jobs.list()).jobs).toHaveLength(before + 1);
    expect((await client.jobs.get(jobId)).name).toBe('endless|again it');
  });

  test('the resumed job names its savepoint', async () => {
    const { latest } = await client.jobs.checkpoints(jobId);
    expect(latest.restored).toMatchObject({ is_savepoint: true, external_path: savepoint });
  });

  test('a job is stopped with a savepoint, and its end is waited for', async () => {
    const { location } = await client.stopWithSavepoint(jobId, { drain: false });
    expect(location).toContain('savepoint-');
    expect(await client.jobs.status(jobId)).toEqual({ status: 'FINISHED' });
  });

  test('a job that has finished cannot be cancelled, in all versions alike', async () => {
    expect(await refusalOf(client.jobs.cancel(jobId))).toEqual([
      409,
      'Job cancellation failed because the job has already reached another terminal state (FINISHED).',
    ]);
  });

  test('a savepoint is disposed once', async () => {
    await client.disposeSavepoint(savepoint);
    const again = await client.disposeSavepoint(savepoint).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(FlinkOperationError);
    expect(String(again)).toContain(savepoint.replace(/^file:/, '').replace(/^\/+/, '/'));
  });

  test('why a job failed is said', async () => {
    const { jobid } = await client.jars.run(jarId, { programArgs: ['fail'] });
    expect(await client.waitUntilTerminal(jobid)).toEqual({ status: 'FAILED' });
    const error = await client.waitUntilRunning(jobid).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FlinkJobEndedError);
    expect(String(error)).toContain('number 20 is too much');
    const exceptions = await client.jobs.exceptions(jobid);
    expect(exceptions['root-exception']).toContain('number 20 is too much');
    expect(exceptions['all-exceptions'].length).toBeGreaterThan(0);
    const result = await until(async () => (await client.jobs.result(jobid))['job-execution-result']);
    expect(result['application-status']).toBe('FAILED');
  });

  test('a bounded job ends with its accumulators', async () => {
    const { jobid } = await client.jars.run(jarId, { programArgs: ['finish'], jobId: UNKNOWN_ID.replaceAll('0', 'a') });
    expect(jobid).toBe('a'.repeat(32));
    expect(await client.waitUntilTerminal(jobid)).toEqual({ status: 'FINISHED' });
    const { 'user-task-accumulators': accumulators } = await client.jobs.accumulators(jobid);
    expect(accumulators).toEqual([{ name: 'seen', type: 'IntCounter', value: '20' }]);
  });

  test.runIf(traits.hasFlinkConfiguration)('configuration and claim mode come with a run', async () => {
    const options = { flinkConfiguration: { 'pipeline.max-parallelism': '64' }, claimMode: 'NO_CLAIM' } as const;
    const { jobid } = await client.jars.run(jarId, { programArgs: 'finish', ...options });
    await client.waitUntilTerminal(jobid);
    expect((await client.jobs.get(jobid)).vertices[1]?.maxParallelism).toBe(64);
  });

  test('a jar is deleted', async () => {
    await client.jars.delete(jarId);
    expect((await client.jars.list()).files).toEqual([]);
  });
}

async function refusalOf(call: Promise<unknown>): Promise<[number, string]> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FlinkApiError)) throw new Error(`no refusal: ${String(error)}`);
  return [error.status, error.message];
}

/** Asks until there is an answer: real clusters fetch metrics every 10 s only. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempts = 0; attempts < 150; attempts++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('waited in vain');
}
