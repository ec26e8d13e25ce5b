import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { bundleFace } from '../bundle.mjs';
import { temporaryTree } from './temporary-tree.ts';

/** A workspace with an engine, its face of two entries and a worker. */
function workspace(): string {
  const root = temporaryTree({
    'package.json': { type: 'module' },
    'packages/engine/package.json': { name: '@yeoul/engine', type: 'module', exports: { '.': './src/index.ts' } },
    'packages/engine/src/index.ts': "export * from './thing.ts';",
    'packages/engine/src/thing.ts': "import { join } from 'left-out';\nexport class Thing { where = join('a', 'b'); }",
    'packages/engine/src/runtime/slot-worker.ts': "export { Thing as WorkerThing } from '../thing.ts';",
    'packages/yeoul/package.json': { name: 'yeoul', type: 'module' },
    'packages/yeoul/src/index.ts': "export * from '@yeoul/engine';",
    'packages/yeoul/src/connectors/files.ts':
      "import { Thing } from '@yeoul/engine';\nexport class FileThing extends Thing {}",
    'node_modules/left-out/package.json': { name: 'left-out', type: 'module', exports: './index.js' },
    'node_modules/left-out/index.js': "export const join = (...parts) => parts.join('/');",
  });
  mkdirSync(join(root, 'node_modules', '@yeoul'));
  symlinkSync(join(root, 'packages', 'engine'), join(root, 'node_modules', '@yeoul', 'engine'));
  return root;
}

function dist(root: string, ...path: string[]): string {
  return join(root, 'packages', 'yeoul', 'dist', ...path);
}

function builtText(root: string): string {
  const names = readdirSync(dist(root), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  return names.map((name) => readFileSync(dist(root, name), 'utf8')).join();
}

test('entries and workers share one copy of a class; dependencies stay imports', async () => {
  const root = workspace();
  await bundleFace({ root });
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(dist(root, name)).href);
  const [face, files, worker] = await Promise.all(['index.js', 'connectors/files.js', 'slot-worker.js'].map(load));
  expect(new files.FileThing()).toBeInstanceOf(face.Thing);
  expect(worker.WorkerThing).toBe(face.Thing);
  expect(new face.Thing().where).toBe('a/b');
  expect(builtText(root)).toContain('from "left-out"');
});

test('nothing changed, nothing built; a changed source, a missing build or force builds', async () => {
  const root = workspace();
  expect(await bundleFace({ root })).toMatchObject({ fileCount: expect.any(Number) });
  expect(await bundleFace({ root })).toBeUndefined();
  writeFileSync(join(root, 'packages/engine/src/thing.ts'), 'export class Thing { changed = 1; }');
  expect(await bundleFace({ root })).toBeDefined();
  expect(builtText(root)).toContain('changed');
  expect(await bundleFace({ root })).toBeUndefined();
  expect(await bundleFace({ root, force: true })).toBeDefined();
});

test('a source that does not parse leaves the earlier build as it was, and is built once it does', async () => {
  const root = workspace();
  await bundleFace({ root });
  const before = builtText(root);
  writeFileSync(join(root, 'packages/engine/src/thing.ts'), 'export class ;');
  await expect(bundleFace({ root, logLevel: 'silent' })).rejects.toThrow('thing.ts');
  await expect(bundleFace({ root, logLevel: 'silent' })).rejects.toThrow('thing.ts');
  expect(builtText(root)).toBe(before);
  writeFileSync(join(root, 'packages/engine/src/thing.ts'), 'export class Thing {}');
  expect(await bundleFace({ root })).toBeDefined();
});

test('what no source makes any more goes: entries at once, chunks after an hour or by force; declarations stay', async () => {
  const root = workspace();
  await bundleFace({ root });
  const [gone, oldChunk, newChunk, types] = [
    dist(root, 'gone.js'),
    dist(root, 'chunks', 'old-AAAA.js'),
    dist(root, 'chunks', 'new-BBBB.js'),
    dist(root, 'types', 'index.d.ts'),
  ];
  mkdirSync(dist(root, 'types'));
  for (const file of [gone, oldChunk, newChunk, types]) writeFileSync(file, '');
  utimesSync(oldChunk, 0, 0);
  writeFileSync(join(root, 'packages/engine/src/thing.ts'), 'export class Thing { changed = 1; }');
  await bundleFace({ root });
  expect([gone, oldChunk, newChunk, types].map(existsSync)).toEqual([false, false, true, true]);
  await bundleFace({ root, force: true });
  expect([newChunk, types].map(existsSync)).toEqual([false, true]);
});
