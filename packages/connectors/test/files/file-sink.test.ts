import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BasePathBucketAssigner,
  type BucketAssigner,
  DefaultRollingPolicy,
  FileSink,
  nodeFileSystem,
  OnCheckpointRollingPolicy,
  type RollingPolicy,
  type SinkFileSystem,
} from '../../src/files/index.ts';
import { MemoryFileSystem, SimulatedCrash } from './memory-file-system.ts';
import { type JobCheckpoint, SinkJob } from './sink-job.ts';
import { makeDirectory } from './temporary-directory.ts';

const BASE = '/data/out';

interface SinkSettings {
  readonly files: SinkFileSystem;
  readonly base?: string;
  readonly policy?: RollingPolicy;
  readonly assigner?: BucketAssigner<string>;
  readonly maxOpenParts?: number;
}

function createSink({ files, base = BASE, policy, assigner, maxOpenParts = 100 }: SinkSettings): FileSink<string> {
  return FileSink.forRowFormat<string>(base, (record) => `${record}\n`)
    .withBucketAssigner(assigner ?? new BasePathBucketAssigner())
    .withRollingPolicy(policy ?? OnCheckpointRollingPolicy)
    .withMaxOpenParts(maxOpenParts)
    .withFileSystem(files)
    .build();
}

interface StartSettings extends SinkSettings {
  readonly jobId?: string;
  readonly parallelism?: number;
  readonly restore?: JobCheckpoint | undefined;
  readonly nowMs?: () => number;
}

function startJob(settings: StartSettings): Promise<SinkJob> {
  const { jobId = 'job', parallelism = 1, restore, nowMs = () => 0 } = settings;
  return SinkJob.start({ createSink: () => createSink(settings), jobId, parallelism, restore, nowMs });
}

const isHidden = (path: string): boolean => path.slice(path.lastIndexOf('/') + 1).startsWith('.');

function visibleFiles(files: MemoryFileSystem): Record<string, string> {
  const visible = files.paths().filter((path) => !isHidden(path));
  return Object.fromEntries(visible.map((path) => [path.slice(BASE.length + 1), files.readText(path)]));
}

function visibleRecords(files: MemoryFileSystem): string[] {
  return Object.values(visibleFiles(files))
    .flatMap((text) => text.split('\n').slice(0, -1))
    .sort();
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `record-${String(i).padStart(4, '0')}`);

test('records become visible when the checkpoint that holds them is complete, and not before', async () => {
  const files = new MemoryFileSystem();
  const job = await startJob({ files });
  await job.write('a');
  await job.snapshot(1);
  await job.write('b');
  expect(visibleFiles(files)).toEqual({});
  await job.notifyComplete(1);
  expect(visibleFiles(files)).toEqual({ 'part-0-0': 'a\n' });
  await job.snapshot(2);
  await job.snapshot(3);
  await job.notifyComplete(3);
  expect(visibleFiles(files)).toEqual({ 'part-0-0': 'a\n', 'part-0-1': 'b\n' });
  expect(files.paths().filter(isHidden)).toEqual([]);
});

test('a part goes on over checkpoints until its policy ends it; the end of the input ends it, too', async () => {
  const files = new MemoryFileSystem();
  let nowMs = 0;
  const policy = DefaultRollingPolicy.builder()
    .withMaxPartSize(6)
    .withRolloverInterval(1000)
    .withInactivityInterval(300)
    .build();
  const job = await startJob({ files, policy, nowMs: () => nowMs });
  const step = async (record: string, id: number): Promise<void> => {
    await job.write(record);
    await job.snapshot(id);
    await job.notifyComplete(id);
  };
  await step('a', 1);
  await step('b', 2);
  expect(visibleFiles(files)).toEqual({});
  await step('cc', 3); // 7 bytes ≥ 6
  expect(visibleFiles(files)).toEqual({ 'part-0-0': 'a\nb\ncc\n' });
  await step('d', 4);
  nowMs = 300;
  await step('e', 5); // 300 ms without records
  expect(visibleFiles(files)).toMatchObject({ 'part-0-1': 'd\n' });
  for (let id = 6; nowMs < 1300; id++) {
    nowMs += 250;
    await step('', id);
  }
  expect(visibleFiles(files)).toMatchObject({ 'part-0-2': 'e\n\n\n\n' });
  await job.write('z');
  await job.finish();
  await job.snapshot(99);
  await job.notifyComplete(99);
  expect(Object.values(visibleFiles(files)).join('')).toBe('a\nb\ncc\nd\ne\n\n\n\n\nz\n');
});

test('buckets are folders; one more than may be open ends the least recently written part', async () => {
  const files = new MemoryFileSystem();
  let nowMs = 0;
  const assigner = { getBucketId: (record: string) => `by/${record[0]}` };
  const job = await startJob({ files, assigner, maxOpenParts: 2, nowMs: () => nowMs++ });
  for (const record of ['a1', 'b1', 'a2', 'c1', 'b2']) await job.write(record);
  await job.finish();
  await job.snapshot(1);
  await job.notifyComplete(1);
  expect(visibleFiles(files)).toEqual({
    'by/a/part-0-0': 'a1\na2\n',
    'by/b/part-0-1': 'b1\n',
    'by/c/part-0-2': 'c1\n',
    'by/b/part-0-3': 'b2\n',
  });
});

test.each(['../up', '/absolute', 'a//b', '.hidden', 'a/.b', 'a\\b'])('bucket id %s is refused', async (bucketId) => {
  const job = await startJob({ files: new MemoryFileSystem(), assigner: { getBucketId: () => bucketId } });
  await expect(job.write('a')).rejects.toMatchObject({ code: 'INVALID_SETTING' });
});

test('names go on past what other jobs left or are writing; their files are not touched', async () => {
  const files = new MemoryFileSystem();
  const first = await startJob({ files, jobId: 'first' });
  await first.write('a');
  await first.snapshot(1);
  await first.notifyComplete(1);
  await first.write('unfinished');
  const second = await startJob({ files, jobId: 'second' });
  await second.write('b');
  await second.snapshot(1);
  await second.notifyComplete(1);
  expect(visibleFiles(files)).toEqual({ 'part-0-0': 'a\n', 'part-0-2': 'b\n' });
  await first.snapshot(2);
  await first.notifyComplete(2);
  expect(visibleFiles(files)).toEqual({ 'part-0-0': 'a\n', 'part-0-1': 'unfinished\n', 'part-0-2': 'b\n' });
});

test('what a failed attempt left behind is removed, and only that', async () => {
  const files = new MemoryFileSystem();
  const policy = DefaultRollingPolicy.builder().build();
  const other = await startJob({ files, jobId: 'other' });
  await other.write('x');
  const job = await startJob({ files, policy });
  await job.write('a');
  const checkpoint = await job.snapshot(1);
  const failed = await startJob({ files, policy, restore: checkpoint });
  await failed.write('b');
  expect(files.paths().length).toBe(3);
  const next = await startJob({ files, policy, restore: checkpoint });
  expect(files.paths()).toEqual([`${BASE}/.part-0-0.inprogress.other.sink`, `${BASE}/part-0-1`]);
  expect(next.position).toBe(1);
});

test('an older state is restored over finished files that went on: they stay as they are', async () => {
  const files = new MemoryFileSystem();
  const policy = DefaultRollingPolicy.builder().build();
  const job = await startJob({ files, policy });
  await job.write('a');
  const savepoint = await job.snapshot(1);
  await job.write('b');
  await job.finish();
  await job.snapshot(2);
  await job.notifyComplete(2);
  await startJob({ files, policy, jobId: 'again', restore: savepoint });
  expect(visibleFiles(files)).toEqual({ 'part-0-0': 'a\nb\n' });
});

test('output that is missing, cut, or somebody else’s is an error with its name', async () => {
  const policy = DefaultRollingPolicy.builder().build();
  const make = async () => {
    const files = new MemoryFileSystem();
    const job = await startJob({ files, policy });
    await job.write('abc');
    return { files, restore: await job.snapshot(1), part: `${BASE}/.part-0-0.inprogress.job.sink`, job };
  };
  const missing = await make();
  missing.files.remove(missing.part);
  await expect(startJob(missing)).rejects.toThrow(`Part file ${missing.part} is in the restored state but missing`);
  const cut = await make();
  cut.files.truncate(cut.part, 2);
  await expect(startJob(cut)).rejects.toThrow(
    `Part file ${cut.part} has 2 bytes, fewer than the 4 of the restored state`,
  );
  const taken = await make();
  taken.files.create(`${BASE}/part-0-0`);
  await expect(startJob(taken)).rejects.toMatchObject({ code: 'PART_FILE_CONFLICT' });
  const shared = await make();
  await startJob({ files: shared.files, policy, restore: shared.restore, jobId: 'second' });
  await shared.job.write('d');
  await expect(shared.job.snapshot(2)).rejects.toMatchObject({ code: 'PART_FILE_CONFLICT' });
});

test('a full disk fails the sink for good; with room again a restore loses and doubles nothing', async () => {
  const files = new MemoryFileSystem();
  const job = await startJob({ files });
  await job.write('a');
  const checkpoint = await job.snapshot(1);
  await job.write('x'.repeat(1000));
  files.capacityBytes = 500;
  await expect(job.snapshot(2)).rejects.toThrow(
    /Cannot write .*part-0-1.* \(ENOSPC\): check free space and permissions/,
  );
  files.capacityBytes = Number.POSITIVE_INFINITY;
  await expect(job.snapshot(3)).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
  await expect(job.write('b')).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
  await job.close();
  const next = await startJob({ files, restore: checkpoint });
  await next.write('b');
  await next.snapshot(4);
  await next.notifyComplete(4);
  expect(visibleRecords(files)).toEqual(['a', 'b']);
});

interface Script {
  /** Records between checkpoints; one checkpoint after each run. */
  readonly runs: readonly number[];
  /** Per checkpoint. */
  readonly outcomes: readonly ('complete' | 'aborted' | 'notification lost')[];
  readonly parallelisms: readonly number[];
  readonly partBytes: number;
  readonly rollsOnCheckpoint: boolean;
  readonly buckets: number;
}

interface Faults {
  /** Steps of the file system at which the process dies, counted from the last death; in front of the step, or behind it. */
  readonly deaths: readonly { readonly step: number; readonly done: boolean; readonly power: boolean }[];
}

/** Runs the script to its end through all faults. What is visible is checked at every step. */
async function runScript(script: Script, faults: Faults): Promise<{ files: MemoryFileSystem; deaths: number }> {
  const files = new MemoryFileSystem();
  const records = names(script.runs.reduce((sum, count) => sum + count, 0));
  let restore: JobCheckpoint | undefined;
  let deaths = 0;
  for (;;) {
    const fault = faults.deaths[deaths];
    const parallelism = script.parallelisms[deaths % script.parallelisms.length] as number;
    armFault(files, fault);
    try {
      await runAttempt({
        script,
        files,
        records,
        parallelism,
        attempt: deaths,
        restore,
        onComplete: (checkpoint) => (restore = checkpoint),
      });
      return { files, deaths };
    } catch (error) {
      if (!(error instanceof SimulatedCrash || (error as Error).cause instanceof SimulatedCrash)) throw error;
      files.onStep = () => {};
      if (fault?.power) files.cutPower();
      else files.killProcess();
      expectPrefix(files, records, restore);
      deaths += 1;
    }
  }
}

function armFault(files: MemoryFileSystem, fault: Faults['deaths'][number] | undefined): void {
  const first = files.steps;
  let dead = false;
  files.onStep = (step, done) => {
    if (fault === undefined) return;
    // Once dead, nothing reaches the disk any more: other promises of the attempt may still be running.
    if (dead || (step - first === fault.step && done === fault.done)) {
      dead = true;
      throw new SimulatedCrash();
    }
  };
}

interface Attempt {
  readonly script: Script;
  readonly files: MemoryFileSystem;
  readonly records: readonly string[];
  readonly parallelism: number;
  readonly attempt: number;
  readonly restore: JobCheckpoint | undefined;
  readonly onComplete: (checkpoint: JobCheckpoint) => void;
}

async function runAttempt({
  script,
  files,
  records,
  parallelism,
  attempt,
  restore,
  onComplete,
}: Attempt): Promise<void> {
  const size = DefaultRollingPolicy.builder().withMaxPartSize(script.partBytes).build();
  const policy = script.rollsOnCheckpoint ? OnCheckpointRollingPolicy : size;
  const assigner = { getBucketId: (record: string) => `b${Number(record.slice(-4)) % script.buckets}` };
  // Another parallelism comes with another job, as in a restart from a savepoint.
  const jobId = script.parallelisms.length === 1 ? 'job' : `job-${attempt}`;
  const job = await startJob({ files, policy, assigner, parallelism, restore, jobId });
  let end = 0;
  for (const [run, count] of script.runs.entries()) {
    end += count;
    while (job.position < end) await job.write(records[job.position] as string);
    if (restore !== undefined && end <= restore.position) continue;
    const checkpoint = await job.snapshot(run + 1);
    const outcome = script.outcomes[run % script.outcomes.length];
    if (outcome === 'aborted') continue;
    onComplete(checkpoint);
    if (outcome === 'complete') await job.notifyComplete(checkpoint.id);
  }
  await job.finish();
  const last = await job.snapshot(script.runs.length + 1);
  onComplete(last);
  await job.notifyComplete(last.id);
  await job.close();
}

/** No record twice, none that a complete checkpoint does not hold. */
function expectPrefix(files: MemoryFileSystem, records: readonly string[], restore: JobCheckpoint | undefined): void {
  const visible = visibleRecords(files);
  expect(new Set(visible).size).toBe(visible.length);
  const allowed = new Set(records.slice(0, restore?.position ?? 0));
  expect(visible.filter((record) => !allowed.has(record))).toEqual([]);
}

test('a death at every step, in front of it or behind it, of the process or of the machine: output is exact', async () => {
  const script: Script = {
    runs: [3, 4, 2],
    outcomes: ['complete', 'notification lost', 'complete'],
    parallelisms: [1],
    partBytes: 30,
    rollsOnCheckpoint: false,
    buckets: 2,
  };
  const { files: calm } = await runScript(script, { deaths: [] });
  const expected = visibleRecords(calm);
  expect(expected).toEqual(names(9));
  for (let step = 1; step <= calm.steps; step++) {
    for (const done of [false, true]) {
      for (const power of [false, true]) {
        const { files, deaths } = await runScript(script, { deaths: [{ step, done, power }] });
        expect({ step, done, power, deaths, records: visibleRecords(files) }).toEqual({
          step,
          done,
          power,
          deaths: 1,
          records: expected,
        });
        expect(files.paths().filter(isHidden)).toEqual([]);
      }
    }
  }
});

test('many deaths, recoveries cut off by deaths, aborted checkpoints, rescaling: output is exact', async () => {
  const scripts = fc.record({
    runs: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 }),
    outcomes: fc.array(fc.constantFrom('complete', 'aborted', 'notification lost'), { minLength: 1, maxLength: 4 }),
    parallelisms: fc.constantFrom([1], [2], [3], [1, 3, 2], [3, 2]),
    partBytes: fc.constantFrom(1, 30, 1000),
    rollsOnCheckpoint: fc.boolean(),
    buckets: fc.constantFrom(1, 3),
  });
  const death = fc.record({ step: fc.integer({ min: 1, max: 40 }), done: fc.boolean(), power: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(scripts, fc.array(death, { maxLength: 8 }), async (script, deaths) => {
      const { files } = await runScript(script as Script, { deaths });
      expect(visibleRecords(files)).toEqual(names(script.runs.reduce((sum, count) => sum + count, 0)));
      // Another job's leftovers are not provably ours; the same job leaves nothing.
      if (script.parallelisms.length === 1) expect(files.paths().filter(isHidden)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('real files: exact through a death at every step', async () => {
  const base = makeDirectory();
  const directory = join(base, 'warm-up');
  const counter = { step: 0, dieAt: 0 };
  const files = crashing(nodeFileSystem, counter);
  const steps = await runOnRealFiles(directory, files, counter, 0);
  for (let dieAt = 1; dieAt <= steps; dieAt++) {
    const target = join(base, `run-${dieAt}`);
    await runOnRealFiles(target, files, counter, dieAt);
    const parts = readdirSync(target).sort();
    expect(parts.every((name) => /^part-0-\d+$/.test(name))).toBe(true);
    expect(parts.map((name) => readFileSync(join(target, name), 'utf8')).join('')).toBe('a\nb\nc\nd\n');
  }
});

async function runOnRealFiles(
  base: string,
  files: SinkFileSystem,
  counter: { step: number; dieAt: number },
  dieAt: number,
): Promise<number> {
  let restore: JobCheckpoint | undefined;
  for (let attempt = 0; ; attempt++) {
    Object.assign(counter, { step: 0, dieAt: attempt === 0 ? dieAt : 0 });
    try {
      const job = await startJob({
        files,
        base,
        restore,
        policy: DefaultRollingPolicy.builder().withMaxPartSize(4).build(),
      });
      const records = ['a', 'b', 'c', 'd'];
      for (let id = job.position + 1; job.position < records.length; id++) {
        await job.write(records[job.position] as string);
        restore = await job.snapshot(id);
        await job.notifyComplete(id);
      }
      await job.finish();
      restore = await job.snapshot(10);
      await job.notifyComplete(10);
      await job.close();
      return counter.step;
    } catch (error) {
      if (!(error instanceof SimulatedCrash || (error as Error).cause instanceof SimulatedCrash)) throw error;
    }
  }
}

/** Dies in front of step `dieAt`. */
function crashing(real: SinkFileSystem, counter: { step: number; dieAt: number }): SinkFileSystem {
  const changing = ['makeDirectory', 'create', 'write', 'sync', 'syncDirectory', 'rename', 'truncate', 'remove'];
  return new Proxy(real, {
    get(target, name) {
      const member = target[name as keyof SinkFileSystem] as (...args: unknown[]) => unknown;
      if (!changing.includes(String(name))) return member;
      return (...args: unknown[]) => {
        counter.step += 1;
        if (counter.step === counter.dieAt) {
          counter.dieAt = counter.step + 1;
          throw new SimulatedCrash();
        }
        return member.apply(target, args);
      };
    },
  });
}

test('a file of another kind in the folder is left alone', async () => {
  const base = makeDirectory();
  mkdirSync(join(base, 'sub'));
  writeFileSync(join(base, 'sub', '.part-0-9.inprogress.job.other'), 'x');
  writeFileSync(join(base, 'part-0-notes.txt'), 'x');
  const job = await startJob({ files: nodeFileSystem, base });
  await job.write('a');
  await job.snapshot(1);
  await job.notifyComplete(1);
  await job.close();
  expect(readdirSync(base).sort()).toEqual(['part-0-0', 'part-0-notes.txt', 'sub']);
  expect(readdirSync(join(base, 'sub'))).toEqual(['.part-0-9.inprogress.job.other']);
  renameSync(join(base, 'part-0-0'), join(base, 'taken-away'));
});
