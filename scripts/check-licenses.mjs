// Reads package-lock.json: licences from the allowed list, packages from the public registry, each with a checksum.
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
 * @typedef {{ license?: string, resolved?: string, integrity?: string, link?: boolean, dev?: boolean, inBundle?: boolean }} LockedPackage
 * @param {{ packages: Record<string, LockedPackage> }} lock
 * @returns {string[]} problems
 */
export function checkLicenses(lock) {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
    .flatMap(([path, entry]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return problemsOf(entry).map((text) => `${name}: ${text}`);
    });
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
