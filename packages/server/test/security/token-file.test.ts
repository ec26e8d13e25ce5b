// Tokens exchanged while a server runs.
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTokenFile } from '../../src/security/read-token-file.ts';
import { TokenFile } from '../../src/security/token-file.ts';
import type { Tokens } from '../../src/security/tokens.ts';

const secret = (letter: string) => letter.repeat(32);
let directory = '';
let path = '';
let tokens: Tokens;
let file: TokenFile;
let told: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-tokens-'));
  path = join(directory, 'tokens');
  await write(`viewer ${secret('v')}\nadmin ${secret('a')}\n`);
  tokens = await readTokenFile(path);
  told = [];
  const tell = (text: string) => told.push(text);
  file = new TokenFile({ path, tokens, onRead: tell, onFailure: ({ message }) => tell(message) });
  await file.check();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function write(text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

const roleOf = (letter: string) => {
  const identified = tokens.identify(`Bearer ${secret(letter)}`);
  return identified.kind === 'role' ? identified.role : identified.kind;
};

test('a file that is as it was is not told of', async () => {
  await file.check();
  await write(`viewer ${secret('v')}\nadmin ${secret('a')}\n`);
  await file.check();
  expect([roleOf('v'), roleOf('a'), told]).toEqual(['viewer', 'admin', []]);
});

test('tokens come, go and change their roles with the file; no message says one', async () => {
  await write(`viewer ${secret('a')}\noperator ${secret('n')}\n`);
  await file.check();
  expect([roleOf('v'), roleOf('a'), roleOf('n')]).toEqual(['unknown', 'viewer', 'operator']);
  expect(told).toEqual(['1 viewer, 1 operator']);
});

test.each<[string, () => Promise<void>, RegExp]>([
  ['is gone', () => rm(path), /cannot be read/],
  ['is open to others', () => chmod(path, 0o644), /chmod 600/],
  ['is empty', () => write(''), /there is no token/],
  [
    'is cut in the middle of a line',
    () => write(`viewer ${secret('v')}\nadmin aaaa`),
    /line 2: the token has 4 characters/,
  ],
])('a file that %s changes nothing, and is told of once', async (_title, change, message) => {
  await change();
  for (let i = 0; i < 3; i++) await file.check();
  expect([roleOf('v'), roleOf('a')]).toEqual(['viewer', 'admin']);
  expect(told).toEqual([expect.stringMatching(message)]);
  expect(told.join()).not.toMatch(/v{4}|a{4}/);
  await write(`viewer ${secret('v')}\n`);
  await file.check();
  expect([roleOf('v'), roleOf('a'), told.length]).toEqual(['viewer', 'unknown', 2]);
});

test('the file is looked at by itself until it is closed', async () => {
  file.watch();
  await write(`viewer ${secret('n')}\n`);
  await expect.poll(() => roleOf('n'), { timeout: 5000 }).toBe('viewer');
  file.close();
});

test('closed in the middle of a look, it looks no more', async () => {
  file.watch();
  const looking = file.check();
  file.close();
  await looking;
  await write(`viewer ${secret('n')}\n`);
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(roleOf('n')).toBe('unknown');
});
