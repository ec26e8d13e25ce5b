import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CellStore } from '../../src/state/disk/cell-store.ts';
import { describeKeyedBackend } from './contract-tests.ts';

describe('disk backend', () => describeKeyedBackend('disk'));

it('leaves nothing of its working files behind: a job that restarts for ever must not fill the disk', async () => {
  const work = await mkdtemp(join(tmpdir(), 'yeoul-work-'));
  const [first, second] = ['operator-1', 'operator-2'].map((name) => new CellStore(join(work, 'execution', name)));
  first!.write((writer) => writer.put(Buffer.from('key'), Buffer.from('value')));
  await first!.close();
  expect(readdirSync(join(work, 'execution'))).toEqual(['operator-2']);
  await second!.close();
  expect(existsSync(join(work, 'execution'))).toBe(false);
  await rm(work, { recursive: true, force: true });
});
