// Declarations for the published package. The compiler writes those of every package that the face reaches, as <typesDir>/<package>/src/…; then each
// specifier is made relative with a .js ending, so that nothing refers to the private packages or to .ts files that are not shipped.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { importsIn } from './imports.mjs';

/** @param {{ root: string, typesDir: string }} options */
export function emitTypes({ root, typesDir }) {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  rmSync(typesDir, { recursive: true, force: true });
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.types.json'), '--outDir', typesDir], {
    stdio: 'inherit',
  });
  for (const file of declarations(typesDir)) {
    const fixed = rewriteSpecifiers(readFileSync(file, 'utf8'), (specifier) =>
      toSelfContained({ specifier, file, root, typesDir }),
    );
    writeFileSync(file, fixed);
  }
}

/**
 * @param {string} text a declaration file
 * @param {(specifier: string) => string} rewrite
 */
export function rewriteSpecifiers(text, rewrite) {
  const lastFirst = importsIn(text, 'declarations.d.ts').toSorted((a, b) => b.start - a.start);
  return lastFirst.reduce(
    (done, { specifier, start }) => done.slice(0, start) + rewrite(specifier) + done.slice(start + specifier.length),
    text,
  );
}

/** @param {{ specifier: string, file: string, root: string, typesDir: string }} options */
function toSelfContained({ specifier, file, root, typesDir }) {
  if (specifier.startsWith('@yeoul/')) {
    const target = join(typesDir, workspaceSource(specifier, root));
    const path = relative(dirname(file), target).split(sep).join('/');
    return (path.startsWith('.') ? path : `./${path}`).replace(/\.ts$/, '.js');
  }
  return specifier.startsWith('.') ? specifier.replace(/\.ts$/, '.js') : specifier;
}

/**
 * @param {string} specifier for example @yeoul/connectors/files
 * @param {string} root
 * @returns {string} the source behind the exports map, relative to packages/: connectors/src/files/index.ts
 */
function workspaceSource(specifier, root) {
  const [, name = '', ...rest] = specifier.split('/');
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  const target = exports[rest.length === 0 ? '.' : `./${rest.join('/')}`];
  if (typeof target !== 'string') throw new Error(`${specifier} is not in the exports map of packages/${name}`);
  return join(name, target);
}

/** @param {string} dir @returns {string[]} */
function declarations(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((file) => file.endsWith('.d.ts') && statSync(file).isFile());
}
