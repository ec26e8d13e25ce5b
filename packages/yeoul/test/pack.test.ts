// The published package, as a user meets it: packed, installed into an empty project, imported, type-checked, run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';

const face = fileURLToPath(new URL('..', import.meta.url));
const root = join(face, '..', '..');
const manifest = JSON.parse(readFileSync(join(face, 'package.json'), 'utf8'));
/** What a program may import: 'yeoul', 'yeoul/testing', … */
const importable = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => join('yeoul', path));

let project = '';
let packed: { filename: string; files: { path: string }[]; size: number };

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'yeoul-pack-'));
  [packed] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', project], face));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  // Without install scripts: newer npm versions do not run those of dependencies.
  const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...quiet, join(project, packed.filename)]);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function run(command: string, args: string[], cwd = project): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

test('every entry can be imported', () => {
  const program = importable.map((name) => `await import('${name}');`).join('\n');
  writeFileSync(join(project, 'imports.mjs'), `${program}\nconsole.log('imported');\n`);
  expect(run(process.execPath, ['imports.mjs'])).toBe('imported\n');
});

test('the command runs', () => {
  expect(run('npx', ['--no-install', 'yeoul', '--version']).trim()).toBe(manifest.version);
});

test('a job of the user runs, with state, event time and files', () => {
  writeFileSync(join(project, 'text.txt'), 'to be or not\nto be\n');
  writeFileSync(
    join(project, 'job.ts'),
    `import { type Program, Time, TumblingEventTimeWindows, WatermarkStrategy } from 'yeoul';
import 'yeoul/connectors/files';

const job: Program = async (env, [input = '']) => {
  env.enableCheckpointing(100);
  env
    .readTextFile(input)
    .flatMap((line) => line.split(' ').map((word) => ({ word, count: 1 })))
    .assignTimestampsAndWatermarks(
      WatermarkStrategy.forMonotonousTimestamps<{ word: string; count: number }>().withTimestampAssigner(() => 0),
    )
    .keyBy('word')
    .window(TumblingEventTimeWindows.of(Time.seconds(1)))
    .sum('count')
    .map(({ word, count }) => \`\${word} \${count}\`)
    .writeAsText('counts.txt')
    .setParallelism(1);
  await env.execute('Words');
};
export default job;
`,
  );
  run('npx', ['--no-install', 'yeoul', 'run', '-p', '2', 'job.ts', 'text.txt']);
  expect(readFileSync(join(project, 'counts.txt'), 'utf8').trim().split('\n').sort()).toEqual([
    'be 2',
    'not 1',
    'or 1',
    'to 2',
  ]);
});

test('the declarations stand alone: a strict program compiles against them, libraries checked', () => {
  const program = importable.map(
    (name, at) => `import * as m${at} from '${name}';\nexport const k${at}: object = m${at};`,
  );
  writeFileSync(join(project, 'program.ts'), program.join('\n'));
  const options = {
    noEmit: true,
    strict: true,
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
  };
  const typeRoots = [join(root, 'node_modules', '@types')];
  const compilerOptions = {
    ...options,
    module: 'nodenext',
    moduleResolution: 'nodenext',
    typeRoots,
    skipLibCheck: false,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(compilerOutput(compiler)).toBe('');
});

function compilerOutput(compiler: string): string {
  try {
    return run(process.execPath, [compiler, '-p', 'tsconfig.json']);
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('no private package is named in what is shipped', () => {
  const shipped = packed.files.map(({ path }) => path).filter((path) => /\.(js|d\.ts)$/.test(path));
  const installed = join(project, 'node_modules', 'yeoul');
  const naming = shipped.filter((path) => /from\s*['"]@yeoul\//.test(readFileSync(join(installed, path), 'utf8')));
  expect(naming).toEqual([]);
  expect(existsSync(join(project, 'node_modules', '@yeoul'))).toBe(false);
});

test('the package holds the build, the command, the licence, and neither sources nor tests', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['LICENSE', 'NOTICE', 'package.json', 'bin/yeoul.js', 'dist/index.js', 'dist/cli.js']),
  );
  expect(paths.filter((path) => !/^(LICENSE|NOTICE|README\.md|package\.json|bin\/|dist\/)/.test(path))).toEqual([]);
  expect(paths.filter((path) => path.includes('.test.') || (path.endsWith('.ts') && !path.endsWith('.d.ts')))).toEqual(
    [],
  );
});

test('the manifest follows the rules for published packages', async () => {
  const pkgDir = join(project, 'node_modules', 'yeoul');
  const { messages } = await publint({ pkgDir, pack: false, level: 'warning', strict: true });
  expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
});

test('every file that the exports map names is shipped', () => {
  const named = Object.values<string | { types: string; default: string }>(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : [entry.types, entry.default],
  );
  const paths = packed.files.map(({ path }) => `./${path}`);
  expect(named.filter((path) => !paths.includes(path))).toEqual([]);
});
