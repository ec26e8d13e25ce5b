import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTokenFile } from '../../src/security/read-token-file.ts';
import { Tokens } from '../../src/security/tokens.ts';

let directory = '';
const secret = (letter: string) => letter.repeat(32);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-tokens-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(text: string, mode = 0o600): Promise<string> {
  const path = join(directory, 'tokens');
  await rm(path, { force: true });
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

describe('a token', () => {
  const tokens = new Tokens([
    { role: 'viewer', token: secret('v') },
    { role: 'admin', token: secret('a') },
  ]);

  test.each([
    [undefined, { kind: 'missing' }],
    ['', { kind: 'missing' }],
    ['Basic dTpw', { kind: 'missing' }],
    ['Bearer', { kind: 'missing' }],
    ['Bearer two words', { kind: 'missing' }],
    ['Bearer wrong', { kind: 'unknown' }],
    [`Bearer ${secret('v')}x`, { kind: 'unknown' }],
    [`Bearer ${secret('v').slice(1)}`, { kind: 'unknown' }],
    [`Bearer ${secret('v')}`, { kind: 'role', role: 'viewer' }],
    [`bearer   ${secret('a')}`, { kind: 'role', role: 'admin' }],
  ])('in %j', (header, identification) => {
    const { kind, ...rest } = tokens.identify(header);
    expect({ kind, ...('role' in rest ? { role: rest.role } : {}) }).toEqual(identification);
  });

  test('is not kept', () => {
    expect(JSON.stringify(tokens)).toBe('{}');
    expect(String(tokens)).not.toContain('v');
  });
});

describe('a token file', () => {
  test('has a role and a token in each line, and comments', async () => {
    const path = await file(`# for dashboards\r\nviewer ${secret('v')}\n\n  admin\t${secret('a')}==  \n`);
    const tokens = await readTokenFile(path);
    expect(tokens.identify(`Bearer ${secret('v')}`)).toMatchObject({ kind: 'role', role: 'viewer' });
    expect(tokens.identify(`Bearer ${secret('a')}==`)).toMatchObject({ kind: 'role', role: 'admin' });
  });

  test.each([
    ['', /line 1: there is no token/],
    ['root aaaaaaaaaaaaaaaaaaaaaaaaaaaa', /line 1: it does not begin with a role/],
    [`viewer ${secret('v')}\nadmin`, /line 2: the token has 0 characters/],
    ['admin tooshort', /line 1: the token has 8 characters/],
    [`admin ${secret('a')}!`, /line 1: the token has characters that none may have/],
    [`admin ${secret('a')} b`, /line 1: something follows the token/],
    [`admin ${'a'.repeat(600)}`, /line 1: the token has 600 characters/],
  ])('%j is refused, without saying the token', async (text, message) => {
    const error: Error = await readTokenFile(await file(text)).then(
      () => new Error('taken'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'TOKEN_FILE_INVALID' });
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/a{8}|tooshort/);
  });

  test.each([0o644, 0o640, 0o604, 0o620])('that others may read or write is refused: %o', async (mode) => {
    const path = await file(`admin ${secret('a')}`, mode);
    await expect(readTokenFile(path)).rejects.toThrow(`chmod 600 ${path}`);
  });

  test('a link is judged by what it leads to', async () => {
    const path = await file(`admin ${secret('a')}`, 0o644);
    const link = join(directory, 'link');
    await symlink(path, link);
    await expect(readTokenFile(link)).rejects.toMatchObject({ code: 'TOKEN_FILE_OPEN' });
  });

  test('that is none or not there is refused', async () => {
    await mkdir(join(directory, 'folder'), { mode: 0o700 });
    for (const name of ['missing', 'folder']) {
      await expect(readTokenFile(join(directory, name))).rejects.toMatchObject({ code: 'TOKEN_FILE_NOT_READABLE' });
    }
    await expect(readTokenFile(await file('x'.repeat(2 * 1024 * 1024)))).rejects.toThrow('the limit is');
  });
});
