// Tables that fit the terminal. In a pipe nothing is cut: a script gets all of it.
//   T1. No line is wider than the given width, unless the least widths of the columns that must stay are already wider.
//   T2. Columns that do not fit even when all have shrunk go, the least important first. Of the others ids shrink first: a prefix does.
import { type Colour, type Paint, plain } from './colours.ts';
import { onOneLine, padEnd, padStart, truncate, widthOf } from './text-width.ts';

export interface Column<Row> {
  readonly head: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** May be cut down to this many columns. */
  readonly minWidth?: number;
  /** Cut without a mark: what is left of an id is a prefix that commands take. */
  readonly isId?: boolean;
  /** May be left out when there is no room; the highest goes first, those of one number together. */
  readonly droppable?: number;
  readonly colour?: (row: Row) => Colour | undefined;
}

export interface TableStyle {
  /** Columns of the terminal; undefined: as wide as it gets. */
  readonly width?: number | undefined;
  readonly paint?: Paint;
}

const GAP = '  ';

/** @returns a line for the heads, then one for each row */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, paint = plain }: TableStyle,
): string[] {
  const measured = columns.map((column) => measure(column, rows));
  const fitted = width === undefined ? measured : fit(measured, width);
  const heads = fitted.map((column) => ({ column, text: column.head, colour: 'dim' as const }));
  return [
    renderLine(heads, paint),
    ...rows.map((row, i) =>
      renderLine(
        fitted.map((column) => ({ column, text: column.texts[i] ?? '', colour: column.colour?.(row) })),
        paint,
      ),
    ),
  ];
}

interface MeasuredColumn<Row> extends Column<Row> {
  readonly texts: readonly string[];
  readonly width: number;
  readonly leastWidth: number;
}

function measure<Row>(column: Column<Row>, rows: readonly Row[]): MeasuredColumn<Row> {
  const texts = rows.map((row) => onOneLine(column.value(row)));
  const width = texts.reduce((widest, text) => Math.max(widest, widthOf(text)), widthOf(column.head));
  const leastWidth = Math.min(width, Math.max(column.minWidth ?? width, widthOf(column.head)));
  return { ...column, texts, width, leastWidth };
}

function fit<Row>(columns: readonly MeasuredColumn<Row>[], width: number): readonly MeasuredColumn<Row>[] {
  let kept = columns;
  while (totalWidth(kept.map(({ leastWidth }) => leastWidth)) > width) {
    const ranks = kept.flatMap(({ droppable }) => droppable ?? []);
    if (ranks.length === 0) break;
    const leastImportant = Math.max(...ranks);
    kept = kept.filter(({ droppable }) => droppable !== leastImportant);
  }
  return shrink(kept, width);
}

/** T2. Then whichever column is widest gives, one by one. */
function shrink<Row>(columns: readonly MeasuredColumn<Row>[], width: number): readonly MeasuredColumn<Row>[] {
  const widths = columns.map((column) => column.width);
  for (let excess = totalWidth(widths) - width; excess > 0; excess--) {
    const candidates = widths.flatMap((w, i) => (w > (columns[i]?.leastWidth ?? w) ? [{ i, w }] : []));
    const ids = candidates.filter(({ i }) => columns[i]?.isId === true);
    const widest = (ids.length > 0 ? ids : candidates).sort((a, b) => b.w - a.w)[0];
    if (widest === undefined) break;
    widths[widest.i] = widest.w - 1;
  }
  return columns.map((column, i) => ({ ...column, width: widths[i] ?? column.width }));
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);
}

interface Cell<Row> {
  readonly column: MeasuredColumn<Row>;
  readonly text: string;
  readonly colour: Colour | undefined;
}

function renderLine<Row>(cells: readonly Cell<Row>[], paint: Paint): string {
  const parts = cells.map(({ column, text, colour }, i) => {
    const cut = column.isId === true ? text.slice(0, column.width) : truncate(text, column.width);
    const painted = paint(colour, cut);
    const fill = column.width - widthOf(cut);
    if (column.align === 'right') return padStart(painted, widthOf(painted) + fill);
    // No blanks at the end of a line.
    return i === cells.length - 1 ? painted : padEnd(painted, widthOf(painted) + fill);
  });
  return parts.join(GAP).trimEnd();
}
