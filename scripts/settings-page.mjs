// The tables of docs/configuration.md and its Korean page, from the settings as data (packages/cli/src/config/all-options.ts).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSource } from './import-source.mjs';
import { replaceBetween } from './replace-between.mjs';

const BEGIN = '<!-- settings: made by `npm run docs -- --write`; do not edit -->';
const END = '<!-- end of settings -->';

/** @typedef {{ key: string, aliases: string[], type: string, default: unknown, defaultText?: string, description: string }} Setting */
/** @typedef {{ title: string, options: Record<string, Setting> }} Section */
/** @typedef {{ sections: Section[], describeWanted: (option: Setting) => string, formatOptionValue: (option: Setting, value: unknown) => string }} Settings */

/** @type {Promise<Settings> | undefined} */
let loading;

/**
 * @param {string} root
 * @param {string} page of docs, such as "ko/configuration.md"
 * @returns {Promise<string>} the page with its tables as the settings are
 */
export async function settingsPage(root, page) {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  loading ??= loadSettings(root);
  const settings = await loading;
  const texts = page.startsWith('ko/') ? koreanTexts(root, settings) : english;
  return replaceBetween(text, BEGIN, END, toTables(settings, texts), `docs/${page}`);
}

/** @param {string} root @returns {Promise<Settings>} */
function loadSettings(root) {
  return importSource(
    root,
    `export { optionSections as sections } from './packages/cli/src/config/all-options.ts';
      export { describeWanted, formatOptionValue } from '@yeoul/engine/runtime';`,
  );
}

/** @typedef {{ header: string, also: string, none: string, title: (title: string) => string, describe: (setting: Setting) => string, defaultText: (setting: Setting) => string | undefined, wanted: (text: string) => string }} Texts */

/** @type {Texts} */
const english = {
  header: '| Setting | Value | Default | |',
  also: 'also',
  none: 'none',
  title: (title) => title,
  describe: ({ description }) => description,
  defaultText: ({ defaultText }) => defaultText,
  wanted: (text) => text,
};

/** @param {string} root @param {Settings} settings @returns {Texts} */
function koreanTexts(root, { sections }) {
  const texts = JSON.parse(readFileSync(join(root, 'docs', 'ko', 'settings.json'), 'utf8'));
  const keys = sections.flatMap(({ options }) => Object.values(options).map(({ key }) => key));
  const missing = keys.filter((key) => texts.settings[key] === undefined);
  const unknown = Object.keys(texts.settings).filter((key) => !keys.includes(key));
  if (missing.length + unknown.length > 0) {
    throw new Error(
      `docs/ko/settings.json lacks ${missing.join(', ') || 'nothing'}; not a setting: ${unknown.join(', ') || 'none'}`,
    );
  }
  return {
    header: texts.header,
    also: texts.also,
    none: texts.none,
    title: (title) => texts.titles[title] ?? title,
    describe: ({ key }) => texts.settings[key],
    defaultText: ({ key, defaultText }) =>
      defaultText === undefined ? undefined : (texts.defaults[key] ?? defaultText),
    wanted: (text) =>
      texts.values.reduce(
        (/** @type {string} */ shown, /** @type {[string, string]} */ [from, to]) =>
          shown.replace(new RegExp(from), to),
        text,
      ),
  };
}

/** @param {Settings} settings @param {Texts} texts */
function toTables(settings, texts) {
  return settings.sections
    .map(({ title, options }) =>
      [
        `### ${texts.title(title)}`,
        '',
        texts.header,
        '| --- | --- | --- | --- |',
        ...Object.values(options).map((setting) => toRow(settings, setting, texts)),
      ].join('\n'),
    )
    .join('\n\n');
}

/** @param {Settings} settings @param {Setting} setting @param {Texts} texts */
function toRow({ describeWanted, formatOptionValue }, setting, texts) {
  const aliases = setting.aliases.map((alias) => `\`${alias}\``).join(', ');
  const key = `\`${setting.key}\`${aliases === '' ? '' : ` (${texts.also} ${aliases})`}`;
  const value = setting.default === undefined ? texts.none : `\`${formatOptionValue(setting, setting.default)}\``;
  const cells = [
    key,
    texts.wanted(describeWanted(setting)),
    texts.defaultText(setting) ?? value,
    texts.describe(setting),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
