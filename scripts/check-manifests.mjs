// Holds the package manifests against the sources and each other:
//   M1. What a package's sources import from npm stands in its own manifest (tests may use the root's devDependencies).
//   M2. The published package `yeoul` depends on exactly what the packages bundled into it depend on, at the same versions.
//   M3. Versions are exact.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importsOf, packageNameOf, typeScriptFiles } from './imports.mjs';

const kinds = /** @type {const} */ (['dependencies', 'optionalDependencies', 'peerDependencies', 'devDependencies']);

/** @typedef {{ name: string, dir: string } & Partial<Record<typeof kinds[number], Record<string, string>>>} Manifest */

/** @param {string} root @returns {string[]} problems */
export function checkManifests(root) {
  const top = readManifest(root);
  const packages = readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((dir) => existsSync(join(dir, 'package.json')))
    .map(readManifest);
  return [
    ...packages.flatMap((manifest) => undeclared(root, manifest, top)),
    ...faceProblems(packages),
    ...[top, ...packages].flatMap(inexact),
  ];
}

/** @param {string} dir @returns {Manifest} */
function readManifest(dir) {
  return { ...JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')), dir };
}

/** M1. @param {string} root @param {Manifest} manifest @param {Manifest} top @returns {string[]} */
function undeclared(root, manifest, top) {
  const own = new Set([manifest.name, ...kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}))]);
  const forTests = new Set([...own, ...Object.keys(top.devDependencies ?? {})]);
  return typeScriptFiles(manifest.dir).flatMap((file) => {
    const known = relative(manifest.dir, file).startsWith('src') ? own : forTests;
    return importsOf(file)
      .filter(({ specifier }) => isFromNpm(specifier) && !known.has(packageNameOf(specifier)))
      .map(
        ({ specifier, line }) =>
          `${relative(root, file)}:${line} imports '${specifier}'. M1: add it to ${relative(root, manifest.dir)}/package.json`,
      );
  });
}

/** @param {string} specifier our own packages are the layers check's matter */
function isFromNpm(specifier) {
  if (/^(\.|\/|node:|@yeoul\/|yeoul($|\/))/.test(specifier)) return false;
  return !builtinModules.includes(specifier);
}

/** M2. @param {Manifest[]} packages @returns {string[]} */
function faceProblems(packages) {
  const face = packages.find(({ name }) => name === 'yeoul');
  if (face === undefined) return [];
  const bundled = packages.filter(({ name }) => face.devDependencies?.[name] !== undefined);
  return /** @type {const} */ (['dependencies', 'optionalDependencies', 'peerDependencies']).flatMap((kind) => {
    const needed = Object.assign({}, ...bundled.map((manifest) => manifest[kind] ?? {}));
    const wanted = Object.entries(needed).filter(([name]) => !name.startsWith('@yeoul/'));
    const has = face[kind] ?? {};
    return [
      ...wanted
        .filter(([name, version]) => has[name] !== version)
        .map(([name, version]) => `packages/yeoul/package.json: M2: ${kind} must have ${name} at ${version}`),
      ...Object.keys(has)
        .filter((name) => needed[name] === undefined)
        .map((name) => `packages/yeoul/package.json: M2: ${name} is in ${kind}, but no bundled package needs it`),
    ];
  });
}

/** M3. @param {Manifest} manifest @returns {string[]} */
function inexact(manifest) {
  return /** @type {const} */ (['dependencies', 'optionalDependencies', 'devDependencies']).flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${manifest.name}: M3: ${name} is at '${version}'; write one exact version`),
  );
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const problems = checkManifests(fileURLToPath(new URL('..', import.meta.url)));
  for (const line of problems) console.error(line);
  console.log(`manifests: ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
