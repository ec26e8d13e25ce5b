// Keeps the documents true:
//   D1. A page X.md and its Korean page (X.ko.md beside it, or docs/ko/X.md for docs/X.md) have the same outline (heading levels in order)
//       and the same code.
//   D2. Every docs/adr/NNNN-*.md is listed in docs/adr/README.md, and numbers are unique.
//   D3. docs/errors.md is what the error catalogue says; `--write` makes it.
//   D5. The tables of docs/configuration.md and its Korean page are what the settings are; `--write` makes them.
//   D6. The tables of docs/rest.md and its Korean page are what the contract is; `--write` makes them.
//   D4. A link to a file of the repository leads to one.
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSource } from './import-source.mjs';
import { restPage } from './rest-page.mjs';
import { settingsPage } from './settings-page.mjs';

/** @param {string} root @returns {Promise<string[]>} problems */
export async function checkDocs(root) {
  const pages = markdownFiles(root);
  return [
    ...pages.flatMap((page) => {
      const english = englishOf(root, page);
      return english === undefined ? [] : pairProblems(root, english, page);
    }),
    ...readmeProblems(root),
    ...adrProblems(join(root, 'docs', 'adr')),
    ...(await errorPageProblems(root)),
    ...(await madePageProblems(root)),
    ...pages.flatMap((page) => linkProblems(root, page)),
  ];
}

/** @param {string} dir @returns {string[]} */
function markdownFiles(dir) {
  const skipped = new Set(['node_modules', 'dist', 'target', '.git', '.cache']);
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** @param {string} root @param {string} page @returns {string | undefined} the English page that a Korean one stands for */
function englishOf(root, page) {
  if (page.endsWith('.ko.md')) return page.replace(/\.ko\.md$/, '.md');
  const koreanDir = join(root, 'docs', 'ko');
  return dirname(page) === koreanDir ? join(root, 'docs', basename(page)) : undefined;
}

/** D1. @param {string} root @param {string} english @param {string} korean @returns {string[]} */
function pairProblems(root, english, korean) {
  if (!existsSync(english)) return [`${relative(root, korean)}: D1: there is no ${basename(english)}`];
  const [ours, theirs] = [english, korean].map((page) => outline(readFileSync(page, 'utf8')));
  const name = relative(root, korean);
  const problems = [];
  if (ours?.headings.join() !== theirs?.headings.join()) {
    problems.push(
      `${name}: D1: heading levels ${theirs?.headings.join(' ')}; ${basename(english)} has ${ours?.headings.join(' ')}`,
    );
  }
  if (ours?.code.join('\n\n') !== theirs?.code.join('\n\n')) {
    problems.push(`${name}: D1: its code differs from ${basename(english)} (only comments may)`);
  }
  return problems;
}

/**
 * @param {string} text
 * @returns {{ headings: number[], code: string[] }} heading levels and fenced code without comments, in order
 */
export function outline(text) {
  /** @type {{ headings: number[], code: string[] }} */
  const found = { headings: [], code: [] };
  let fence = '';
  for (const line of text.split('\n')) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== '') {
      if (mark?.startsWith(fence)) fence = '';
      else found.code[found.code.length - 1] += `${withoutComment(line)}\n`;
    } else if (mark !== undefined) {
      fence = mark;
      found.code.push(`${line.trim()}\n`);
    } else if (/^#{1,6} /.test(line)) found.headings.push(line.indexOf(' '));
  }
  return found;
}

/** @param {string} line */
function withoutComment(line) {
  return line.replace(/(^|\s)(\/\/|#)\s.*$/, '').trimEnd();
}

/** D1. @param {string} root @returns {string[]} */
function readmeProblems(root) {
  const [english, korean] = ['README.md', 'README.ko.md'].map((name) => existsSync(join(root, name)));
  return english === korean
    ? []
    : [`D1: README.md and README.ko.md belong together, ${english ? 'README.ko.md' : 'README.md'} is missing`];
}

/** D2. @param {string} dir @returns {string[]} */
function adrProblems(dir) {
  if (!existsSync(dir)) return [];
  const records = readdirSync(dir).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const index = existsSync(join(dir, 'README.md')) ? readFileSync(join(dir, 'README.md'), 'utf8') : '';
  const numbers = records.map((name) => name.slice(0, 4));
  return [
    ...records
      .filter((name) => !index.includes(`(${name})`))
      .map((name) => `docs/adr/README.md: D2: does not list ${name}`),
    ...numbers
      .filter((number, at) => numbers.indexOf(number) !== at)
      .map((number) => `docs/adr: D2: number ${number} is used twice`),
  ];
}

/** D3. @param {string} root @returns {Promise<string[]>} */
async function errorPageProblems(root) {
  const expected = await errorPage(root);
  const page = join(root, 'docs', 'errors.md');
  if (expected === undefined || (existsSync(page) && readFileSync(page, 'utf8') === expected)) return [];
  return [
    'docs/errors.md: D3: differs from the catalogue in packages/engine/src/errors.ts; run `npm run docs -- --write`',
  ];
}

/** @param {string} root @returns {Promise<string | undefined>} docs/errors.md as the catalogue gives it; undefined without a catalogue */
export async function errorPage(root) {
  if (!existsSync(join(root, 'packages', 'engine', 'src', 'errors.ts'))) return undefined;
  const { catalog } = await importSource(root, "export { catalog } from './packages/engine/src/errors.ts';");
  const rows = Object.entries(catalog)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { domain, retry, text }]) =>
        `| \`${code}\` | ${domain} | ${retry} | ${text.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`,
    );
  return [
    '# Errors',
    '',
    'Made from the error catalogue (`packages/engine/src/errors.ts`) by `npm run docs -- --write`; do not edit.',
    '',
    'Domain says who must act: `user` (the program, its options or the request), `external` (a system we depend on) or `internal` (a fault of ours: please report it).',
    'Retry says whether the same call may succeed later: `never`, or `backoff` (yes, after a pause). `%s` stands for a value that the message carries.',
    '',
    '| Code | Domain | Retry | Message |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** Pages with tables that are made from data. */
const madePages = [
  { rule: 'D5', page: 'configuration.md', make: settingsPage, source: 'the settings in packages/cli/src/config' },
  { rule: 'D5', page: 'ko/configuration.md', make: settingsPage, source: 'the settings in packages/cli/src/config' },
  { rule: 'D6', page: 'rest.md', make: restPage, source: 'the endpoints in packages/contract' },
  { rule: 'D6', page: 'ko/rest.md', make: restPage, source: 'the endpoints in packages/contract' },
];

/** D5, D6. @param {string} root @returns {Promise<string[]>} */
async function madePageProblems(root) {
  const problems = [];
  for (const { rule, page, make, source } of madePages) {
    const path = join(root, 'docs', page);
    if (!existsSync(path) || readFileSync(path, 'utf8') === (await make(root, page))) continue;
    problems.push(`docs/${page}: ${rule}: differs from ${source}; run \`npm run docs -- --write\``);
  }
  return problems;
}

/** @param {string} root */
async function writeMadePages(root) {
  for (const { page, make } of madePages) {
    const path = join(root, 'docs', page);
    if (existsSync(path)) writeFileSync(path, await make(root, page));
  }
}

/** D4. @param {string} root @param {string} page @returns {string[]} */
function linkProblems(root, page) {
  const text = readFileSync(page, 'utf8')
    .replace(/^\s*(`{3,})[\s\S]*?^\s*\1/gm, '')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target) && !existsSync(resolve(dirname(page), decodeURI(target))))
    .map((target) => `${relative(root, page)}: D4: links to ${target}, which does not exist`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const page = await errorPage(root);
  if (process.argv.includes('--write') && page !== undefined) writeFileSync(join(root, 'docs', 'errors.md'), page);
  if (process.argv.includes('--write')) await writeMadePages(root);
  const problems = await checkDocs(root);
  for (const line of problems) console.error(line);
  console.log(`documents: ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
