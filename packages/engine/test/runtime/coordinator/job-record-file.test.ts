import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeJobRecord, encodeJobRecord } from '../../../src/runtime/coordinator/job-record-file.ts';
import type { JobRecord } from '../../../src/runtime/coordinator/job-store.ts';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from './support/cluster-fixture.ts';

const record: JobRecord = {
  jobId: JOB_ID,
  acceptedMs: 5,
  program: { ...program, bundlePath: '/data/programs/abc.cjs' },
  programDigest: 'abc',
  graph: twoVertexGraph(),
  savepointPath: '/savepoints/savepoint-1',
  allowNonRestoredState: false,
  checkpointsDirectory: '/data/checkpoints',
  cancelRequested: false,
  terminal: undefined,
};

describe('the stored form of a job record', () => {
  test('finds its files where the data directory is now; what lies elsewhere stays there', () => {
    expect(decodeJobRecord(encodeJobRecord(record, '/data'), '/moved/here')).toEqual({
      ...record,
      program: { ...program, bundlePath: '/moved/here/programs/abc.cjs' },
      checkpointsDirectory: '/moved/here/checkpoints',
    });
    const beside = { ...record, checkpointsDirectory: '/data-2/checkpoints' };
    expect(decodeJobRecord(encodeJobRecord(beside, '/data'), '/moved').checkpointsDirectory).toBe(
      '/data-2/checkpoints',
    );
  });

  test('of a version before digests is read as it is', () => {
    expect(decodeJobRecord(Buffer.from(JSON.stringify(record)), '/moved')).toEqual(record);
  });

  test('with any flipped bit is refused', () => {
    const bytes = encodeJobRecord(record, '/data');
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = bytes.slice();
      damaged[at] = damaged[at]! ^ 1;
      expect(() => decodeJobRecord(damaged, '/data'), `byte ${at}`).toThrow();
    }
  });
});

test('a copy of a data directory goes on by itself and leaves the one it was made from alone', async () => {
  const machine = new Machine();
  const first = await machine.open();
  await first.submitGraph(twoVertexGraph({ intervalMs: 1000 }), program, { jobId: JOB_ID });
  await machine.clock.advance(2000);
  await first.shutdown();
  const { files, directories } = machine.disk;
  for (const [path, content] of [...files]) files.set(path.replace(/^\/data\b/, '/copy'), content);
  for (const path of [...directories]) directories.add(path.replace(/^\/data\b/, '/copy'));
  const original = () => [...files.keys()].filter((path) => path.startsWith('/data/') && !path.includes('lock'));
  const before = original();

  const copy = await machine.open({ dataDirectory: '/copy' });
  await settle();
  expect(copy.jobDetail(JOB_ID)).toMatchObject({ state: 'RUNNING', checkpoints: { latest: { restored: { id: 2 } } } });
  await machine.clock.advance(3000);
  await copy.cancel(JOB_ID);
  await settle();
  expect(original()).toEqual(before);
});

test.each([
  ['missing', (files: Map<string, Uint8Array>, path: string) => files.delete(path)],
  ['damaged', (files: Map<string, Uint8Array>, path: string) => files.set(path, Buffer.from('exports.default = 0;'))],
])('a job whose stored program is %s is suspended with the reason; put back, it goes on', async (what, damage) => {
  const machine = new Machine();
  const content = Buffer.from('exports.default = 1;');
  const digest = createHash('sha256').update(content).digest('hex');
  const bundlePath = `/data/programs/${digest}.cjs`;
  machine.disk.files.set(bundlePath, content);
  const first = await machine.open();
  await first.submitGraph(twoVertexGraph({ intervalMs: 1000 }), { ...program, bundlePath }, { jobId: JOB_ID });
  await first.shutdown();
  damage(machine.disk.files, bundlePath);
  const second = await machine.open();
  const { state, exceptions } = second.jobDetail(JOB_ID);
  expect([state, exceptions.root]).toMatchObject(['SUSPENDED', { code: 'PROGRAM_DAMAGED' }]);
  expect(exceptions.root?.message).toContain(what);
  await second.shutdown();
  machine.disk.files.set(bundlePath, content);
  const third = await machine.open();
  expect(third.jobDetail(JOB_ID).state).toBe('RUNNING');
});
