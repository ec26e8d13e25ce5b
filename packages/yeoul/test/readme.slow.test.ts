// The README does what it says: its first job and its commands, through the built command.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocks } from './code-blocks.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bin = join(root, 'packages/yeoul/bin/yeoul.js');
let directory = '';
let readme = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-readme-'));
  readme = await readFile(join(root, 'README.md'), 'utf8');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function yeoul(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], { cwd, maxBuffer: 2 ** 26 });
  return stdout;
}

test('the first job prints what the README shows', async () => {
  const [program] = codeBlocks(readme, 'ts');
  const [, expected] = codeBlocks(readme, 'text');
  await writeFile(join(directory, 'first-letters.ts'), program as string);
  expect(await yeoul(['run', 'first-letters.ts'], directory)).toBe(expected);
});

test('every yeoul command of the README works as it stands there', async () => {
  const commands = codeBlocks(readme, 'sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('npx yeoul ') && !line.includes('first-letters'));
  expect(commands).toEqual(['npx yeoul run examples/word-count --input LICENSE']);
  for (const command of commands) {
    const counts = await yeoul(command.split(' ').slice(2), root);
    expect(counts).toContain('(license,35)\n');
  }
});
