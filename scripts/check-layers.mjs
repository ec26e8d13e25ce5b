// Holds the package table (scripts/layers.json, from the design) against the imports of the sources:
//   L1. A package imports only the packages its row allows; its tests also those of `testImports`, and itself.
//   L2. Another package is entered by its name and exports map, never by a path into it.
//   L3. Browser-safe code reaches nothing of Node and no dependency outside `dependencies`, directly or through what it imports; type imports are free.
//   L4. `typesOnlyFrom`: the pure folders take nothing but types from these neighbours.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importsOf, packageNameOf, typeScriptFiles } from './imports.mjs';

const builtins = new Set(builtinModules);

/**
 * @typedef {{ imports: string[], testImports?: string[], browserSafe?: boolean, dependencies?: string[] }} PackageRule
 * @typedef {{ browserSafe?: boolean, dependencies?: string[], typesOnlyFrom?: string[] }} FolderRule
 * @typedef {{ packages: Record<string, PackageRule>, trees: Record<string, PackageRule>, folders: Record<string, FolderRule> }} LayerTable
 * @typedef {{ file: string, line: number, specifier: string, typeOnly: boolean, to: string | undefined }} Edge `to`: the repository file, when it is one
 */

/**
 * @param {{ root: string, table: LayerTable }} options
 * @returns {{ problems: string[], fileCount: number }} one line per forbidden import: file:line, import, rule, what is allowed
 */
export function checkLayers({ root, table }) {
  const files = [...['packages', ...Object.keys(table.trees)].flatMap((tree) => typeScriptFiles(join(root, tree)))];
  /** @type {Map<string, Edge[]>} */
  const graph = new Map(files.map((file) => [toName(root, file), edgesOf(root, file)]));
  const problems = [...graph].flatMap(([file, edges]) => [
    ...edges.flatMap((edge) => packageProblems(table, file, edge)),
    ...folderProblems(table, graph, file, edges),
  ]);
  return { problems, fileCount: files.length };
}

/** @param {string} root @param {string} path */
function toName(root, path) {
  return relative(root, path).split(sep).join('/');
}

/** @param {string} root @param {string} path @returns {Edge[]} */
function edgesOf(root, path) {
  return importsOf(path).map((found) => ({
    ...found,
    file: toName(root, path),
    to: targetOf(root, path, found.specifier),
  }));
}

/** @param {string} root @param {string} importer @param {string} specifier @returns {string | undefined} */
function targetOf(root, importer, specifier) {
  if (specifier.startsWith('.')) return toName(root, resolve(dirname(importer), specifier));
  const match = /^@yeoul\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? /^(yeoul)(?:\/(.+))?$/.exec(specifier);
  if (match === null) return undefined;
  const manifest = join(root, 'packages', match[1] ?? '', 'package.json');
  if (!existsSync(manifest)) return undefined;
  const target = JSON.parse(readFileSync(manifest, 'utf8')).exports?.[match[2] === undefined ? '.' : `./${match[2]}`];
  return typeof target === 'string' ? `packages/${match[1]}/${target.replace(/^\.\//, '')}` : `packages/${match[1]}`;
}

/** L1 and L2. @param {LayerTable} table @param {string} file @param {Edge} edge @returns {string[]} */
function packageProblems(table, file, edge) {
  const from = ownerOf(table, file);
  const to = edge.to === undefined ? foreignPackage(edge.specifier) : ownerOf(table, edge.to)?.name;
  if (from === undefined || to === undefined || to === from.name) return [];
  if (edge.specifier.startsWith('.') || /^(@yeoul\/[^/]+|yeoul)\/(src|dist)\//.test(edge.specifier)) {
    return [problem(edge, `L2: enter ${to} by its name, not by a path into it`)];
  }
  const isTest = file.includes('/test/') || file.includes('.test.');
  const allowed = [...from.rule.imports, ...(isTest ? (from.rule.testImports ?? []) : [])];
  if (allowed.includes(to)) return [];
  return [problem(edge, `L1: ${from.name} may import ${allowed.join(', ') || 'no other package'}`)];
}

/** @param {string} specifier a package of ours that has no folder yet, else undefined */
function foreignPackage(specifier) {
  return /^@yeoul\/([^/]+)/.exec(specifier)?.[1];
}

/** @param {LayerTable} table @param {string} file @returns {{ name: string, rule: PackageRule } | undefined} */
function ownerOf(table, file) {
  const [tree = '', folder = ''] = file.split('/');
  const name = tree === 'packages' ? folder : tree;
  const rule = tree === 'packages' ? table.packages[folder] : table.trees[tree];
  if (tree === 'packages' && rule === undefined)
    throw new Error(`packages/${folder} has no row in scripts/layers.json`);
  return rule === undefined ? undefined : { name, rule };
}

/** L3 and L4. @param {LayerTable} table @param {Map<string, Edge[]>} graph @param {string} file @param {Edge[]} edges @returns {string[]} */
function folderProblems(table, graph, file, edges) {
  const values = edges.filter((edge) => !edge.typeOnly);
  const folder = Object.keys(table.folders).find((name) => file.startsWith(`${name}/`));
  const rule = folder === undefined ? undefined : table.folders[folder];
  const typesOnly = (rule?.typesOnlyFrom ?? []).map((name) => `${dirname(folder ?? '')}/${name}/`);
  const typeProblems = values
    .filter((edge) => typesOnly.some((prefix) => edge.to?.startsWith(prefix)))
    .map((edge) => problem(edge, `L4: only types may come from ${rule?.typesOnlyFrom?.join(', ')} (import type)`));
  const packageRule = file.includes('/src/') ? ownerOf(table, file)?.rule : undefined;
  const safeRule = [rule, packageRule].find((candidate) => candidate?.browserSafe);
  if (safeRule === undefined) return typeProblems;
  return [...typeProblems, ...values.flatMap((edge) => unsafeProblems(graph, edge, safeRule.dependencies))];
}

/** @param {Map<string, Edge[]>} graph @param {Edge} edge @param {string[] | undefined} dependencies none given: any @returns {string[]} */
function unsafeProblems(graph, edge, dependencies) {
  const way = wayToUnsafe(graph, edge, dependencies, new Set());
  if (way === undefined) return [];
  const through = way.length > 1 ? ` (through ${way.join(' → ')})` : '';
  const allowed = dependencies === undefined ? 'anything else' : `dependencies: ${dependencies.join(', ') || 'none'}`;
  return [problem(edge, `L3: browser-safe code may not use ${way.at(-1)}${through}; allowed ${allowed}`)];
}

/**
 * @param {Map<string, Edge[]>} graph @param {Edge} edge @param {string[] | undefined} dependencies @param {Set<string>} seen
 * @returns {string[] | undefined} files passed through, then the unsafe import
 */
function wayToUnsafe(graph, edge, dependencies, seen) {
  if (edge.typeOnly) return undefined;
  if (isUnsafe(edge, dependencies)) return [edge.specifier];
  if (edge.to === undefined || seen.has(edge.to)) return undefined;
  seen.add(edge.to);
  for (const next of graph.get(edge.to) ?? []) {
    const way = wayToUnsafe(graph, next, dependencies, seen);
    if (way !== undefined) return [edge.to, ...way];
  }
  return undefined;
}

/** @param {Edge} edge @param {string[] | undefined} dependencies */
function isUnsafe(edge, dependencies) {
  if (edge.specifier.startsWith('node:') || builtins.has(edge.specifier)) return true;
  return edge.to === undefined && dependencies !== undefined && !dependencies.includes(packageNameOf(edge.specifier));
}

/** @param {Edge} edge @param {string} rule */
function problem(edge, rule) {
  return `${edge.file}:${edge.line} imports '${edge.specifier}'. ${rule}`;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const table = JSON.parse(readFileSync(new URL('layers.json', import.meta.url), 'utf8'));
  const { problems, fileCount } = checkLayers({ root, table });
  for (const line of problems) console.error(line);
  console.log(`layers: ${fileCount} files, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
