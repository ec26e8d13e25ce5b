// A line of the log, for people to read and grep: "2026-11-22T11:03:39.603Z WARN  message key=value". Secrets are masked.
import { HIDDEN_VALUE, isSecretKey } from '@yeoul/engine/runtime';
import type { LogLevel } from './log-level.ts';

export interface LogRecord {
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Longer ones are cut: a record of a job may stand in a message. */
const MAX_LINE_CHARACTERS = 16_384;
/** "https://user:password@host" */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi;
/** "password=x", "token: x", "Authorization: Bearer x" */
const NAMED_SECRET =
  /((?:password|passwd|secret|api-?key|access-?key|token|credential)s?["']?\s*[=:]\s*["']?|\bbearer\s+)[^\s"',;&}]+/gi;

export function formatLogLine(record: LogRecord): string {
  return `${new Date(record.timeMs).toISOString()} ${record.level.toUpperCase().padEnd(5)} ${formatLogText(record)}`;
}

/** Message and fields. */
export function formatLogText({ message, fields }: Pick<LogRecord, 'message' | 'fields'>): string {
  const shown = Object.entries(fields).map(([key, value]) => `${key}=${formatField(key, value)}`);
  const text = [maskSecrets(message), ...shown].join(' ');
  return text.length > MAX_LINE_CHARACTERS ? `${text.slice(0, MAX_LINE_CHARACTERS)}…` : text;
}

export function maskSecrets(text: string): string {
  return text.replace(URL_PASSWORD, `$1${HIDDEN_VALUE}@`).replace(NAMED_SECRET, `$1${HIDDEN_VALUE}`);
}

function formatField(key: string, value: unknown): string {
  if (isSecretKey(key)) return HIDDEN_VALUE;
  if (typeof value !== 'string') return maskSecrets(JSON.stringify(value, hideSecretFields) ?? String(value));
  const masked = maskSecrets(value);
  return /^[\w.:/@%+*-]+$/.test(masked) ? masked : JSON.stringify(masked);
}

function hideSecretFields(key: string, value: unknown): unknown {
  return isSecretKey(key) ? HIDDEN_VALUE : value;
}
