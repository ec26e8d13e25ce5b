// Configuration files in both of Flink's forms: "key: value" lines (flink-conf.yaml), and YAML with nesting (config.yaml of Flink 2).
import { appError } from '@yeoul/engine';
import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { ConfigEntry } from './config-flags.ts';

/** Far more than any configuration takes. */
const MAX_FILE_CHARACTERS = 1024 * 1024;
const FLAT_LINE = /^([A-Za-z][\w.-]*):(?: +(.*))?$/;

/**
 * Values keep the text they were written with. A file of flat lines alone is read as Flink reads flink-conf.yaml: the value is the rest
 * of the line, whatever it holds.
 * @param name of the file, for messages
 * @throws CONFIG_FILE_INVALID
 */
export function parseConfigFile(text: string, name: string): readonly ConfigEntry[] {
  if (text.length > MAX_FILE_CHARACTERS)
    throw appError('CONFIG_FILE_INVALID', [name, `it has more than ${MAX_FILE_CHARACTERS} characters`]);
  return withoutRepeats(parseFlat(text) ?? parseYaml(text, name), name);
}

/** Undefined: not every line is one key and its value. */
function parseFlat(text: string): readonly ConfigEntry[] | undefined {
  const entries: ConfigEntry[] = [];
  for (const line of text.split(/\r?\n/)) {
    const content = line.replace(/(^|\s)#.*$/, '').trimEnd();
    if (content.trim() === '') continue;
    const [, key, value] = FLAT_LINE.exec(content) ?? [];
    if (key === undefined || value === undefined) return undefined;
    entries.push([key, unquote(value.trim())]);
  }
  return entries;
}

function unquote(value: string): string {
  return /^"([^"\\]*)"$/.exec(value)?.[1] ?? /^'([^']*)'$/.exec(value)?.[1] ?? value;
}

function parseYaml(text: string, name: string): readonly ConfigEntry[] {
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw appError('CONFIG_FILE_INVALID', [name, firstLine(error.message)], { cause: error });
  if (document.contents === null) return [];
  if (!isMap(document.contents)) throw appError('CONFIG_FILE_INVALID', [name, 'it holds no "key: value" lines']);
  return flatten(document.contents, '', name);
}

function flatten(node: Node | null, path: string, name: string): readonly ConfigEntry[] {
  if (isMap(node)) {
    return node.items.flatMap(({ key, value }) => {
      const own = isScalar(key) ? String(key.value) : '';
      if (own === '') throw appError('CONFIG_FILE_INVALID', [name, `a key below "${path}" is no text`]);
      return flatten(value as Node | null, path === '' ? own : `${path}.${own}`, name);
    });
  }
  if (isSeq(node)) return [[path, node.items.map((item) => scalarText(item, path, name)).join(';')]];
  return [[path, scalarText(node, path, name)]];
}

function scalarText(node: unknown, path: string, name: string): string {
  if (node === null || node === undefined) return '';
  if (isScalar(node)) return node.value === null ? '' : String(node.value);
  throw appError('CONFIG_FILE_INVALID', [name, `the value of ${path} is neither a text nor a list of texts`]);
}

function withoutRepeats(entries: readonly ConfigEntry[], name: string): readonly ConfigEntry[] {
  const seen = new Set<string>();
  for (const [key] of entries) {
    if (seen.has(key)) throw appError('CONFIG_FILE_INVALID', [name, `${key} stands in it twice`]);
    seen.add(key);
  }
  return entries;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/:$/, '') ?? message;
}
