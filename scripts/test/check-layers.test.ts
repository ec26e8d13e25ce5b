import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkLayers } from '../check-layers.mjs';
import { temporaryTree } from './temporary-tree.ts';

const table = JSON.parse(readFileSync(new URL('../layers.json', import.meta.url), 'utf8'));

function problemsIn(files: Record<string, string>): string[] {
  const manifests = Object.fromEntries(
    ['engine', 'connectors', 'testing'].map((name) => [
      `packages/${name}/package.json`,
      { exports: { '.': './src/index.ts' } },
    ]),
  );
  return checkLayers({ root: temporaryTree({ ...manifests, ...files }), table }).problems;
}

describe('packages', () => {
  test('a package imports what its row allows', () => {
    expect(problemsIn({ 'packages/connectors/src/a.ts': "import { x } from '@yeoul/engine';" })).toEqual([]);
  });

  test('an import against the table names the import, the rule and what is allowed', () => {
    expect(problemsIn({ 'packages/testing/src/a.ts': "\nimport type { x } from '@yeoul/connectors';" })).toEqual([
      "packages/testing/src/a.ts:2 imports '@yeoul/connectors'. L1: testing may import engine",
    ]);
  });

  test('a package that does not exist yet is held to the table as well', () => {
    expect(problemsIn({ 'packages/engine/src/a.ts': "export * from '@yeoul/server';" })).toEqual([
      "packages/engine/src/a.ts:1 imports '@yeoul/server'. L1: engine may import no other package",
    ]);
  });

  test('tests may use the testing package, sources may not', () => {
    const text = "import { x } from '@yeoul/testing';";
    expect(problemsIn({ 'packages/engine/test/a.test.ts': text })).toEqual([]);
    expect(problemsIn({ 'packages/engine/src/a.ts': text })).toHaveLength(1);
  });

  test.each([
    "import { x } from '../../engine/src/a.ts';",
    "import { x } from '@yeoul/engine/src/a.ts';",
    "const x = await import('../../engine/src/a.ts');",
    "type X = import('../../engine/src/a.ts').X;",
  ])('a path into another package is refused: %s', (text) => {
    const problems = problemsIn({ 'packages/connectors/src/a.ts': text, 'packages/engine/src/a.ts': '' });
    expect(problems).toEqual([expect.stringContaining('L2: enter engine by its name')]);
  });

  test('the face of our own package may not be imported from within', () => {
    expect(
      problemsIn({ 'packages/engine/src/a.ts': "import { x } from 'yeoul';", 'packages/yeoul/package.json': '{}' }),
    ).toEqual([expect.stringContaining('L1: engine may import no other package')]);
  });

  test('a package without a row is an error', () => {
    expect(() => problemsIn({ 'packages/extra/src/a.ts': "import './b.ts';" })).toThrow('packages/extra has no row');
  });

  test('examples see the published face alone', () => {
    const problems = problemsIn({ 'examples/a/a.ts': "import 'yeoul';\nimport '@yeoul/engine';" });
    expect(problems).toEqual(["examples/a/a.ts:2 imports '@yeoul/engine'. L1: examples may import yeoul"]);
  });
});

describe('browser-safe folders', () => {
  test.each(['node:fs', 'fs', 'node:worker_threads'])('%s is refused', (builtin) => {
    expect(problemsIn({ 'packages/engine/src/api/a.ts': `import { x } from '${builtin}';` })).toEqual([
      `packages/engine/src/api/a.ts:1 imports '${builtin}'. L3: browser-safe code may not use ${builtin}; allowed dependencies: none`,
    ]);
  });

  test('Node is found through other files, with the way to it', () => {
    const problems = problemsIn({
      'packages/engine/src/graph/a.ts': "import { b } from '../b.ts';",
      'packages/engine/src/b.ts': "export * from './c.ts';",
      'packages/engine/src/c.ts': "import 'node:os'; import './b.ts';",
    });
    expect(problems).toEqual([
      expect.stringContaining(
        'may not use node:os (through packages/engine/src/b.ts → packages/engine/src/c.ts → node:os)',
      ),
    ]);
  });

  test('a dependency outside the list is refused', () => {
    expect(problemsIn({ 'packages/engine/src/api/a.ts': "import { pack } from 'msgpackr';" })).toEqual([
      expect.stringContaining('L3: browser-safe code may not use msgpackr'),
    ]);
  });

  test('types are free, from Node and from the neighbours', () => {
    const text = "import type { Stats } from 'node:fs';\nimport type { Task } from '../runtime/task.ts';";
    expect(problemsIn({ 'packages/engine/src/api/a.ts': text })).toEqual([]);
  });

  test('values of the runtime neighbours are refused, also behind an inline type marker, which still loads the module', () => {
    const text = "import { type Task } from '../runtime/task.ts';\nexport { heap } from '../state/heap.ts';";
    expect(problemsIn({ 'packages/engine/src/api/a.ts': text })).toEqual([
      "packages/engine/src/api/a.ts:1 imports '../runtime/task.ts'. L4: only types may come from runtime, state, checkpoint, metrics, serialization (import type)",
      "packages/engine/src/api/a.ts:2 imports '../state/heap.ts'. L4: only types may come from runtime, state, checkpoint, metrics, serialization (import type)",
    ]);
  });

  test('the rest of the engine may use Node', () => {
    expect(problemsIn({ 'packages/engine/src/runtime/a.ts': "import 'node:fs'; import 'lmdb';" })).toEqual([]);
  });
});
