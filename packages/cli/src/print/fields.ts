// A block of names and values, as above a table: names in one column, long values wrapped nowhere.
import { type Colour, type Paint, plain } from './colours.ts';
import type { TableStyle } from './table.ts';
import { onOneLine, padEnd, truncate, widthOf } from './text-width.ts';

export type Field = readonly [name: string, value: string | undefined, colour?: Colour];

/** Fields without a value are left out. */
export function renderFields(fields: readonly Field[], { width, paint = plain }: TableStyle): string[] {
  const present = fields.filter(([, value]) => value !== undefined && value !== '');
  const nameWidth = Math.max(0, ...present.map(([name]) => widthOf(name)));
  return present.map((field) => renderField(field, nameWidth, width, paint));
}

function renderField(
  [name, value = '', colour]: Field,
  nameWidth: number,
  width: number | undefined,
  paint: Paint,
): string {
  const text = onOneLine(value);
  const shown = width === undefined ? text : truncate(text, Math.max(10, width - nameWidth - 2));
  return `${paint('dim', padEnd(name, nameWidth))}  ${paint(colour, shown)}`;
}
