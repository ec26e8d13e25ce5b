// Damaged and missing state, a full disk, a clock that jumps: what is wrong is said, nothing is restored by half, no job is lost.
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@yeoul/engine/runtime';
import { NodeDurableFiles, SystemClock } from '@yeoul/engine/runtime';
import { SeededRandom, TestCluster, type TestClusterOptions } from '@yeoul/testing';
import { describe, expect, test } from 'vitest';
import { allTexts, job, TotalAtEnd, texts } from './support/jobs.ts';
import { Gate } from './support/partitioned-source.ts';
import { TransactionalStore } from './support/transactional-store.ts';

const DAMAGE_CODES = [
  'CHECKPOINTS_LOST',
  'METADATA_MISSING',
  'METADATA_CORRUPT',
  'METADATA_NEWER',
  'STATE_FILE_MISSING',
  'STATE_FILE_CORRUPT',
];

/** State in files of its own: nothing inline. */
const filesOnly: TestClusterOptions = { parallelism: 2, cluster: { inlineThresholdBytes: 0 } };

class CountingJob {
  readonly store = new TransactionalStore<string>();
  readonly gate = new Gate(15);
  readonly program = job((env) => {
    const input = texts(env, { uid: 'a', count: 30, gate: this.gate });
    const sink = this.store.sink();
    input
      .keyBy((value) => value.split(':')[1] as string)
      .process(new TotalAtEnd())
      .uid('totals')
      .addSink(sink);
  });

  expectComplete(): void {
    expect(this.store.violations).toEqual([]);
    expect([...this.store.committed].sort()).toEqual(['0 30', '1 30']);
  }
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath ?? e.path, e.name))
    .sort();
}

/** Flips a bit, cuts the file off, or removes it. */
async function damage(directory: string, random: SeededRandom): Promise<string> {
  const files = await filesIn(directory);
  const path = files[random.below(files.length)] as string;
  const content = await readFile(path);
  const kind = random.below(4);
  if (kind === 0) await rm(path);
  else if (kind === 1) await truncate(path, random.below(content.length));
  else {
    const at = random.below(content.length);
    content[at] = (content[at] as number) ^ (1 << random.below(8));
    await writeFile(path, content);
  }
  return `${['removed', 'cut', 'flipped', 'flipped'][kind]} ${path}`;
}

test.each(['heap', 'disk'] as const)(
  'a damaged savepoint is refused, wherever the damage is (%s)',
  async (stateBackend) => {
    await using cluster = await TestCluster.open({ ...filesOnly, stateBackend });
    const counting = new CountingJob();
    const first = await cluster.submit(counting.program);
    await cluster.awaitRunning(first);
    await cluster.awaitCheckpoints(first, 2);
    const savepoint = await cluster.stop(first);
    const random = new SeededRandom(7);
    for (let round = 0; round < 60; round++) {
      const copy = join(cluster.dataDirectory, `copy-${round}`);
      await cp(savepoint, copy, { recursive: true });
      const what = await damage(copy, random);
      const error = await cluster.submit(counting.program, { savepointPath: copy }).catch((e: unknown) => e);
      expect(DAMAGE_CODES, what).toContain((error as { code?: string }).code);
    }
    expect(cluster.cluster.listJobs()).toHaveLength(1);
    expect(cluster.cluster.overview().slotsAvailable).toBe(8);
    counting.gate.open();
    await cluster.run(counting.program, { savepointPath: savepoint });
    counting.expectComplete();
  },
);

test('without _metadata a savepoint cannot be used, and the error says so', async () => {
  await using cluster = await TestCluster.open(filesOnly);
  const counting = new CountingJob();
  const first = await cluster.submit(counting.program);
  await cluster.awaitRunning(first);
  const savepointPath = await cluster.stop(first);
  await rm(join(savepointPath, '_metadata'));
  await expect(cluster.submit(counting.program, { savepointPath })).rejects.toMatchObject({
    code: 'METADATA_MISSING',
    message: expect.stringContaining(savepointPath),
  });
});

test.each(Array.from({ length: 8 }, (_, i) => i + 1))(
  'a job whose checkpoint is damaged is kept, and goes on when it is whole again (seed %i)',
  async (seed) => {
    await using cluster = await TestCluster.open(filesOnly);
    const counting = new CountingJob();
    const jobId = await cluster.submit(counting.program);
    await cluster.awaitRunning(jobId);
    await cluster.awaitCheckpoints(jobId, 2);
    cluster.crash();
    // A removal that was under way still reaches the disk.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const checkpoints = join(cluster.dataDirectory, 'checkpoints');
    const whole = await mkdtemp(join(tmpdir(), 'yeoul-whole-'));
    await cp(checkpoints, whole, { recursive: true });
    const completed = (await filesIn(checkpoints))
      .filter((path) => path.endsWith('_metadata'))
      .map((path) => join(path, '..'));
    const what = await damage(completed.at(-1) as string, new SeededRandom(seed));
    await cluster.reopen();
    expect(cluster.detail(jobId).state, what).toBe('SUSPENDED');
    expect(DAMAGE_CODES, what).toContain(cluster.detail(jobId).exceptions.root?.code);
    await cluster.shutdown();
    await rm(checkpoints, { recursive: true });
    await cp(whole, checkpoints, { recursive: true });
    await rm(whole, { recursive: true });
    await cluster.reopen();
    counting.gate.open();
    await cluster.cluster.awaitResult(jobId);
    counting.expectComplete();
  },
);

describe('a full disk', () => {
  /** Fails every write while it is full. */
  class FullableFiles extends NodeDurableFiles {
    isFull = false;

    override async writeAtomic(path: string, content: Uint8Array): Promise<void> {
      if (this.isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      await super.writeAtomic(path, content);
    }
  }

  test('fails checkpoints, not the output; the job ends when there is room again', async () => {
    const files = new FullableFiles();
    await using cluster = await TestCluster.open({ parallelism: 2, files });
    const store = new TransactionalStore<string>();
    const gate = new Gate(10);
    const program = job((env) => texts(env, { uid: 'a', count: 30, gate }).addSink(store.sink()), {
      restarts: 1_000_000,
    });
    const jobId = await cluster.submit(program);
    await cluster.awaitRunning(jobId);
    await cluster.until('the first are written', () => store.committed.length === 20);
    files.isFull = true;
    gate.open(20);
    await cluster.until('checkpoints fail', () => cluster.detail(jobId).restarts > 2);
    expect(store.committed).toHaveLength(20);
    expect(cluster.detail(jobId).exceptions.root?.message).toMatch(/ENOSPC/);
    const submission = cluster.submit(program).catch((error: unknown) => error);
    expect(await submission).toMatchObject({ message: expect.stringMatching(/ENOSPC/) });
    files.isFull = false;
    gate.open();
    await cluster.cluster.awaitResult(jobId);
    expect(store.violations).toEqual([]);
    expect([...store.committed].sort()).toEqual(allTexts('a', 30).sort());
  });
});

/** The system's clock, set back and forth at will. */
class JumpingClock implements Clock {
  offsetMs = 0;
  readonly #system = new SystemClock();

  nowMs(): number {
    return this.#system.nowMs() + this.offsetMs;
  }

  monotonicMs(): number {
    return this.#system.monotonicMs();
  }

  schedule(atMs: number, callback: () => void) {
    return this.#system.schedule(atMs - this.offsetMs, callback);
  }
}

test.each([-3_600_000, 3_600_000])(
  'checkpoints, restarts and the end come as before when the clock jumps by %i ms',
  async (jumpMs) => {
    const clock = new JumpingClock();
    await using cluster = await TestCluster.open({ parallelism: 2, clock });
    const store = new TransactionalStore<string>();
    const gate = new Gate(10);
    const jobId = await cluster.submit(job((env) => texts(env, { uid: 'a', count: 30, gate }).addSink(store.sink())));
    await cluster.awaitRunning(jobId);
    await cluster.awaitCheckpoints(jobId, 1);
    clock.offsetMs += jumpMs;
    await cluster.awaitCheckpoints(jobId, 3);
    cluster.crashSlot(0);
    gate.open(20);
    await cluster.awaitRunning(jobId);
    await cluster.awaitCheckpoints(jobId, 2);
    clock.offsetMs -= jumpMs;
    await cluster.stop(jobId, { drain: true });
    expect([...store.committed].sort()).toEqual(allTexts('a', 20).sort());
  },
);
