// A disk that is really full: a small file system of its own, where the machine lets us mount one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collector, type KeyedProcessContext, KeyedProcessFunction, ValueStateDescriptor } from '@yeoul/engine';
import { TestCluster } from '@yeoul/testing';
import { afterAll, expect, test } from 'vitest';
import { allTexts, job, texts } from './support/jobs.ts';
import { Gate } from './support/partitioned-source.ts';
import { TransactionalStore } from './support/transactional-store.ts';

const directory = mkdtempSync(join(tmpdir(), 'yeoul-full-disk-'));
const isMounted = tryMount();

function tryMount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

afterAll(async () => {
  if (isMounted) execFileSync('umount', [directory]);
  await rm(directory, { recursive: true, force: true });
});

/** Some 4 KiB of state per record. */
class Remember extends KeyedProcessFunction<string, string, string> {
  processElement(value: string, _context: KeyedProcessContext<string>, out: Collector<string>): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<string>('text')).update(value.repeat(500));
    out.collect(value);
  }
}

test.skipIf(!isMounted)(
  'state that finds no room fails its checkpoint; when there is room again all goes on',
  { timeout: 60_000 },
  async () => {
    await using cluster = await TestCluster.open({
      parallelism: 2,
      dataDirectory: join(directory, 'data'),
      cluster: { inlineThresholdBytes: 0 },
    });
    const store = new TransactionalStore<string>();
    const gate = new Gate(20);
    const program = job(
      (env) =>
        texts(env, { uid: 'a', count: 150, gate })
          .keyBy((value) => value)
          .process(new Remember())
          .addSink(store.sink()),
      { restarts: 1_000_000 },
    );
    const jobId = await cluster.submit(program);
    await cluster.until('the first are written', () => store.committed.length === 40);
    const ballast = join(directory, 'ballast');
    await writeFile(ballast, Buffer.alloc(16 << 20)).catch(() => undefined);
    gate.open(100);
    await cluster.until('checkpoints fail for want of room', () =>
      cluster.detail(jobId).checkpoints.history.some(({ failureMessage }) => /ENOSPC/.test(failureMessage ?? '')),
    );
    await rm(ballast);
    gate.open();
    await cluster.cluster.awaitResult(jobId);
    expect(store.violations).toEqual([]);
    expect([...store.committed].sort()).toEqual(allTexts('a', 150).sort());
  },
);
