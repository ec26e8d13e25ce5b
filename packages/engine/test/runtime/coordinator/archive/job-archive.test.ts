// A1 to A3: what is archived is found again after any end of the process, within its limits, and nothing of it is read before it is asked for.
import { describe, expect, test } from 'vitest';
import { crc32 } from '../../../../src/checkpoint/crc32.ts';
import { JobArchive, type JobArchiveOptions } from '../../../../src/runtime/coordinator/archive/job-archive.ts';
import { MemoryDisk, MemoryFiles } from '../support/memory-files.ts';
import { archivedJob, jobIdOf } from './archived-jobs.ts';

const INDEX = '/archive/index.jsonl';
const fileOf = (number: number) => `/archive/${jobIdOf(number)}.json`;

/** The files, and which of them were read. */
class WatchedFiles extends MemoryFiles {
  readonly reads: string[] = [];

  override async read(path: string): Promise<Uint8Array | undefined> {
    this.reads.push(path);
    return super.read(path);
  }

  override readNow(path: string): Uint8Array | undefined {
    this.reads.push(path);
    return super.readNow(path);
  }
}

class Fixture {
  readonly disk = new MemoryDisk();
  readonly problems: string[] = [];
  files = new WatchedFiles(this.disk);
  nowMs = 1_000_000;

  async open(options: Partial<JobArchiveOptions> = {}): Promise<JobArchive> {
    this.files = new WatchedFiles(this.disk);
    const archive = new JobArchive({
      directory: '/archive',
      files: this.files,
      nowMs: () => this.nowMs,
      maxJobs: 100,
      maxAgeMs: 1000,
      cacheBytes: 10_000,
      isHeld: () => false,
      onProblem: (message) => this.problems.push(message),
      ...options,
    });
    await archive.open();
    return archive;
  }

  /** Saves jobs, each a millisecond after the one before. */
  async fill(archive: JobArchive, from: number, to: number): Promise<void> {
    for (let number = from; number <= to; number++) await archive.save(archivedJob(number, ++this.nowMs));
  }

  index(): string {
    return Buffer.from(this.disk.files.get(INDEX) ?? []).toString('utf8');
  }

  setIndex(text: string): void {
    this.disk.files.set(INDEX, Buffer.from(text, 'utf8'));
  }
}

/** With checksums that are right. */
function ofVersion2(index: string): string {
  const lines = index.trimEnd().split('\n');
  return lines.map((line) => withChecksum(line.slice(9).replace('"version":1', '"version":2'))).join('');
}

function withChecksum(json: string): string {
  return `${crc32(Buffer.from(json)).toString(16).padStart(8, '0')} ${json}\n`;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const namesOf = (archive: JobArchive) => archive.overviews().map(({ name }) => name);

describe('a start', () => {
  test('reads the index and no archive; an archive is read when it is asked for, and then cached', async () => {
    const fixture = new Fixture();
    await fixture.fill(await fixture.open(), 1, 20);
    const archive = await fixture.open();
    expect(fixture.files.reads).toEqual([INDEX]);
    expect(namesOf(archive)).toEqual(Array.from({ length: 20 }, (_, i) => `job ${i + 1}`));
    expect(archive.job(jobIdOf(3))).toEqual(JSON.parse(JSON.stringify(archivedJob(3, 1_000_003))));
    expect(archive.job(jobIdOf(3))).toBe(archive.job(jobIdOf(3)));
    expect(fixture.files.reads).toEqual([INDEX, fileOf(3)]);
    expect(fixture.problems).toEqual([]);
  });

  test.each([
    ['missing', (fixture: Fixture) => fixture.disk.files.delete(INDEX)],
    ['empty', (fixture: Fixture) => fixture.setIndex('')],
    ['no index', (fixture: Fixture) => fixture.setIndex('\n\0\n{}\nxxxxxxxx {}\n')],
    ['cut short', (fixture: Fixture) => fixture.setIndex(fixture.index().slice(0, -10))],
    ['damaged', (fixture: Fixture) => fixture.setIndex(fixture.index().replace('job 2', 'job x'))],
    ['of another version', (fixture: Fixture) => fixture.setIndex(ofVersion2(fixture.index()))],
  ])('with an index that is %s makes it anew from the archives', async (_how, damage) => {
    const fixture = new Fixture();
    await fixture.fill(await fixture.open(), 1, 3);
    const whole = fixture.index();
    damage(fixture);
    const archive = await fixture.open();
    expect(namesOf(archive)).toEqual(['job 1', 'job 2', 'job 3']);
    expect(fixture.index()).toBe(whole);
    await fixture.fill(archive, 4, 4);
    expect(namesOf(await fixture.open())).toEqual(['job 1', 'job 2', 'job 3', 'job 4']);
    expect(fixture.files.reads).toEqual([INDEX]);
  });

  test('finds archives that the index does not know, and forgets those that are gone', async () => {
    const fixture = new Fixture();
    await fixture.fill(await fixture.open(), 1, 3);
    const before = fixture.index();
    await fixture.fill(await fixture.open(), 4, 4);
    fixture.setIndex(before);
    fixture.disk.files.delete(fileOf(2));
    fixture.disk.files.set(`${fileOf(5)}.inprogress`, Uint8Array.of(1));
    const archive = await fixture.open();
    expect(namesOf(archive)).toEqual(['job 1', 'job 3', 'job 4']);
    expect(fixture.files.reads).toEqual([INDEX, fileOf(4)]);
    expect(fixture.disk.files.has(`${fileOf(5)}.inprogress`)).toBe(false);
    expect(fixture.index()).not.toContain('job 2');
  });

  test('after a crash at any change has every job that was saved, and no job twice', async () => {
    for (let crashAt = 1; crashAt <= 12; crashAt++) {
      const fixture = new Fixture();
      const first = await fixture.open({ maxJobs: 2 });
      fixture.files.crashAfter(fixture.files.changes + crashAt);
      let saved = 0;
      void (async () => {
        for (let number = 1; number <= 4; number++) {
          await first.save(archivedJob(number, fixture.nowMs + number));
          saved = number;
        }
      })();
      await turn();
      const names = namesOf(await fixture.open({ maxJobs: 2 }));
      const stored = Math.max(saved, ...names.map((name) => Number(name.slice(4))));
      const expected = [stored - 1, stored].filter((number) => number > 0).map((number) => `job ${number}`);
      expect(names, `crash after ${crashAt}`).toEqual(expected);
      expect(fixture.problems).toEqual([]);
    }
  });
});

describe('limits', () => {
  test('of number and age hold without a restart, on disk as well', async () => {
    const fixture = new Fixture();
    const archive = await fixture.open({ maxJobs: 3 });
    await fixture.fill(archive, 1, 5);
    expect(namesOf(archive)).toEqual(['job 3', 'job 4', 'job 5']);
    fixture.nowMs += 999;
    expect(namesOf(archive)).toEqual(['job 4', 'job 5']);
    expect(archive.job(jobIdOf(3))).toBeUndefined();
    await turn();
    expect([...fixture.disk.files.keys()].sort()).toEqual([fileOf(4), fileOf(5), INDEX]);
    fixture.nowMs += 2;
    expect(namesOf(await fixture.open())).toEqual([]);
    await turn();
    expect([...fixture.disk.files.keys()]).toEqual([INDEX]);
  });

  test('leave jobs alone that are not wholly ended: without its archive such a job would run again', async () => {
    const fixture = new Fixture();
    const held = new Set([jobIdOf(1)]);
    const isHeld = (jobId: string) => held.has(jobId);
    const archive = await fixture.open({ maxJobs: 2, isHeld });
    await fixture.fill(archive, 1, 4);
    expect(namesOf(archive)).toEqual(['job 1', 'job 4']);
    fixture.nowMs += 10_000;
    expect(namesOf(await fixture.open({ isHeld }))).toEqual(['job 1']);
    held.clear();
    expect(namesOf(archive)).toEqual([]);
  });

  test('do not keep anybody waiting for files to go, not even the end', async () => {
    const fixture = new Fixture();
    await fixture.fill(await fixture.open(), 1, 50);
    const archive = await fixture.open({ maxJobs: 1 });
    expect(namesOf(archive)).toEqual(['job 50']);
    expect(fixture.disk.files.size).toBeGreaterThan(40);
    await archive.close();
    expect(fixture.disk.files.size).toBeGreaterThan(40);
    expect(namesOf(await fixture.open({ maxJobs: 1 }))).toEqual(['job 50']);
    await turn();
    expect([...fixture.disk.files.keys()].sort()).toEqual([fileOf(50), INDEX]);
  });

  test('keep the index about as long as there are jobs', async () => {
    const fixture = new Fixture();
    const archive = await fixture.open({ maxJobs: 10, maxAgeMs: 1e9 });
    await fixture.fill(archive, 1, 2000);
    expect(fixture.index().split('\n').length).toBeLessThan(300);
    expect(namesOf(await fixture.open())).toHaveLength(10);
  });

  test('of the cache are those of the bytes on disk; the least used go first', async () => {
    const fixture = new Fixture();
    const archive = await fixture.open({ cacheBytes: 4000 });
    await fixture.fill(archive, 1, 4);
    fixture.files.reads.length = 0;
    for (const number of [1, 2, 1, 3, 1, 2]) archive.job(jobIdOf(number));
    expect(fixture.files.reads).toEqual([1, 2, 3, 2].map(fileOf));
  });
});

describe('an archive that cannot be read', () => {
  test.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, 100)],
    ['empty', () => new Uint8Array()],
    ['of another job', () => Buffer.from(JSON.stringify(archivedJob(9, 1)))],
  ])('because it is %s says so, and leaves the others alone', async (_how, damage) => {
    const fixture = new Fixture();
    await fixture.fill(await fixture.open(), 1, 3);
    fixture.disk.files.set(fileOf(2), damage(fixture.disk.files.get(fileOf(2))!));
    const archive = await fixture.open();
    expect(() => archive.job(jobIdOf(2))).toThrow(new RegExp(`job ${jobIdOf(2)} cannot be read from ${fileOf(2)}`));
    expect(namesOf(archive)).toEqual(['job 1', 'job 2', 'job 3']);
    expect(archive.job(jobIdOf(3))?.detail.name).toBe('job 3');
    fixture.disk.files.delete(INDEX);
    expect(namesOf(await fixture.open())).toEqual(['job 1', 'job 3']);
    expect(fixture.problems).toEqual([expect.stringContaining(fileOf(2))]);
    expect(fixture.disk.files.has(fileOf(2))).toBe(true);
  });

  test('because it is gone is no job any more', async () => {
    const fixture = new Fixture();
    const archive = await fixture.open();
    await fixture.fill(archive, 1, 2);
    fixture.disk.files.delete(fileOf(1));
    expect(archive.job(jobIdOf(1))).toBeUndefined();
    expect(namesOf(archive)).toEqual(['job 2']);
  });
});

describe('a disk that is full', () => {
  test('keeps the pages of the job at hand until they are written', async () => {
    const fixture = new Fixture();
    const archive = await fixture.open();
    fixture.files.failWrites = (path) => path === fileOf(1);
    await expect(archive.save(archivedJob(1, fixture.nowMs))).rejects.toThrow('ENOSPC');
    expect(archive.job(jobIdOf(1))?.detail.name).toBe('job 1');
    fixture.files.failWrites = undefined;
    await archive.save(archivedJob(1, fixture.nowMs));
    expect(namesOf(await fixture.open())).toEqual(['job 1']);
  });

  test('does not fail a job because of the index, which is made good later', async () => {
    const fixture = new Fixture();
    const archive = await fixture.open();
    await fixture.fill(archive, 1, 1);
    fixture.files.failWrites = (path) => path === INDEX;
    await fixture.fill(archive, 2, 2);
    fixture.files.failWrites = undefined;
    await fixture.fill(archive, 3, 3);
    expect(fixture.index().match(/job \d/g)).toEqual(['job 1', 'job 2', 'job 3']);
    expect(fixture.problems).toHaveLength(1);
  });
});

test('C4: a savepoint that is deleted is shown as gone, in this process and after a restart', async () => {
  const fixture = new Fixture();
  const archive = await fixture.open();
  await archive.save(archivedJob(1, fixture.nowMs, ['/savepoints/a', '/savepoints/b']));
  await archive.save(archivedJob(2, fixture.nowMs, ['/savepoints/b']));
  await fixture.fill(archive, 3, 50);
  const next = await fixture.open();
  await next.markDiscarded('/savepoints/b');
  expect(fixture.files.reads).toEqual([INDEX, fileOf(1), fileOf(2)]);
  for (const reader of [next, await fixture.open()]) {
    const shown = reader.job(jobIdOf(1))?.detail.checkpoints.history.map(({ discarded }) => discarded);
    expect(shown).toEqual([false, true]);
    expect(reader.job(jobIdOf(2))?.detail.checkpoints.latest.savepoint?.discarded).toBe(true);
  }
});
