// Builds the job jars of the examples, with the command just built. Left alone when neither the examples nor the build changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const programs = ['word-count', 'state-machine', 'average-sensor-readings'];

/**
 * @param {{ root: string, force?: boolean }} options
 * @returns {Promise<readonly string[]>} paths of the jars that were made, from the root
 */
export async function buildExampleJars({ root, force = false }) {
  const jarsDir = join(root, 'examples', 'jars');
  const stampFile = join(root, '.cache', 'example-jars-stamp');
  const jars = programs.map((name) => ({ program: join(root, 'examples', name), jar: join(jarsDir, `${name}.jar`) }));
  const present = jars.filter(({ program }) => existsSync(program));
  const stamp = stampOf(root, present);
  const isCurrent = present.every(({ jar }) => existsSync(jar)) && readIfThere(stampFile) === stamp;
  if (isCurrent && !force) return [];
  const { main } = await import(pathToFileURL(join(root, 'packages', 'yeoul', 'dist', 'cli.js')).href);
  for (const { program, jar } of present) {
    const exitCode = await main(['build', program, '-o', jar, '--quiet']);
    if (exitCode !== 0) throw new Error(`yeoul build ${relative(root, program)} ended with ${exitCode}`);
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
  return present.map(({ jar }) => relative(root, jar));
}

/** @param {string} root @param {readonly { program: string }[]} jars @returns {string} changes with the build and the programs' files */
function stampOf(root, jars) {
  const hash = createHash('sha256').update(readIfThere(join(root, '.cache', 'build-stamp')) ?? '');
  for (const { program } of jars) {
    for (const name of readdirSync(program).toSorted()) {
      const { mtimeMs, size } = statSync(join(program, name));
      hash.update(`${relative(root, program)}/${name} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex');
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
