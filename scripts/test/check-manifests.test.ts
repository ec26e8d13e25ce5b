import { expect, test } from 'vitest';
import { checkManifests } from '../check-manifests.mjs';
import { temporaryTree } from './temporary-tree.ts';

const engine = { name: '@yeoul/engine', dependencies: { lmdb: '1.2.3' } };
const face = { name: 'yeoul', dependencies: { lmdb: '1.2.3' }, devDependencies: { '@yeoul/engine': '0.1.0' } };
const top = { name: 'top', devDependencies: { vitest: '4.0.0' } };

function problemsIn(changes: Record<string, string | object>): string[] {
  const tree = { 'package.json': top, 'packages/engine/package.json': engine, 'packages/yeoul/package.json': face };
  return checkManifests(temporaryTree({ ...tree, ...changes }));
}

test('declared imports pass; tests may use what the root declares', () => {
  const files = {
    'packages/engine/src/a.ts': "import 'lmdb'; import 'node:fs'; import 'fs'; import './b.ts'; import '@yeoul/x';",
    'packages/engine/test/a.test.ts': "import 'vitest'; import 'lmdb/sub';",
  };
  expect(problemsIn(files)).toEqual([]);
});

test('an undeclared import is named with its place', () => {
  expect(problemsIn({ 'packages/engine/src/a.ts': "\nimport type { A } from '@scope/a/b';" })).toEqual([
    "packages/engine/src/a.ts:2 imports '@scope/a/b'. M1: add it to packages/engine/package.json",
  ]);
});

test('sources may not use what only the root declares', () => {
  expect(problemsIn({ 'packages/engine/src/a.ts': "import 'vitest';" })).toHaveLength(1);
});

test('the published package has what its parts need, at the same version, and nothing more', () => {
  expect(
    problemsIn({ 'packages/yeoul/package.json': { ...face, dependencies: { lmdb: '1.2.4', left: '1.0.0' } } }),
  ).toEqual([
    'packages/yeoul/package.json: M2: dependencies must have lmdb at 1.2.3',
    'packages/yeoul/package.json: M2: left is in dependencies, but no bundled package needs it',
  ]);
});

test.each(['^1.2.3', '*', '1.x', 'latest'])('version %s is refused', (version) => {
  const tree = { 'package.json': { name: 'top', devDependencies: { vitest: version } } };
  expect(problemsIn(tree)).toEqual([`top: M3: vitest is at '${version}'; write one exact version`]);
});
