// The tables of docs/rest.md and its Korean page, from the contract as data (packages/contract).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSource } from './import-source.mjs';
import { replaceBetween } from './replace-between.mjs';

const BEGIN = '<!-- endpoints: made by `npm run docs -- --write`; do not edit -->';
const END = '<!-- end of endpoints -->';

/** @typedef {import('../packages/contract/src/endpoint.ts').AnyEndpoint} Endpoint */
/** @typedef {{ title: string, endpoints: readonly Endpoint[] }} Group */
/** @typedef {{ header: string, query: string, body: string, file: string, title: (title: string) => string, summary: (endpoint: Endpoint) => string }} Texts */

/** @type {Promise<readonly Group[]> | undefined} */
let loading;

/**
 * @param {string} root
 * @param {string} page of docs, such as "ko/rest.md"
 * @returns {Promise<string>} the page with its tables as the contract is
 */
export async function restPage(root, page) {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  loading ??= loadGroups(root);
  const groups = await loading;
  const texts = page.startsWith('ko/') ? koreanTexts(root, groups) : english;
  return replaceBetween(text, BEGIN, END, groups.map((group) => toTable(group, texts)).join('\n\n'), `docs/${page}`);
}

/** @param {string} root @returns {Promise<readonly Group[]>} */
async function loadGroups(root) {
  return (await importSource(root, "export { endpointGroups } from './packages/contract/src/index.ts';"))
    .endpointGroups;
}

/** @type {Texts} */
const english = {
  header: '| Request | | Takes |',
  query: 'query',
  body: 'body',
  file: 'a file in multipart/form-data',
  title: (title) => title,
  summary: ({ summary }) => summary,
};

/** @param {string} root @param {readonly Group[]} groups @returns {Texts} */
function koreanTexts(root, groups) {
  const texts = JSON.parse(readFileSync(join(root, 'docs', 'ko', 'rest.json'), 'utf8'));
  const ids = groups.flatMap(({ endpoints }) => endpoints.map(({ id }) => id));
  const missing = ids.filter((id) => texts.summaries[id] === undefined);
  const unknown = Object.keys(texts.summaries).filter((id) => !ids.includes(id));
  if (missing.length + unknown.length > 0) {
    throw new Error(
      `docs/ko/rest.json lacks ${missing.join(', ') || 'nothing'}; no endpoint: ${unknown.join(', ') || 'none'}`,
    );
  }
  return {
    ...texts,
    title: (title) => texts.titles[title] ?? title,
    summary: ({ id }) => texts.summaries[id],
  };
}

/** @param {Group} group @param {Texts} texts */
function toTable({ title, endpoints }, texts) {
  const byPath = [...endpoints].sort((a, b) => a.path.localeCompare(b.path, 'en'));
  const rows = byPath.map((endpoint) => toRow(endpoint, texts));
  return [`### ${texts.title(title)}`, '', texts.header, '| --- | --- | --- |', ...rows].join('\n');
}

/** @param {Endpoint} endpoint @param {Texts} texts */
function toRow(endpoint, texts) {
  const taken = [
    ...named(texts.query, Object.keys(endpoint.queryParameters)),
    ...named(texts.body, Object.keys(endpoint.body?.schema.properties ?? {})),
    ...(endpoint.kind === 'upload' ? [texts.file] : []),
  ];
  return `| \`${endpoint.method} ${endpoint.path}\` | ${texts.summary(endpoint)} | ${taken.join('; ')} |`;
}

/** @param {string} place @param {readonly string[]} names @returns {string[]} */
function named(place, names) {
  return names.length === 0 ? [] : [`${place}: ${names.map((name) => `\`${name}\``).join(', ')}`];
}
