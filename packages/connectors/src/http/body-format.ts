// Records in the body of a request or a response.
import { checkChoice } from '../options.ts';

/** json: an array is one record per element, another value one record. json-lines and lines: one per line that is not empty. */
export const bodyFormats = ['json', 'json-lines', 'lines'] as const;
export type BodyFormat = (typeof bodyFormats)[number];

/** A format, or a function of one's own. */
export type BodyParser<T> = BodyFormat | ((body: string) => readonly T[]);

export function resolveBodyParser<T>(parser: BodyParser<T>): (body: string) => readonly T[] {
  if (typeof parser === 'function') return parser;
  return parsers[checkChoice('format', parser, bodyFormats)] as (body: string) => readonly T[];
}

const parsers: Readonly<Record<BodyFormat, (body: string) => readonly unknown[]>> = {
  json: (body) => {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) ? value : [value];
  },
  'json-lines': (body) => linesOf(body).map((line) => JSON.parse(line) as unknown),
  lines: linesOf,
};

function linesOf(body: string): string[] {
  return body.split(/\r?\n/).filter((line) => line !== '');
}
