// Every ts example of the documents type-checks, as a module of its own, against the published names. On pages of docs/ an example without imports
// goes on from what the page has set up: names that Yeoul exports are imported for it, and these are there:
//   client: FlinkClient, jobId: string, env: StreamExecutionEnvironment, readings: DataStream<Reading>, interface Reading { id, timestamp, temperature }
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { codeBlocks } from './code-blocks.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const directory = join(root, '.cache', 'docs-types');

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const pages = [
  join(root, 'README.md'),
  ...markdownOf(join(root, 'docs')),
  ...readdirSync(join(root, 'packages')).flatMap((name) => markdownOf(join(root, 'packages', name))),
];

function markdownOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

const SHARED: Readonly<Record<string, string>> = {
  Reading: 'interface Reading { readonly id: string; readonly timestamp: number; readonly temperature: number }',
  readings: "declare const readings: import('yeoul').DataStream<Reading>;",
  client: "declare const client: import('yeoul/client').FlinkClient;",
  jobId: 'declare const jobId: string;',
  env: "declare const env: import('yeoul').StreamExecutionEnvironment;",
};

/** @param modules exported name → the module that has it */
function toModule(code: string, modules: ReadonlyMap<string, string>): string {
  if (/^import /m.test(code)) return code;
  const words = new Set(code.match(/\b[A-Za-z]\w*\b/g));
  const declares = (name: string) => new RegExp(`(const|class|interface|function) ${name}\\b`).test(code);
  const imports = [...words]
    .filter((word) => modules.has(word) && !declares(word))
    .map((word) => `import { ${word} } from '${modules.get(word)}';`);
  const shared = Object.keys(SHARED).filter((name) => words.has(name) || (name === 'Reading' && words.has('readings')));
  const lines = shared.filter((name) => !declares(name)).map((name) => SHARED[name]);
  return [...imports, ...lines, 'export {};', code].join('\n');
}

const published: Readonly<Record<string, string>> = {
  'yeoul/testing': 'packages/testing/src/index.ts',
  'yeoul/connectors/http': 'packages/connectors/src/http/index.ts',
  'yeoul/connectors/sockets': 'packages/connectors/src/sockets/index.ts',
  'yeoul/connectors/stdio': 'packages/connectors/src/stdio/index.ts',
  'yeoul/connectors/files': 'packages/connectors/src/files/index.ts',
  yeoul: 'packages/engine/src/index.ts',
};

function exportedNames(): Map<string, string> {
  const modules = new Map<string, string>();
  for (const [specifier, file] of Object.entries(published)) {
    const source = readFileSync(join(root, file), 'utf8');
    for (const [, list = ''] of source.matchAll(/export (?:type )?\{([^}]*)\}/g)) {
      for (const name of list.split(',')) modules.set(name.replace(/^\s*type /, '').trim(), specifier);
    }
  }
  modules.delete('');
  return modules;
}

test('examples of the documents type-check', async () => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const exported = exportedNames();
  let count = 0;
  for (const page of pages) {
    codeBlocks(readFileSync(page, 'utf8'), 'ts').forEach((code, index) => {
      const name = `${relative(root, page).replace(/\W+/g, '-')}-${index + 1}.ts`;
      writeFileSync(join(directory, name), toModule(code, exported));
      count += 1;
    });
  }
  const compilerOptions = {
    verbatimModuleSyntax: false,
    isolatedModules: false,
    paths: { yeoul: ['../../packages/yeoul/src/index.ts'], 'yeoul/*': ['../../packages/yeoul/src/*.ts'] },
  };
  const config = { extends: '../../tsconfig.base.json', compilerOptions, include: ['*.ts'] };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', directory], { cwd: directory }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout.split('\n').filter((line) => /^[\w-]+\.ts\(/.test(line))).toEqual([]);
  expect(count).toBeGreaterThan(20);
});
