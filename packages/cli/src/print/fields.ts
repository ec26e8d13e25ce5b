// A block of names and values, as above a table. Values are never cut: among them are paths to be copied.
import { type Colour, type Paint, plain } from './colours.ts';
import { onOneLine, padEnd, widthOf } from './text-width.ts';

export type Field = readonly [name: string, value: string | undefined, colour?: Colour];

/** Fields without a value are left out. */
export function renderFields(fields: readonly Field[], paint: Paint = plain): string[] {
  const present = fields.filter(([, value]) => value !== undefined && value !== '');
  const nameWidth = Math.max(0, ...present.map(([name]) => widthOf(name)));
  return present.map(
    ([name, value = '', colour]) => `${paint('dim', padEnd(name, nameWidth))}  ${paint(colour, onOneLine(value))}`,
  );
}
