// Bundles the published package `yeoul` into packages/yeoul/dist: one esbuild run with splitting, so that the entries (face, testing, connectors,
// command, workers) share their chunks, and a class that is imported through two entries is one class.
//   B1. A reader sees the old file or the new one, never half of it; an entry never points at a chunk that is not there yet.
//   B2. A build that fails leaves the earlier one as it was.
//   B3. Chunks of the last hour stay unless forced: a process that runs on them may still load them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Worker entries: threads are started from dist/<name>.js. A missing source is skipped. */
const workerEntries = {
  'slot-worker': 'packages/engine/src/runtime/slot-worker.ts',
  'driver-worker': 'packages/engine/src/runtime/driver-worker.ts',
};
const keepChunksMs = 3_600_000;

/** @typedef {{ fileCount: number, sizeBytes: number, durationMs: number }} BuildReport */

/**
 * @param {{ root: string, force?: boolean, logLevel?: import('esbuild').LogLevel }} options
 * @returns {Promise<BuildReport | undefined>} undefined when nothing had changed
 */
export async function bundleFace({ root, force = false, logLevel = 'warning' }) {
  const stampFile = join(root, '.cache', 'build-stamp');
  const distDir = join(root, 'packages', 'yeoul', 'dist');
  const stamp = sourceStamp(root);
  const isCurrent = existsSync(join(distDir, 'index.js')) && readIfThere(stampFile) === stamp;
  if (isCurrent && !force) return undefined;
  const report = await bundle({ root, distDir, force, logLevel });
  writeAtomically(stampFile, stamp);
  return report;
}

/**
 * @param {{ root: string, distDir: string, force: boolean, logLevel: import('esbuild').LogLevel }} options
 * @returns {Promise<BuildReport>}
 */
async function bundle({ root, distDir, force, logLevel }) {
  const { build } = await import('esbuild');
  const startedMs = performance.now();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entryPoints(root),
    outdir: distDir,
    entryNames: '[dir]/[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: true,
    legalComments: 'none',
    logLevel,
    write: false,
    plugins: [externalDependencies],
  });
  const chunksDir = join(distDir, 'chunks');
  const [entries, chunks] = partition(outputFiles, ({ path }) => path.startsWith(chunksDir));
  for (const file of [...chunks, ...entries]) writeAtomically(file.path, file.contents);
  removeStale(distDir, chunksDir, new Set(outputFiles.map(({ path }) => path)), force);
  const sizeBytes = outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  return { fileCount: outputFiles.length, sizeBytes, durationMs: performance.now() - startedMs };
}

/**
 * Bundled although they are not of this repository: some hundred small files that take 400 ms of CPU to load, of which a twentieth is
 * used. Their licences stand in NOTICE.
 */
const inlined = new Set(['typebox']);

/**
 * CommonJS dependencies that a start loads. Imported, each of their files is first searched for the names it exports, by a scanner
 * that takes as long as the loading itself, and whose compilation keeps two threads busy; required, they are just loaded.
 */
const required = new Set(['@fastify/multipart', 'cli-table3', 'commander', 'esbuild', 'fastify', 'yauzl', 'yazl']);

/** Packages of this repository are bundled; everything else is a dependency of the published package and stays an import, or a require. */
const externalDependencies = {
  name: 'external-dependencies',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.kind === 'entry-point' || args.path.startsWith('@yeoul/') || inlined.has(packageOf(args.path)))
        return undefined;
      if (required.has(args.path)) return { path: args.path, namespace: 'required', sideEffects: false };
      return { path: args.path, external: true };
    });
    build.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({ contents: requiringModule(path) }));
  },
};

/** @param {string} name of a CommonJS package @returns {string} a module with its exports */
function requiringModule(name) {
  const names = Object.keys(createRequire(import.meta.url)(name)).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key));
  return [
    `import { createRequire } from 'node:module';`,
    `const required = createRequire(import.meta.url)(${JSON.stringify(name)});`,
    'export default required;',
    ...names.filter((key) => key !== 'default').map((key) => `export const ${key} = required.${key};`),
  ].join('\n');
}

/** @param {string} path "typebox/value" @returns {string} the package: "typebox" */
function packageOf(path) {
  return path.split('/', path.startsWith('@') ? 2 : 1).join('/');
}

/** @param {string} root @returns {Record<string, string>} output name without extension → source file */
function entryPoints(root) {
  const sourceDir = join(root, 'packages', 'yeoul', 'src');
  const face = [...walk(sourceDir)].filter((file) => file.endsWith('.ts'));
  const workers = Object.entries(workerEntries)
    .map(([name, file]) => /** @type {const} */ ([name, join(root, file)]))
    .filter(([, file]) => existsSync(file));
  return Object.fromEntries([
    ...face.map((file) => [relative(sourceDir, file).slice(0, -'.ts'.length), file]),
    ...workers,
  ]);
}

/** @param {string} root @returns {string} changes when any source, package manifest or this script does */
function sourceStamp(root) {
  const hash = createHash('sha256');
  const packagesDir = join(root, 'packages');
  const folders = readdirSync(packagesDir).map((name) => join(packagesDir, name));
  const manifests = folders.map((folder) => join(folder, 'package.json')).filter(existsSync);
  const sources = folders.flatMap((folder) => [...walk(join(folder, 'src'))]);
  for (const file of [fileURLToPath(import.meta.url), ...manifests, ...sources]) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} distDir @param {string} chunksDir @param {Set<string>} written @param {boolean} force */
function removeStale(distDir, chunksDir, written, force) {
  const typesDir = join(distDir, 'types');
  const keepAfterMs = force ? Number.POSITIVE_INFINITY : Date.now() - keepChunksMs;
  for (const file of walk(distDir)) {
    const isTemporary = file.endsWith('.tmp');
    if (written.has(file) || file.startsWith(typesDir)) continue;
    if ((isTemporary || file.startsWith(chunksDir)) && statSync(file).mtimeMs > keepAfterMs) continue;
    rmSync(file, { force: true });
  }
}

/** @param {string} dir @returns {Generator<string>} the files below `dir` in a fixed order; none when it is missing */
function* walk(dir) {
  if (!existsSync(dir)) return;
  const entries = readdirSync(dir, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

/**
 * @template T
 * @param {readonly T[]} items @param {(item: T) => boolean} predicate
 * @returns {[T[], T[]]} those that fail the predicate, those that pass it
 */
function partition(items, predicate) {
  return [items.filter((item) => !predicate(item)), items.filter(predicate)];
}

/** An unchanged file is left alone. @param {string} path @param {string | Uint8Array} contents */
function writeAtomically(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(contents))) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
