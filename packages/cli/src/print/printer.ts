// Where verbs print: tables and fields for people, JSON for programs. Standard output has the answer, standard error the rest.
import type { CommandContext } from '../command-context.ts';
import { decidePaint, type Paint } from './colours.ts';
import { type Field, renderFields } from './fields.ts';
import { type Column, renderTable } from './table.ts';

export interface Printer {
  /** Columns of the terminal; undefined: not a terminal, nothing is cut. */
  readonly width: number | undefined;
  readonly paint: Paint;
  lines(lines: readonly string[]): void;
  line(text: string): void;
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void;
  fields(fields: readonly Field[]): void;
  json(value: unknown): void;
}

export function createPrinter({ stdout, environment }: Pick<CommandContext, 'stdout' | 'environment'>): Printer {
  const width = stdout.isTTY === true ? stdout.columns : undefined;
  const paint = decidePaint(stdout, environment);
  const lines = (all: readonly string[]) => {
    if (all.length > 0) stdout.write(`${all.join('\n')}\n`);
  };
  return {
    width,
    paint,
    lines,
    line: (text) => lines([text]),
    table: (columns, rows) => lines(renderTable(columns, rows, { width, paint })),
    fields: (fields) => lines(renderFields(fields, paint)),
    json: (value) => lines([toJson(value)]),
  };
}

/** Numbers beyond 2^53 lose digits, as in every JSON of JavaScript. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item), 2);
}
