import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProgram } from '../../../src/runtime/program/bundle-program.ts';
import { CallSites } from '../../../src/runtime/program/call-sites.ts';

let directory = '';
let bundlePath = '';
let thrown: Error;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-call-sites-'));
  const source = join(directory, 'job.ts');
  await writeFile(
    join(directory, 'convert.ts'),
    'export function convert(x: number): never {\n  throw new Error("no " + x);\n}\n',
  );
  await writeFile(
    source,
    "import { convert } from './convert.ts';\ninterface Unused { a: 1 }\nexport const run = () =>\n  convert(3);\n",
  );
  ({ bundlePath } = await bundleProgram(source, join(directory, 'out', 'made')));
  const { run } = createRequire(import.meta.url)(bundlePath) as { run: () => void };
  try {
    run();
  } catch (error) {
    thrown = error as Error;
  }
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test("frames of the program get their place in the source, named as seen from the program's folder; others stay", () => {
  const { name, message, stack = '' } = thrown;
  const lines = new CallSites(bundlePath).inSource({ name, message, stack, code: undefined }).stack?.split('\n') ?? [];
  expect(lines.slice(0, 3)).toEqual(['Error: no 3', '    at convert (convert.ts:2:9)', '    at run (job.ts:4:3)']);
  expect(lines.slice(3)).toEqual(stack.split('\n').slice(3));
});

test('a call site is function, file and line', () => {
  expect(new CallSites(bundlePath).describe(thrown.stack ?? '')).toBe('convert(convert.ts:2)');
});

test('an error without frames of the program is left as it is, bundle or not', () => {
  const error = { name: 'Error', message: 'x', stack: 'Error: x\n    at f (/elsewhere.js:1:1)', code: undefined };
  expect(new CallSites('/gone/job.cjs').inSource(error)).toBe(error);
});

test('the bundle does not depend on where it is made', async () => {
  const { readFile } = await import('node:fs/promises');
  const other = await bundleProgram(join(directory, 'job.ts'), join(directory, 'elsewhere'));
  expect(await readFile(other.bundlePath, 'utf8')).toBe(await readFile(bundlePath, 'utf8'));
});
