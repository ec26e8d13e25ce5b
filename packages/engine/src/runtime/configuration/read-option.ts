// Reads the text of a setting as its option says.
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appError } from '../../errors.ts';
import type { ConfigOption } from './config-option.ts';
import { formatDurationText, formatMemoryText, parseDuration, parseMemory } from './parse-duration.ts';
import { HIDDEN_VALUE, isSecretKey } from './secret-keys.ts';

/** @param given the key as the user wrote it, for the message. @throws SETTING_INVALID */
export function readOption<T>(option: ConfigOption<T>, text: string, given: string = option.key): T {
  const value = parse(option, text.trim());
  if (value === undefined || !isInRange(option, value)) {
    throw appError('SETTING_INVALID', [
      given,
      isSecretKey(given) ? HIDDEN_VALUE : text,
      `not ${describeWanted(option)}`,
    ]);
  }
  return value as T;
}

/** "a whole number from 1 to 32768": for messages and documents. */
export function describeWanted({ type, minimum, maximum, choices }: ConfigOption): string {
  const show = formatterOf(type);
  const range = describeRange(minimum, maximum, show);
  switch (type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${range}`;
    case 'number':
      return `a number${range}`;
    case 'duration':
      return `a duration such as "10 s" or "500 ms"${range}`;
    case 'memory':
      return `an amount of memory such as "64 mb"${range}`;
    case 'choice':
      return `one of ${Object.keys(choices ?? {}).join(', ')}`;
    case 'directory':
      return 'a directory of this machine: a path or a file: URI';
    case 'text':
      return 'a text';
  }
}

/** The text of a value, as it may be written in a file. */
export function formatOptionValue(option: ConfigOption, value: unknown): string {
  if (option.type === 'choice') {
    return Object.entries(option.choices ?? {}).find(([, chosen]) => chosen === value)?.[0] ?? String(value);
  }
  return typeof value === 'number' ? formatterOf(option.type)(value) : String(value);
}

function parse({ type, choices }: ConfigOption, text: string): unknown {
  switch (type) {
    case 'boolean':
      return { true: true, false: false }[text.toLowerCase()];
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
    case 'number':
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'duration':
      return parseDuration(text);
    case 'memory':
      return parseMemory(text);
    case 'choice':
      return findChoice(choices ?? {}, text);
    case 'directory':
      return parseDirectory(text);
    case 'text':
      return text;
  }
}

/** In either case, with - and _ alike: Flink takes enum constants so. */
function findChoice(choices: Readonly<Record<string, unknown>>, text: string): unknown {
  const plain = (name: string) => name.toLowerCase().replaceAll('_', '-');
  return Object.entries(choices).find(([name]) => plain(name) === plain(text))?.[1];
}

function parseDirectory(text: string): string | undefined {
  if (text === '' || text.includes('\0')) return undefined;
  if (/^[a-z][a-z0-9+.-]+:/i.test(text)) {
    const path = /^file:\/*(\/.*)$/i.exec(text)?.[1];
    return path === undefined ? undefined : fileURLToPath(`file://${path}`);
  }
  return isAbsolute(text) ? text : resolve(text);
}

function isInRange({ minimum, maximum }: ConfigOption, value: unknown): boolean {
  if (typeof value !== 'number') return true;
  return value >= (minimum ?? Number.NEGATIVE_INFINITY) && value <= (maximum ?? Number.MAX_SAFE_INTEGER);
}

function formatterOf(type: ConfigOption['type']): (value: number) => string {
  if (type === 'duration') return formatDurationText;
  return type === 'memory' ? formatMemoryText : String;
}

function describeRange(
  minimum: number | undefined,
  maximum: number | undefined,
  show: (value: number) => string,
): string {
  const isBounded = maximum !== undefined && maximum !== 2 ** 31 - 1 && maximum !== Number.MAX_SAFE_INTEGER;
  if (minimum !== undefined && minimum > 0)
    return isBounded ? `, ${show(minimum)} to ${show(maximum)}` : `, at least ${show(minimum)}`;
  if (minimum === 0 && isBounded) return `, 0 to ${show(maximum)}`;
  return isBounded ? `, at most ${show(maximum)}` : '';
}
