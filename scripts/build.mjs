// Bundles the published package `yeoul` into packages/yeoul/dist: one esbuild run with splitting, so that the entries (face, testing, connectors, command,
// workers) share their chunks and a class imported through two entries is one class.
//   --force    build even when nothing changed, and remove what the build does not own
//   --lenient  a failing build warns and exits with 0: `npm ci` and single tests go on with what is there
//   --types    emit dist/types as well (declarations, for the published package)
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packagesDir = join(root, 'packages');
const faceDir = join(packagesDir, 'yeoul');
const distDir = join(faceDir, 'dist');
const stampFile = join(root, '.cache', 'build-stamp');
const typesDir = join(distDir, 'types');

/** Worker entries: threads are started from dist/<name>.js. A missing source is skipped. */
const workerEntries = {
  'slot-worker': 'packages/engine/src/runtime/slot-worker.ts',
  'driver-worker': 'packages/engine/src/runtime/driver-worker.ts',
};

const flags = new Set(process.argv.slice(2));
async function main() {
  const stamp = sourceStamp();
  const isCurrent = existsSync(join(distDir, 'index.js')) && readIfThere(stampFile) === stamp;
  if (!isCurrent || flags.has('--force')) {
    await bundle();
    writeAtomically(stampFile, stamp);
  }
  if (flags.has('--types')) {
    const { emitTypes } = await import('./emit-types.mjs');
    emitTypes({ root, typesDir });
  }
}

async function bundle() {
  const { build } = await import('esbuild');
  const startedMs = performance.now();
  const result = await build({
    absWorkingDir: root,
    entryPoints: entryPoints(),
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
    logLevel: 'warning',
    write: false,
    plugins: [externalDependencies],
  });
  const written = new Set(result.outputFiles.map((file) => file.path));
  // Chunks first: an entry never points at a file that is not there yet.
  const chunksFirst = result.outputFiles.toSorted((a, b) => Number(isChunk(b.path)) - Number(isChunk(a.path)));
  for (const file of chunksFirst) writeAtomically(file.path, file.contents);
  removeStale(written);
  const sizeKiB = Math.round(result.outputFiles.reduce((sum, file) => sum + file.contents.byteLength, 0) / 1024);
  console.log(
    `built packages/yeoul/dist: ${written.size} files, ${sizeKiB} KiB, ${Math.round(performance.now() - startedMs)} ms`,
  );
}

/** Packages of this repository are bundled; everything else is a dependency of the published package and stays an import. */
const externalDependencies = {
  name: 'external-dependencies',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.kind === 'entry-point' || args.path.startsWith('@yeoul/')) return undefined;
      return { path: args.path, external: true };
    });
  },
};

/** @returns {Record<string, string>} output name without extension → source file */
function entryPoints() {
  const sourceDir = join(faceDir, 'src');
  const face = [...walk(sourceDir)].filter((file) => file.endsWith('.ts'));
  const entries = Object.fromEntries(face.map((file) => [relative(sourceDir, file).slice(0, -'.ts'.length), file]));
  for (const [name, file] of Object.entries(workerEntries)) {
    if (existsSync(join(root, file))) entries[name] = join(root, file);
  }
  return entries;
}

/** Changes when any source, package manifest or this script does. */
function sourceStamp() {
  const hash = createHash('sha256');
  const manifests = packageNames().map((name) => join(packagesDir, name, 'package.json'));
  const sources = packageNames().flatMap((name) => [...walk(join(packagesDir, name, 'src'))]);
  for (const file of [fileURLToPath(import.meta.url), ...manifests, ...sources]) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function packageNames() {
  return readdirSync(packagesDir).filter((name) => existsSync(join(packagesDir, name, 'package.json')));
}

/** @param {string} dir @returns {Generator<string>} the files below `dir` in a fixed order; none when it is missing */
function* walk(dir) {
  if (!existsSync(dir)) return;
  for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

/**
 * Removes outputs of earlier builds. Chunks of the last hour stay (a running process may still load them) unless --force.
 * @param {Set<string>} written
 */
function removeStale(written) {
  const keepAfterMs = flags.has('--force') ? Number.POSITIVE_INFINITY : Date.now() - 3_600_000;
  for (const file of walk(distDir)) {
    if (written.has(file) || file.startsWith(typesDir)) continue;
    if (isChunk(file) && statSync(file).mtimeMs > keepAfterMs) continue;
    rmSync(file);
  }
}

/** @param {string} path */
function isChunk(path) {
  return path.startsWith(join(distDir, 'chunks'));
}

/**
 * A reader sees the old file or the new one, never half of it. An unchanged file is left alone.
 * @param {string} path @param {string | Uint8Array} contents
 */
function writeAtomically(path, contents) {
  if (existsSync(path) && Buffer.from(contents).equals(readFileSync(path))) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

try {
  await main();
} catch (error) {
  if (!flags.has('--lenient')) throw error;
  console.warn(`build failed, going on without it: ${error instanceof Error ? error.message : String(error)}`);
}
