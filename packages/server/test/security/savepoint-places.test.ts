import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SavepointPlaces } from '../../src/security/savepoint-places.ts';

let base = '';
let allowed = '';
let places: SavepointPlaces;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'yeoul-places-')));
  allowed = join(base, 'allowed');
  await mkdir(join(allowed, 'deep'), { recursive: true });
  await mkdir(join(base, 'allowed-not'));
  await mkdir(join(base, 'outside'));
  await writeFile(join(base, 'outside', '_metadata'), 'x');
  await symlink(join(base, 'outside'), join(allowed, 'out'));
  await symlink('../outside', join(allowed, 'out-relative'));
  await symlink(join(base, 'not-there'), join(allowed, 'dangling'));
  await symlink(join(allowed, 'loop'), join(allowed, 'loop'));
  await symlink(join(allowed, 'deep'), join(allowed, 'in'));
  await symlink(allowed, join(base, 'way-in'));
  await writeFile(join(allowed, 'deep', '_metadata'), 'x');
  await mkdir(join(base, 'borrowed'));
  await symlink(join(allowed, 'deep', '_metadata'), join(base, 'borrowed', '_metadata'));
  places = new SavepointPlaces([allowed, join(base, 'later')]);
});

afterAll(() => rm(base, { recursive: true, force: true }));

describe('paths within the places are taken', () => {
  test.each([
    '',
    '/savepoint-1',
    '/deep/a/b/c',
    '/deep/../deep/x',
    '/in/savepoint-1',
    '/savepoint-1/_metadata',
    // As the engine reads it: without following the link.
    '/out/../savepoint-1',
    '/%2e%2e',
    '/여울',
  ])('%j', async (rest) => {
    await places.check(allowed + rest);
    await places.check(`file:${allowed}${rest}`);
    if (!rest.includes('%')) await places.check(`file://${allowed}${rest}`);
  });

  test('also by a link from outside, and a place that is not there yet', async () => {
    await places.check(join(base, 'way-in', 'savepoint-1'));
    await places.check(join(base, 'later', 'savepoint-1'));
    await places.check(`  ${allowed}/savepoint-1 `);
  });
});

describe('others are refused, with the path and the places', () => {
  test.each([
    ['/etc', /Path \/etc lies outside/],
    ['/', /Path \/ lies outside/],
    ['BASE', /outside/],
    ['BASE/allowed-not/x', /outside/],
    ['BASE/allowed/../outside', /outside/],
    ['BASE/allowed/../../../../../../../../etc/passwd', /it leads to|outside/],
    ['file:BASE/allowed/../outside/x', /outside/],
    ['file://BASE/allowed/%2e%2e/outside', /outside/],
    ['file://BASE/allowed/%2E%2E/outside', /outside/],
    ['BASE/allowed/out', /it leads to .*\/outside\)/],
    ['BASE/allowed/out/_metadata', /it leads to .*\/outside\/_metadata\)/],
    // Its state files would be read beside the link.
    ['BASE/borrowed/_metadata', /outside/],
    ['file://BASE/borrowed/_metadata', /outside/],
    ['BASE/allowed/out-relative/new/savepoint', /it leads to .*\/outside\/new\/savepoint\)/],
    ['BASE/allowed/dangling', /cannot be followed/],
    ['BASE/allowed/dangling/x', /cannot be followed/],
    ['BASE/allowed/loop/x', /cannot be followed/],
    ['BASE/allowed/nul\0/x', /cannot be followed/],
    [`BASE/allowed/${'x'.repeat(10_000)}`, /…/],
  ])('%j', async (path, message) => {
    const error: Error = await places.check(path.replace('BASE', base)).then(
      () => new Error('taken'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'SAVEPOINT_PATH_REFUSED' });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`(${allowed}, ${join(base, 'later')})`);
    expect(error.message.length).toBeLessThan(1500);
  });

  test.each(['', 's3://bucket/x', 'file://other-host/tmp', 'file:///tmp/%2Fetc', 'hdfs:///x', 'javascript:x'])(
    '%j is no local path',
    async (path) => {
      await expect(places.check(path)).rejects.toMatchObject({ code: 'STATE_PATH_NOT_LOCAL' });
    },
  );
});
