// Reads package-lock.json: licences from the allowed list, packages from the public registry, each with a checksum, those of every platform.
// Development-only packages may also be under weak copyleft: they are not shipped.
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const allowed = new Set([
  'Apache-2.0',
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
]);
const allowedInDevelopment = new Set([...allowed, 'MPL-2.0', 'CC-BY-4.0', 'Python-2.0']);

/**
 * @typedef {{ license?: string, optionalDependencies?: Record<string, string>, resolved?: string, integrity?: string, link?: boolean, dev?: boolean, inBundle?: boolean }} LockedPackage
 * @param {{ packages: Record<string, LockedPackage> }} lock
 * @returns {string[]} problems
 */
export function checkLicenses(lock) {
  return [
    ...missingOptional(lock.packages),
    ...Object.entries(lock.packages)
      .filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
      .flatMap(([path, entry]) => problemsOf(entry).map((text) => `${nameOf(path)}: ${text}`)),
  ];
}

/**
 * `npm ci` refuses a lockfile without the optional packages of other platforms.
 * @param {Record<string, LockedPackage>} packages @returns {string[]}
 */
function missingOptional(packages) {
  const locked = new Set(Object.keys(packages).map(nameOf));
  return Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {})
      .filter((name) => !locked.has(name))
      .map(
        (name) =>
          `${nameOf(path)}: its optional package ${name} is not locked; choose a version whose packages are all published`,
      ),
  );
}

/** @param {string} path for example node_modules/a/node_modules/@s/b @returns {string} @s/b */
function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** @param {LockedPackage} entry @returns {string[]} */
function problemsOf(entry) {
  const problems = [];
  const list = entry.dev ? allowedInDevelopment : allowed;
  if (!isAllowed(entry.license, list)) {
    problems.push(
      `licence ${entry.license ?? 'missing'}; allowed${entry.dev ? ' for development' : ''}: ${[...list].join(', ')}`,
    );
  }
  if (entry.resolved !== undefined && !entry.resolved.startsWith('https://registry.npmjs.org/')) {
    problems.push(`comes from ${entry.resolved}, not from the public registry`);
  }
  if (entry.integrity === undefined && !entry.inBundle) problems.push('no checksum');
  return problems;
}

/** @param {string | undefined} license an SPDX expression: one of several (OR) or all of several (AND) @param {Set<string>} list */
function isAllowed(license, list) {
  if (license === undefined) return false;
  const alternatives = license.replace(/[()]/g, '').split(' OR ');
  return alternatives.some((alternative) => alternative.split(' AND ').every((name) => list.has(name)));
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  const problems = checkLicenses(lock);
  for (const line of problems) console.error(line);
  console.log(`licences: ${Object.keys(lock.packages).length} packages, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
