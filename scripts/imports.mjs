// What a source file imports, with what survives into JavaScript told apart from types.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const skippedFolders = new Set(['node_modules', 'dist', 'target', 'fixtures', '.cache']);

/**
 * @typedef {object} Import
 * @property {string} specifier
 * @property {boolean} typeOnly `import type`, `export type` or a type query; `import { type X }` still loads the module
 * @property {number} line from 1
 * @property {number} start offset of the specifier, behind its quote
 */

/** @param {string} file @returns {Import[]} */
export function importsOf(file) {
  return importsIn(readFileSync(file, 'utf8'), file);
}

/** @param {string} text @param {string} [file] its name, whose ending tells the language @returns {Import[]} in order */
export function importsIn(text, file = 'source.ts') {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false);
  /** @type {Import[]} */
  const found = [];
  /** @param {ts.Node | undefined} literal @param {boolean} typeOnly */
  const add = (literal, typeOnly) => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    const quote = literal.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(quote);
    found.push({ specifier: literal.text, typeOnly, line: line + 1, start: quote + 1 });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** @param {string} dir @returns {string[]} the TypeScript files below `dir`, in a fixed order; none when it is missing */
export function typeScriptFiles(dir) {
  let entries;
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : typeScriptFiles(path);
      return /\.tsx?$/.test(entry.name) ? [path] : [];
    });
}

/** @param {string} specifier a bare import, for example '@scope/name/sub' @returns {string} '@scope/name' */
export function packageNameOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
