// Declarations for the published package: those of every source that the face reaches, as <typesDir>/<package>/src/…, self-contained: specifiers
// are made relative with a .js ending, so that nothing refers to the private packages or to .ts files that are not shipped.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { importsIn } from './imports.mjs';

/** @param {{ root: string, typesDir: string }} options @throws Error with the compiler's messages */
export function emitTypes({ root, typesDir }) {
  const sources = workspaceSources(join(root, 'packages'));
  const paths = Object.fromEntries(
    Object.entries(sources).map(([name, file]) => [name, [join(root, 'packages', file)]]),
  );
  const config = readConfig(root);
  const program = ts.createProgram(config.fileNames, { ...config.options, outDir: typesDir, paths });
  const problems = ts.getPreEmitDiagnostics(program);
  if (problems.length > 0) throw new Error(`no declarations:\n${format(problems)}`);
  rmSync(typesDir, { recursive: true, force: true });
  program.emit(undefined, (file, text) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      rewriteSpecifiers(text, (specifier) => toSelfContained(specifier, file, typesDir, sources)),
    );
  });
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

/** @param {string} specifier @param {string} file @param {string} typesDir @param {Record<string, string>} sources */
function toSelfContained(specifier, file, typesDir, sources) {
  const source = sources[specifier];
  if (source === undefined) return specifier.startsWith('.') ? specifier.replace(/\.ts$/, '.js') : specifier;
  const path = relative(dirname(file), join(typesDir, source)).split(sep).join('/');
  return (path.startsWith('.') ? path : `./${path}`).replace(/\.ts$/, '.js');
}

/**
 * @param {string} packagesDir
 * @returns {Record<string, string>} '@yeoul/connectors/files' → 'connectors/src/files/index.ts', from the exports maps of the private packages
 */
function workspaceSources(packagesDir) {
  const manifests = readdirSync(packagesDir)
    .filter((folder) => existsSync(join(packagesDir, folder, 'package.json')))
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(packagesDir, folder, 'package.json'), 'utf8')) }));
  const pairs = manifests
    .filter(({ name }) => name.startsWith('@yeoul/'))
    .flatMap(({ folder, name, exports }) =>
      Object.entries(exports)
        .filter(([, target]) => target.endsWith('.ts'))
        .map(([path, target]) => [join(name, path), join(folder, target)]),
    );
  return Object.fromEntries(pairs);
}

/** @param {string} root */
function readConfig(root) {
  const file = join(root, 'tsconfig.types.json');
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error !== undefined) throw new Error(format([error]));
  return ts.parseJsonConfigFileContent(config, ts.sys, root, undefined, file);
}

/** @param {readonly ts.Diagnostic[]} problems */
function format(problems) {
  const host = { getCanonicalFileName: String, getCurrentDirectory: process.cwd, getNewLine: () => '\n' };
  return ts.formatDiagnostics(problems, host);
}
