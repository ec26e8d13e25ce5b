// yeoul build, as users call it.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultJarLimits, readJobJar } from '@yeoul/server/jars';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../yeoul/bin/yeoul.js', import.meta.url));
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-build-test-'));
  await writeFile(
    join(directory, 'job.ts'),
    `import type { Program } from 'yeoul';
     const run: Program = async (env) => { env.fromElements(1).print(); await env.execute('one'); };
     export const Second = { description: 'the second one', main: run };
     export const First: Program = async (env, args) => run(env, args);
     export const limit = 5;
     export default First;`,
  );
  await writeFile(join(directory, 'nothing.ts'), 'export const limit = 5;');
  await writeFile(join(directory, 'exits.ts'), 'process.exit(3);');
  await writeFile(join(directory, 'broken.ts'), 'export const = 5;');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function build(args: readonly string[], cwd = directory) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'build', ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('every entry becomes an entry class, the default export first', async () => {
  const built = build(['job.ts', '--description', 'What it does']);
  expect(built).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^job\.jar: \d\.\d KiB, entry classes First, Second\n$/),
    stderr: '',
  });
  const { description, program } = await readJobJar(join(directory, 'job.jar'), 'job.jar', defaultJarLimits);
  expect(description.entries).toEqual([
    { name: 'First', description: 'What it does' },
    { name: 'Second', description: 'the second one' },
  ]);
  expect(description.programPath).toBe('program/job.cjs');
  expect(Buffer.from(program).toString()).toContain('sourceMappingURL=data:');
});

test('the same program makes the same bytes wherever it is called from; JSON says which', async () => {
  const here = JSON.parse(build(['job.ts', '-o', 'a/here.jar', '--json']).stdout);
  const there = JSON.parse(
    build([join(directory, 'job.ts'), '-o', join(directory, 'there.jar'), '--json'], dirname(directory)).stdout,
  );
  expect(there).toEqual({ ...here, path: join(directory, 'there.jar') });
  expect(await readFile(here.path)).toEqual(await readFile(there.path));
});

test('the entry class that runs by default can be chosen', () => {
  expect(build(['job.ts', '-o', 'second.jar', '-c', 'Second']).stdout).toContain('entry classes Second, First');
});

test.each([
  [['missing.ts'], 2, 'Program missing.ts was not found'],
  [['job.ts', '-o', 'job.zip'], 2, 'job.zip does not end in .jar'],
  [['job.ts', '-c', 'Third'], 2, 'The program exports no entry "Third"; it exports these: First, Second'],
  [['nothing.ts'], 2, 'exports no entry: export a function (env, args)'],
  [['exits.ts'], 1, 'process.exit'],
  [['broken.ts'], 1, 'broken.ts:1:14'],
] as const)('%j ends with %i and leaves no jar', async (args, status, message) => {
  const before = await readdir(directory);
  const built = build(args);
  expect(built.stderr).toContain(message);
  expect(built.status).toBe(status);
  expect(await readdir(directory)).toEqual(before);
});
